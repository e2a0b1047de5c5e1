package roster_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
)

func TestRecord(t *testing.T) {
	t.Parallel()
	got, err := roster.Record(map[string]string{"note": "a<b>&\"\u2028"})
	if want := `{"note":"a<b>&\"` + `\u2028"}`; err != nil || string(got) != want {
		t.Errorf("Record: got %s, %v, want %s", got, err, want)
	}
}

// absent is a person with so many absences, with a note on each.
func absent(absences int, note string) roster.Person {
	p := roster.Person{ID: "ana", Name: "Ana", Active: true}
	for i := range absences {
		p.Absences = append(p.Absences, roster.Absence{From: date("2026-11-23").AddDays(i), To: date("2026-11-23").AddDays(i), Note: note, Event: fmt.Sprintf("event-%d", i)})
	}
	return p
}

// Whatever is typed, and whatever it takes to write it down: what is kept of a person and
// of a team stays within its bytes.
func TestRecordsAreBounded(t *testing.T) {
	t.Parallel()
	for what, tt := range map[string]struct {
		person roster.Person
		want   string
	}{
		"as many absences as can be":           {absent(roster.MaxAbsences, "dentist, back by noon"), ""},
		"each with a note of 180 <":            {absent(roster.MaxAbsences, strings.Repeat("<", 180)), ""},
		"each with the longest note of such":   {absent(roster.MaxAbsences, strings.Repeat("<", roster.MaxNote)), "absences"},
		"each with the longest note of others": {absent(roster.MaxAbsences, strings.Repeat("𝒜", roster.MaxNote)), "absences"},
		"one with the longest note":            {absent(1, strings.Repeat("𝒜", roster.MaxNote)), ""},
	} {
		err := tt.person.Validate()
		checkFields(t, err, tt.want)
		data, recordErr := roster.Record(tt.person)
		if recordErr != nil || err == nil && len(data) > roster.MaxPersonBytes {
			t.Errorf("%s: got a record of %d bytes, %v, want at most %d", what, len(data), recordErr, roster.MaxPersonBytes)
		}
	}
}

func TestTeamsAreBounded(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("𝒜", roster.MaxName)
	fill := map[string]func(*roster.Team){
		"holidays": func(team *roster.Team) {
			for i := range roster.MaxHolidays {
				team.Holidays = append(team.Holidays, roster.Holiday{Date: date("2026-01-01").AddDays(i), Name: long})
			}
		},
		"editors": func(team *roster.Team) {
			for range roster.MaxEditors {
				team.Editors = append(team.Editors, strings.Repeat("x", 254))
			}
		},
		"rotations": func(team *roster.Team) {
			for i := range 7 { // one for each day of the week
				r := roster.Rotation{ID: roster.RotationID(fmt.Sprintf("r-%d", i)), Role: "primary", Name: long}
				for v := range 17 {
					version := roster.RotationVersion{From: date("2026-01-01").AddDays(v), Weekdays: roster.WeekdaysOf(roster.Weekday(i + 1)), DaysPerTurn: 1}
					for p := range 40 {
						version.People = append(version.People, roster.PersonID(fmt.Sprintf("%040d", p)))
					}
					r.Versions = append(r.Versions, version)
				}
				team.Rotations = append(team.Rotations, r)
			}
		},
	}
	full := func(parts ...string) roster.Team {
		team := roster.Team{ID: "ops", Name: long, Roles: roster.DefaultRoles(), Settings: []roster.Settings{{Zone: roster.UTC()}}}
		for _, part := range parts {
			fill[part](&team)
		}
		return team
	}
	for parts, want := range map[string]string{
		"holidays": "", "editors": "", "rotations": "", "holidays editors": "", "holidays rotations": "rotations", "holidays editors rotations": "rotations",
	} {
		team := full(strings.Fields(parts)...)
		err := team.Validate()
		checkFields(t, err, want)
		data, recordErr := roster.Record(team)
		if recordErr != nil || err == nil && len(data) > roster.MaxTeamBytes {
			t.Errorf("%s: got a record of %d bytes, %v, want at most %d", parts, len(data), recordErr, roster.MaxTeamBytes)
		}
		t.Logf("%s: %d bytes", parts, len(data))
	}
	// Offers come and go by themselves, and are no reason to refuse a team its settings.
	team := full("holidays")
	for range 80 {
		team.Offers = append(team.Offers, roster.Offer{Actor: long, Reason: strings.Repeat("x", 1500), Made: time.Now()})
	}
	if err := team.Validate(); err != nil {
		t.Errorf("a team with 80 offers: got %v, want nil", err)
	}
	if data, err := roster.Record(team); err != nil || len(data) > 2*roster.MaxTeamBytes {
		t.Errorf("a team with 80 offers: got a record of %d bytes, %v, want at most %d", len(data), err, 2*roster.MaxTeamBytes)
	}
}
