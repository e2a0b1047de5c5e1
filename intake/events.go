package intake

import (
	"regexp"
	"strings"

	"dailyroster/roster"
)

// Event is an entry of a calendar that says who is on call.
type Event struct {
	Line     int // in the file
	From, To roster.Date
	Summary  string
}

var (
	onCallWords  = regexp.MustCompile(`(?i)^(?:(?:is )?on[- ]?call|on duty|pager ?duty|pager|duty|schedule|rotation|shift|rufbereitschaft|bereitschaft(?:sdienst)?|dienst)(?: (?:for|für|of))?$`)
	onCallEnd    = regexp.MustCompile(`(?i)\s+(?:is\s+)?(?:on[- ]?call|on duty|rufbereitschaft|bereitschaft|dienst)$`)
	summaryParts = regexp.MustCompile(`\s+[-–—|/]\s+|\s*[:()\[\]|]\s*|\s*,\s+`)
)

// OfEvents turns a calendar's events into a table, with a row for each, and says how to
// read it: the person and the role come from the event's summary.
func OfEvents(events []Event, team *roster.Team, names roster.Names) (Table, Mapping, error) {
	var b builder
	if err := b.add(0, []string{"From", "Until", "Role", "Person", "Event"}); err != nil {
		return Table{}, Mapping{}, err
	}
	dir := newDirectory(names)
	for _, e := range events {
		role, person := inSummary(e.Summary, team, dir)
		if err := b.add(e.Line, []string{e.From.String(), e.To.String(), role, person, e.Summary}); err != nil {
			return Table{}, Mapping{}, err
		}
	}
	return b.done(), Mapping{Columns: []Use{IsDate, IsUntil, IsRole, IsWho, Unused}, Heading: 1, Ends: EndsOn, Lasts: LastsADay}, nil
}

// inSummary finds in "On call: Ana Ruiz (Primary)" the role, that of the first where none
// is named, and the person.
func inSummary(summary string, team *roster.Team, dir directory) (role, person string) {
	role = team.Roles[0].Name
	var rest []string
	for _, part := range summaryParts.Split(summary, -1) {
		part = strings.TrimSpace(onCallEnd.ReplaceAllString(strings.TrimSpace(part), ""))
		if part == "" || onCallWords.MatchString(part) {
			continue
		}
		if _, known := dir.find(part); known && person == "" {
			person = part
			continue
		}
		if id, ok := roleNamed(plain(part), team); ok {
			for _, r := range team.Roles {
				if r.ID == id {
					role = r.Name
				}
			}
			continue
		}
		rest = append(rest, part)
	}
	if person == "" && len(rest) > 0 {
		person = rest[0]
	}
	return role, person
}
