package roster_test

import (
	"slices"
	"testing"

	"dailyroster/roster"
	"dailyroster/roster/tally"
)

func TestSearch(t *testing.T) {
	t.Parallel()
	teams := roster.NewTeams([]roster.Team{{ID: "ana", Name: "Zebra"}, {ID: "ops", Name: "Operations"}, {ID: "platform", Name: "Plattform Süd"}, {ID: "zzz", Name: "Ana's, removed", Removed: true}})
	people := roster.NewNames([]roster.Person{
		{ID: "ana-gone", Name: "Ana Gone", Active: true, Removed: true},
		{ID: "ana-ruiz", Name: "Ana Ruiz", Active: true},
		{ID: "dana", Name: "Dana Šimůnek", Email: "Dana.S@example.org"},
		{ID: "joanna", Name: "Joanna Operator", Active: true},
		{ID: "x-2", Name: "Łukasz Ørsted", Email: "ops@example.org"},
	})
	for query, want := range map[string][]string{
		"ana":      {"ana", "ana-ruiz", "dana"}, // the id, the name's beginning, a part of it
		"op":       {"ops", "joanna", "x-2"},    // the name's beginning, a word's, the email
		"OPS":      {"ops", "x-2"},
		"sud":      {"platform"},
		"simu":     {"dana"},
		"ruiz ana": {"ana-ruiz"},
		"dana.s@":  {"dana"},
		"platform": {"platform"},
		"nobody":   nil,
	} {
		var got []string
		for _, f := range roster.NewSearch(query).Among(teams, people, 10) {
			if f.Team != nil {
				got = append(got, string(f.Team.ID))
			} else {
				got = append(got, string(f.Person.ID))
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	if got := roster.NewSearch("").Among(teams, people, 5); len(got) != 5 || got[2].Team == nil || got[3].Person == nil {
		t.Errorf("an empty search: got %d, want five, the teams first", len(got))
	}
}

func TestOwn(t *testing.T) {
	t.Parallel()
	d := roster.Date{Year: 2026, Month: 11, Day: 23}
	team := roster.Team{Rotations: []roster.Rotation{{Versions: []roster.RotationVersion{
		{From: d.AddDays(-60), People: []roster.PersonID{"before"}}, {From: d.AddDays(-30), People: []roster.PersonID{"cleo", "bo"}},
	}}}}
	days := []roster.Day{
		{Date: d, Assignments: map[roster.RoleID]roster.PersonID{"primary": "ana", "secondary": ""}},
		{Date: d.AddDays(1), Assignments: map[roster.RoleID]roster.PersonID{"primary": "cleo"}},
	}
	if got, want := tally.Own(&team, days), []roster.PersonID{"ana", "bo", "cleo"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q: who takes turns now, and who has a day", got, want)
	}
	if got := tally.Own(&team, nil); got != nil {
		t.Errorf("without days: got %q, want nobody", got)
	}
	many := make([]roster.PersonID, 500)
	for i := range many {
		many[i] = roster.PersonID("p-" + d.AddDays(i).String())
	}
	team.Rotations[0].Versions[1].People = many
	if got := len(tally.Own(&team, days)); got != tally.MaxOwn {
		t.Errorf("of 500: got %d, want %d", got, tally.MaxOwn)
	}
}
