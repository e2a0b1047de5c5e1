package aerospike

import (
	"strings"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
)

// The sets, and the bins of their records.
const (
	setMonth    = "month"    // d, ops, h, hn, seq: see the package documentation
	setHistory  = "history"  // h
	setTeam     = "team"     // months
	setPeople   = "people"   // all, ops
	setTeams    = "teams"    // all, ops
	setTokens   = "tokens"   // all, ops
	setSignOuts = "signouts" // all, ops
	setChannels = "channels" // all, ops
	setNotices  = "notices"  // all, ops; days
	setBodies   = "bodies"   // text
	setMembers  = "members"  // teams
	setAbout    = "about"    // all, ops

	binAt     = "at"
	binDays   = "d"
	binOps    = "ops"
	binEntry  = "h"
	binMoved  = "hn"
	binSeq    = "seq"
	binMonths = "months"
	binAll    = "all"
	binTeams  = "teams"
	binListed = "days"

	// These are in no record; they come with what is read of one.
	binWrites = "#writes" // the count of its writes
	binWhole  = "#whole"  // it is all that was asked for, not the version alone
)

func (s *Store) monthKey(team roster.TeamID, m roster.Month) *as.Key {
	return s.key(setMonth, string(team)+"/"+m.String())
}

// encodeDay is a day as an element of the bin "d": [revision, note, {role: person}].
// The revision is the first, where the filter of the next edit looks for it.
func encodeDay(d roster.Day) []any {
	assignments := make(map[any]any, len(d.Assignments))
	for role, person := range d.Assignments {
		assignments[string(role)] = string(person)
	}
	return []any{string(d.Revision), d.Note, assignments}
}

func decodeDay(date roster.Date, element any) (roster.Day, bool) {
	fields, ok := element.([]any)
	if !ok || len(fields) < 3 {
		return roster.Day{}, false
	}
	revision, ok1 := fields[0].(string)
	note, ok2 := fields[1].(string)
	assignments, ok3 := fields[2].(map[any]any)
	if !ok1 || !ok2 || !ok3 {
		return roster.Day{}, false
	}
	day := roster.Day{Date: date, Note: note, Revision: roster.Revision(revision)}
	for role, person := range assignments {
		r, ok1 := role.(string)
		p, ok2 := person.(string)
		if !ok1 || !ok2 {
			return roster.Day{}, false
		}
		if day.Assignments == nil {
			day.Assignments = make(map[roster.RoleID]roster.PersonID, len(assignments))
		}
		day.Assignments[roster.RoleID(r)] = roster.PersonID(p)
	}
	return day, true
}

// decodeDays gives the days of a month's record, by day of the month. A record that
// does not exist has none.
func decodeDays(key *as.Key, m roster.Month, bins as.BinMap) (map[int]roster.Day, error) {
	days := map[int]roster.Day{}
	if bins == nil || bins[binDays] == nil {
		return days, nil
	}
	add := func(n, element any) bool {
		day, ok := n.(int)
		if !ok {
			return false
		}
		days[day], ok = decodeDay(roster.Date{Year: m.Year, Month: m.Month, Day: day}, element)
		return ok
	}
	// An ordered map comes as pairs from an operation and as a map from a plain read.
	switch all := bins[binDays].(type) {
	case map[any]any:
		for n, element := range all {
			if !add(n, element) {
				return nil, unexpected(key, "day")
			}
		}
	case []as.MapPair:
		for _, pair := range all {
			if !add(pair.Key, pair.Value) {
				return nil, unexpected(key, "day")
			}
		}
	default:
		return nil, unexpected(key, "map of days")
	}
	return days, nil
}

// Every entry has the fields up to the group; those written before there were reasons
// and swaps have only these, and those from before actors had ids lack the last.
const (
	fewestChangeFields = 11
	changeFields       = 14
)

// encodeChange is a history entry as an element of the bin "h". The team and the month
// are those of the record.
func encodeChange(c roster.Change) []any {
	return []any{
		string(c.ID), c.Date.Day, string(c.Role), string(c.From), string(c.To), c.NoteFrom, c.Note,
		c.Actor, c.Time.UTC().Format(time.RFC3339Nano), string(c.Why), string(c.Group), c.Reason, withOf(c), c.ActorID,
	}
}

// withOf is Change.With as "2026-12-01/primary", "" for none.
func withOf(c roster.Change) string {
	if c.With == (roster.Seat{}) {
		return ""
	}
	return c.With.Date.String() + "/" + string(c.With.Role)
}

// parseWith reads what withOf wrote.
func parseWith(text string) (roster.Seat, bool) {
	if text == "" {
		return roster.Seat{}, true
	}
	day, role, ok := strings.Cut(text, "/")
	date, err := roster.ParseDate(day)
	return roster.Seat{Date: date, Role: roster.RoleID(role)}, ok && err == nil
}

func decodeChange(team roster.TeamID, m roster.Month, element any) (roster.Change, bool) {
	fields, ok := element.([]any)
	if !ok || len(fields) < fewestChangeFields {
		return roster.Change{}, false
	}
	day, ok := fields[1].(int)
	if !ok {
		return roster.Change{}, false
	}
	var text [changeFields]string
	for i := range min(len(text), len(fields)) {
		if i == 1 {
			continue
		}
		if text[i], ok = fields[i].(string); !ok {
			return roster.Change{}, false
		}
	}
	at, err := time.Parse(time.RFC3339Nano, text[8])
	with, ok := parseWith(text[12])
	if err != nil || !ok {
		return roster.Change{}, false
	}
	return roster.Change{
		ID: roster.ChangeID(text[0]), Team: team, Date: roster.Date{Year: m.Year, Month: m.Month, Day: day},
		Role: roster.RoleID(text[2]), From: roster.PersonID(text[3]), To: roster.PersonID(text[4]),
		NoteFrom: text[5], Note: text[6], Actor: text[7], Time: at.UTC(), Why: roster.Why(text[9]), Group: roster.ChangeID(text[10]),
		Reason: text[11], With: with, ActorID: text[13],
	}, true
}
