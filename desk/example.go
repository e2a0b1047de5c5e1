package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
)

// The example is a team to look at, with people who do not exist. It marks itself, so that it
// can be removed again, see roster.Team.Example.

const (
	exampleID   = "example-team"
	exampleName = "Example team"
	// exampleDays are how many days of the example are filled: eight weeks.
	exampleDays = 8 * 7
)

// examplePeople are new copies of those of the example, in the order of its rotation. Their
// numbers are among those that are kept for stories, and none of them has an address to which
// anything could be sent.
func examplePeople() []roster.Person {
	return []roster.Person{
		{ID: "example-amara-okafor", Name: "Amara Okafor", Phone: "+44 1632 960001", Active: true},
		{ID: "example-jonas-weber", Name: "Jonas Weber", Phone: "+44 1632 960002", Active: true},
		{ID: "example-mei-tanaka", Name: "Mei Tanaka", Phone: "+44 1632 960003", Active: true},
		{ID: "example-priya-nair", Name: "Priya Nair", Phone: "+44 1632 960004", Active: true},
		{ID: "example-lucas-silva", Name: "Lucas Silva", Phone: "+44 1632 960005", Active: true},
		{ID: "example-elif-kaya", Name: "Elif Kaya", Phone: "+44 1632 960006", Active: true},
	}
}

// isExample reports whether somebody is one of the example's people, as it made them: whom
// somebody has given another name or number is somebody else.
func isExample(p *roster.Person) bool {
	return slices.ContainsFunc(examplePeople(), func(e roster.Person) bool {
		return e.ID == p.ID && e.Name == p.Name && e.Phone == p.Phone && p.Email == "" && p.Chat == ""
	})
}

// Beginning is a site on which nobody has begun yet: one team, and nobody to put into it.
type Beginning struct {
	Team    roster.Team
	Example *roster.Team  // nil if there is none
	Teams   []roster.Team // all that are listed, as ListedTeams returns them
}

// Beginning returns what there is to begin with; ok is false once there is more, and then only
// Teams counts. The example and its people are nothing more.
func (k *Desk) Beginning(ctx context.Context) (b Beginning, ok bool, err error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, People: true})
	if errors.Is(err, store.ErrUnavailable) { // the teams alone may still be known
		b.Teams, err = k.ListedTeams(ctx)
		return b, false, err
	}
	if err != nil {
		return b, false, err
	}
	teams := k.listed(ctx, sight.Teams)
	b.Teams = teams
	if len(teams) > 2 {
		return b, false, nil
	}
	own := 0
	for i := range teams {
		if teams[i].Example {
			b.Example = &teams[i]
			continue
		}
		b.Team = teams[i]
		own++
	}
	if own != 1 || len(b.Team.Rotations) > 0 {
		return b, false, nil
	}
	for p := range roster.NewSearch("").People(sight.People) {
		if !isExample(p) {
			return b, false, nil
		}
	}
	return b, true, nil
}

// PutOnCall gives the first role of the day that runs now to the person with the name, who is
// made if there is none. The change id is chosen before the first attempt. A name that it
// refuses is a roster.FieldErrors; if somebody has the role by now, the error is a Refusal of
// KindStale.
func (k *Desk) PutOnCall(ctx context.Context, team *roster.Team, name string, change roster.ChangeID, actor roster.Actor) error {
	if _, err := roster.ParseName(name); err != nil {
		return refuseAt("name", err)
	}
	names, err := k.Names(ctx)
	if err != nil {
		return err
	}
	done, err := k.Assign(ctx, team, names, AssignWish{
		Seats:   []SeatWish{{Date: team.DayAt(k.Now()), Wish: Wish{Role: team.Roles[0].ID, Text: name, Field: "name"}}},
		Careful: true, Why: roster.WhyEdit, Act: roster.Act{Group: change, Actor: actor},
	})
	if err == nil && len(done.Stale) > 0 {
		err = Stale()
	}
	return err
}

// exampleIn is the example's place among the teams: the team that it is or was, or the first
// id that is free for it.
func exampleIn(teams roster.Teams) (team *roster.Team, free roster.TeamID) {
	for n := 1; ; n++ {
		id := roster.TeamID(roster.NumberedSlug(exampleID, n))
		team := teams.Team(id)
		if team == nil || team.Example {
			return team, id
		}
	}
}

// Example returns the example, or nil if there is none, and those of its people who are
// listed.
func (k *Desk) Example(ctx context.Context) (*roster.Team, []roster.Person, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, People: true})
	if err != nil {
		return nil, nil, err
	}
	team, _ := exampleIn(sight.Teams)
	if team != nil && team.Removed {
		team = nil
	}
	var people []roster.Person
	for _, e := range examplePeople() {
		if p, known := sight.People.Person(e.ID); known && !p.Removed {
			people = append(people, p)
		}
	}
	return team, people, nil
}

