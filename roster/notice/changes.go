package notice

import (
	"slices"
	"strings"
	"time"

	"dailyroster/roster"
)

const (
	// Gathered is how long changes are gathered for one notice, from the first of them.
	Gathered = 2 * time.Minute
	// ChangesAhead is how many days ahead of today people are told of changes.
	ChangesAhead = 8 * 7
	// maxActs is the most changes that one notice tells of.
	maxActs = 100
)

// Told reports whether a person was told of a change already.
type Told func(roster.PersonID, roster.ChangeID) bool

// Changed are the notices to people that others changed their shifts, out of the team's newest
// changes, oldest first. It takes in those that wait to be gathered: their At is to come.
func Changed(team *roster.Team, changes []roster.Change, names roster.Names, told Told, in Window) []Due {
	open := map[roster.PersonID][]roster.Change{}
	for _, c := range Near(team, changes, in.Now) {
		if !c.Time.After(in.From.Add(-Patience)) {
			continue
		}
		for _, id := range []roster.PersonID{c.From, c.To} {
			if id == "" || len(open[id]) >= maxActs || told(id, c.ID) {
				continue
			}
			if person, known := names.Person(id); known && !person.Removed && !by(&person, c) {
				open[id] = append(open[id], c)
			}
		}
	}
	var found []Due
	for id, of := range open {
		first := of[0]
		found = append(found, Due{
			Kind: roster.NoticeChanged, Team: team, Person: id, At: first.Time.Add(Gathered), Over: first.Time.Add(Gathered + Patience),
			Changes: of, about: []string{string(first.ID)},
		})
	}
	slices.SortFunc(found, ByTime)
	return found
}

// Near are the changes of seats with another holder that are not over, and not far ahead.
func Near(team *roster.Team, changes []roster.Change, now time.Time) []roster.Change {
	past, last := team.PastAt(now), team.Today(now).AddDays(ChangesAhead)
	var near []roster.Change
	for _, c := range changes {
		if c.Role != "" && c.From != c.To && !last.Before(c.Date) && !past.Over(c.Seat()) {
			near = append(near, c)
		}
	}
	return near
}

// by reports whether the person made the change themself, as far as the sign-in tells: it calls
// them by their email, or by their name.
func by(person *roster.Person, c roster.Change) bool {
	subject, signedIn := strings.CutPrefix(c.ActorID, roster.PersonActor(""))
	return signedIn && (person.Email != "" && strings.EqualFold(subject, person.Email) || c.Actor == person.Name)
}

// SeatChange is what came of a seat, after all changes.
type SeatChange struct {
	roster.Seat
	From, To roster.PersonID
	By       string
	Reason   string
}

// Net is what came of each seat that the changes, oldest first, have left with another holder,
// in order of the days.
func Net(changes []roster.Change) []SeatChange {
	var seats []SeatChange
	for _, c := range changes {
		seat := c.Seat()
		i := slices.IndexFunc(seats, func(s SeatChange) bool { return s.Seat == seat })
		if i < 0 {
			seats = append(seats, SeatChange{seat, c.From, c.To, c.Actor, c.Reason})
			continue
		}
		seats[i].To, seats[i].By, seats[i].Reason = c.To, c.Actor, c.Reason
	}
	seats = slices.DeleteFunc(seats, func(s SeatChange) bool { return s.From == s.To })
	slices.SortStableFunc(seats, func(a, b SeatChange) int { return a.Date.Compare(b.Date) })
	return seats
}