// MakeExample makes the example, or goes on with it where an earlier attempt was cut off, and
// returns its team. There is never a second one.
func (k *Desk) MakeExample(ctx context.Context, actor roster.Actor) (roster.Team, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, People: true})
	if err != nil {
		return roster.Team{}, err
	}
	was, id := exampleIn(sight.Teams)
	if was != nil && !was.Removed {
		return *was, k.fillExample(ctx, was, actor)
	}
	team := k.exampleTeam(id)
	monday := team.Rotations[0].Versions[0].From
	people := examplePeople()
	people[2].Absences = []roster.Absence{{From: monday.AddDays(14), To: monday.AddDays(20), Note: "Away: the next in line takes the turn"}}
	for _, p := range people {
		there, known := sight.People.Person(p.ID)
		if known && !there.Removed {
			continue
		}
		if _, err := k.PutPerson(ctx, p, there.Revision); err != nil && !errors.Is(err, store.ErrConflict) {
			return team, err
		}
	}
	var basedOn roster.Revision
	if was != nil {
		basedOn = was.Revision
	}
	made, err := k.PutTeam(ctx, team, basedOn)
	if conflict, ok := errors.AsType[*store.ConflictError[roster.Team]](err); ok && conflict.Current.Example && !conflict.Current.Removed {
		made, err = conflict.Current, nil // somebody was faster
	}
	if err != nil {
		return team, err
	}
	return made, k.fillExample(ctx, &made, actor)
}

// exampleTeam is the team of the example: two roles, each handed on every Monday, and who is
// second in one week is first in the next.
func (k *Desk) exampleTeam(id roster.TeamID) roster.Team {
	team := roster.Team{
		ID: id, Name: exampleName, Roles: roster.DefaultRoles(), Example: true,
		Settings: []roster.Settings{{Zone: k.Zone, HandOff: roster.DefaultHandOff}},
	}
	day := team.DayAt(k.Now())
	monday := day.AddDays(-(int(day.Weekday()) + 6) % 7)
	var line []roster.PersonID
	for _, p := range examplePeople() {
		line = append(line, p.ID)
	}
	for i, role := range team.Roles {
		team.Rotations = append(team.Rotations, roster.Rotation{
			ID: roster.RotationID(role.ID), Role: role.ID, Name: fmt.Sprintf("%s, week by week", role.Name),
			Versions: []roster.RotationVersion{{
				From: monday, Weekdays: roster.EveryDay, DaysPerTurn: 7, HandOver: roster.Monday,
				People: slices.Concat(line[i:], line[:i]),
			}},
		})
	}
	return team
}

func (k *Desk) fillExample(ctx context.Context, team *roster.Team, actor roster.Actor) error {
	group, err := k.ChangeID(ctx, "example")
	if err != nil {
		return err
	}
	from := team.Present(k.Now())
	_, err = k.Fill(ctx, team, FillWish{From: from, To: from.AddDays(exampleDays - 1)}, group, actor)
	return err
}

// RemoveExample removes the example's team, and those of its people whom nobody has changed or
// put into another team. It returns how many people it removed. If it is cut off, asking again
// does the rest. Without an example it is a refusal of KindNotFound.
func (k *Desk) RemoveExample(ctx context.Context) (removed int, err error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, People: true})
	if err != nil {
		return 0, err
	}
	team, _ := exampleIn(sight.Teams)
	if team == nil {
		return 0, NotFound("There is no such example.")
	}
	if !team.Removed {
		if _, err := k.MergeTeam(ctx, team.ID, func(t *roster.Team) (roster.Team, error) {
			gone := *t
			gone.Removed = true
			return gone, nil
		}); err != nil {
			return 0, err
		}
	}
	for _, e := range examplePeople() { // six, whatever the store holds
		p, known := sight.People.Person(e.ID)
		if !known || p.Removed || !isExample(&p) {
			continue
		}
		used, err := k.usedBeside(ctx, p.ID, team.ID)
		if err != nil {
			return removed, err
		}
		if used {
			continue
		}
		revision := p.Revision
		p.Removed, p.Active, p.InactiveFrom = true, false, team.Today(k.Now())
		if _, err := k.PutPerson(ctx, p, revision); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, nil
}

// usedBeside reports whether somebody is in the rotations of a team other than this one, or in
// its days, past ones too.
func (k *Desk) usedBeside(ctx context.Context, id roster.PersonID, but roster.TeamID) (bool, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: true, Of: id})
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(sight.Teams.Listed(), func(t roster.Team) bool {
		_, in := slices.BinarySearch(sight.Of, t.ID)
		return t.ID != but && (in || len(t.RotationsOf(id, t.Today(k.Now()))) > 0)
	}), nil
}
