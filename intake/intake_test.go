package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dailyroster/roster"
)

var (
	today = roster.Date{Year: 2026, Month: 11, Day: 23}
	team  = roster.Team{ID: "ops", Name: "Ops", Roles: roster.DefaultRoles()}
)

func somePeople() []roster.Person {
	return []roster.Person{
		{ID: "ana-ruiz", Name: "Ana Ruiz", Active: true},
		{ID: "bo-chen", Name: "Bo Chen", Email: "bo@example.org", Active: true},
		{ID: "cleo-diaz", Name: "Cleo Diaz", Active: true},
		{ID: "dora", Name: "Dora", Active: false},
	}
}

func someNames() roster.Names { return roster.NewNames(somePeople()) }

// tellSeats writes each stretch of days that one person has a role.
func tellSeats(r Reading) string {
	type stretch struct {
		from, to roster.Date
		who      string
	}
	var told []string
	for _, role := range team.Roles {
		var s stretch
		tell := func() {
			if s.who != "" {
				told = append(told, fmt.Sprintf("%s %s–%s %s", role.ID, s.from.Format("01-02"), s.to.Format("01-02"), s.who))
			}
		}
		for _, seat := range r.Seats {
			if seat.Role != role.ID {
				continue
			}
			who := string(seat.Person)
			if who == "" {
				who = "new " + seat.Name
			}
			if who == s.who && s.to.AddDays(1) == seat.Date {
				s.to = seat.Date
				continue
			}
			tell()
			s = stretch{seat.Date, seat.Date, who}
		}
		tell()
	}
	return strings.Join(told, "\n")
}

func problems(r Reading) []string {
	var all []string
	for _, l := range r.Lines {
		if l.Problem != nil {
			all = append(all, fmt.Sprintf("%d: %s", l.Number, l.Problem))
		}
		for _, h := range l.Who {
			if h.Problem != nil {
				all = append(all, fmt.Sprintf("%d: %s", l.Number, h.Problem))
			}
		}
	}
	return all
}

// understand reads a text as the page does, without any correction.
func understand(t *testing.T, data []byte) Reading {
	t.Helper()
	tables, n, m, err := Read(data, &team, someNames())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Validate(tables[n], &team); err != nil {
		t.Fatalf("the mapping that was guessed, %+v: %v", m, err)
	}
	return Understand(tables[n], m, &team, someNames(), nil, today)
}

func TestFiles(t *testing.T) {
	for name, want := range map[string]struct {
		seats    string
		problems []string
		unknown  []string
	}{
		"mediawiki.html": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 new Zoë Ångström
primary 12-28–01-03 ana-ruiz
secondary 11-23–11-29 bo-chen
secondary 11-30–12-13 cleo-diaz`,
			unknown: []string{"Zoë Ångström"},
		},
		"confluence.html": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 cleo-diaz
secondary 11-23–11-29 bo-chen
secondary 11-30–12-06 cleo-diaz`,
			problems: []string{`5: "Ana Ruiz, Bo Chen" names 2 people; a role has one`},
		},
		"github.html": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 new new-hire
secondary 11-23–11-29 bo-chen
secondary 11-30–12-06 new new-hire`,
			unknown: []string{"new-hire"},
		},
		"merged.html": {
			seats: `primary 11-24–11-25 ana-ruiz
primary 11-26–11-27 bo-chen
secondary 11-24–11-27 cleo-diaz`,
			problems: []string{`4: no date is understood in "Mon 23"`},
		},
		"matrix.html": {
			seats: `primary 11-23–11-23 ana-ruiz
primary 11-24–11-24 bo-chen
primary 11-25–11-25 cleo-diaz
primary 11-26–11-26 ana-ruiz
primary 11-27–11-27 bo-chen
primary 11-30–11-30 bo-chen
primary 12-02–12-02 ana-ruiz
primary 12-03–12-03 bo-chen
primary 12-04–12-04 cleo-diaz`,
		},
		"german.csv": {
			seats: `primary 11-23–11-23 new Jörg Müller
primary 11-24–11-24 ana-ruiz
secondary 11-23–11-23 ana-ruiz
secondary 11-24–11-24 new Jörg Müller`,
			problems: []string{`4: no date is understood in "31.11.2026"`},
			unknown:  []string{"Jörg Müller"},
		},
		"shifts.csv": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
secondary 11-23–11-29 bo-chen`,
			problems: []string{`5: the team has no role "Tertiary"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", name))
			if err != nil {
				t.Fatal(err)
			}
			r := understand(t, data)
			if d := cmp.Diff(want.seats, tellSeats(r)); d != "" {
				t.Errorf("the seats (-want +got):\n%s", d)
			}
			if d := cmp.Diff(want.problems, problems(r)); d != "" {
				t.Errorf("the problems (-want +got):\n%s", d)
			}
			if d := cmp.Diff(want.unknown, r.Unknown); d != "" {
				t.Errorf("the unknown people (-want +got):\n%s", d)
			}
		})
	}
}

func TestTexts(t *testing.T) {
	for what, c := range map[string]struct {
		text, seats string
		problems    []string
		ask         bool
	}{
		"day first by one date": {
			text:  "Date,Primary\n11/12/2026,Ana Ruiz\n12/12/2026,Bo Chen\n13/12/2026,Ana Ruiz\n",
			seats: "primary 12-11–12-11 ana-ruiz\nprimary 12-12–12-12 bo-chen\nprimary 12-13–12-13 ana-ruiz",
		},
		"month first by one date": {
			text:  "Date,Primary\n12/1/2026,Ana Ruiz\n12/14/2026,Bo Chen\n",
			seats: "primary 12-01–12-01 ana-ruiz\nprimary 12-14–12-14 bo-chen",
		},
		"by the steps from line to line": {
			text:  "Date,Primary\n11/9/2026,Ana Ruiz\n12/9/2026,Bo Chen\n1/10/2026,Ana\n2/10/2026,Bo\n3/10/2026,Cleo\n",
			seats: "primary 09-11–09-11 ana-ruiz\nprimary 09-12–09-12 bo-chen\nprimary 10-01–10-01 ana-ruiz\nprimary 10-02–10-02 bo-chen\nprimary 10-03–10-03 cleo-diaz",
		},
		"cannot be told": {
			text: "Date,Primary\n11/12/2026,Ana Ruiz\n", ask: true,
			problems: []string{"2: day and month can be meant either way; say which comes first"},
		},
		"by the weekday": {
			text:  "Date,Primary\nFri 11/12/2026,Ana Ruiz\n",
			seats: "primary 12-11–12-11 ana-ruiz",
		},
		"weeks": {
			text:  "Week,Primary,Secondary\nKW 48,Ana Ruiz,Bo Chen\nKW 53,Bo Chen,Ana Ruiz\nKW 1,Cleo Diaz,\n",
			seats: "primary 11-23–11-29 ana-ruiz\nprimary 12-28–01-03 bo-chen\nprimary 01-04–01-10 cleo-diaz\nsecondary 11-23–11-29 bo-chen\nsecondary 12-28–01-03 ana-ruiz",
		},
		"weeks as numbers": {
			text:  "KW;Bereitschaft\n48;Ana Ruiz\n49;Bo Chen\n",
			seats: "primary 11-23–11-29 ana-ruiz\nprimary 11-30–12-06 bo-chen",
		},
		"turns by their beginnings": {
			text:  "Starting\tEngineer\nMon 23 Nov\tAna\nMon 30 Nov\tBo\nMon 7 Dec\tCleo\n",
			seats: "primary 11-23–11-29 ana-ruiz\nprimary 11-30–12-06 bo-chen\nprimary 12-07–12-13 cleo-diaz",
		},
		"Markdown": {
			text:  "Who it is:\n\n| Date | On call |\n|------|:-------:|\n| 2026-11-23 | Ana Ruiz |\n| 2026-11-24 | **@bo-chen** |\n",
			seats: "primary 11-23–11-23 ana-ruiz\nprimary 11-24–11-24 bo-chen",
		},
		"no heading": {
			text:  "2026-11-23,Ana Ruiz,Bo Chen\n2026-11-24,Bo Chen,Ana Ruiz\n",
			seats: "primary 11-23–11-23 ana-ruiz\nprimary 11-24–11-24 bo-chen\nsecondary 11-23–11-23 bo-chen\nsecondary 11-24–11-24 ana-ruiz",
		},
		"somebody twice, somebody inactive": {
			text:     "Date,Primary\n2026-11-23,Ana Ruiz\n2026-11-23,Bo Chen\n2026-11-24,Dora\n",
			seats:    "primary 11-23–11-23 ana-ruiz",
			problems: []string{"3: line 2 has somebody else for 2026-11-23; that one is taken", "4: Dora is not active; that can be changed on the people page"},
		},
		"far away": {
			text:     "Date,Primary\n2035-11-23,Ana Ruiz\n2001-01-01,Ana Ruiz\n2026-11-23,Ana Ruiz\n",
			seats:    "primary 11-23–11-23 ana-ruiz",
			problems: []string{"2: it is more than two years ahead", "3: it is more than three years past"},
		},
	} {
		t.Run(what, func(t *testing.T) {
			r := understand(t, []byte(c.text))
			if d := cmp.Diff(c.seats, tellSeats(r)); d != "" {
				t.Errorf("the seats (-want +got):\n%s", d)
			}
			if d := cmp.Diff(c.problems, problems(r)); d != "" || r.AskOrder != c.ask {
				t.Errorf("the problems, asked %t, want %t (-want +got):\n%s", r.AskOrder, c.ask, d)
			}
		})
	}
}

// Every way to write a date, as it is understood in November 2026.
func TestWhen(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-23": "2026-11-23", "2026-11-23T09:00:00Z": "2026-11-23", "2026/11/23": "2026-11-23", "23.11.2026": "2026-11-23",
		"23.11.26": "2026-11-23", "23.11.": "2026-11-23", "23. 11. 2026": "2026-11-23", "Mo 23.11.": "2026-11-23", "Montag, 23. November 2026": "2026-11-23",
		"23/11/2026": "2026-11-23", "23-11-2026": "2026-11-23", "Mon 23 Nov": "2026-11-23", "Mon, Nov 23": "2026-11-23", "November 23rd, 2026": "2026-11-23",
		"23rd of November": "2026-11-23", "Nov 23 2026 09:00 UTC": "2026-11-23", "23-Nov-2026": "2026-11-23", "1. März 2027": "2027-03-01", "3 Jan": "2027-01-03",
		"24. Dez.": "2026-12-24", "Fri 1 Jan": "2027-01-01", "2026-11-23 (Mon)": "2026-11-23", "Sonnabend, 28.11.": "2026-11-28", "So 29.11.": "2026-11-29",
		"KW 48": "2026-11-23–2026-11-29", "KW48/2026": "2026-11-23–2026-11-29", "Week 48": "2026-11-23–2026-11-29", "2026-W48": "2026-11-23–2026-11-29",
		"W48": "2026-11-23–2026-11-29", "CW 48 2026": "2026-11-23–2026-11-29", "Kalenderwoche 1": "2027-01-04–2027-01-10", "week 53": "2026-12-28–2027-01-03",
		"23 Nov – 29 Nov": "2026-11-23–2026-11-29", "23–29 Nov 2026": "2026-11-23–2026-11-29", "Nov 23-29": "2026-11-23–2026-11-29", "Nov 30 - Dec 6, 2026": "2026-11-30–2026-12-06",
		"23.11.–29.11.2026": "2026-11-23–2026-11-29", "23.-29.11.": "2026-11-23–2026-11-29", "28 Dec – 3 Jan": "2026-12-28–2027-01-03", "28.12.-3.1.2027": "2026-12-28–2027-01-03",
		"2026-11-23 to 2026-11-29": "2026-11-23–2026-11-29", "2026-11-23 → 2026-11-29": "2026-11-23–2026-11-29", "2026-11-23/2026-11-29": "2026-11-23–2026-11-29",
		"vom 23.11. bis 29.11.": "2026-11-23–2026-11-29", "Week of Nov 23": "2026-11-23", "Week 48 (23 Nov – 29 Nov)": "2026-11-23–2026-11-29", "KW 48\n23.11.–29.11.": "2026-11-23–2026-11-29",
		"Week 48: Nov 23 - Nov 29": "2026-11-23–2026-11-29", "Mon 23 Nov 09:00 – Mon 30 Nov 09:00": "2026-11-23–2026-11-30",
		"": "", "Ana": "", "31.02.2026": "", "0.1.2026": "", "Week 54": "", "2026-13-01": "", "Tue 23 Nov 2026": "", "23": "", "May": "", "on call since 3 Nov": "", "v1.2": "",
		"Mo Smith": "", "10:30": "", "99/99/2026": "", "29 Feb 2026": "",
	} {
		w, ok := parseWhen(text)
		got := ""
		if ok {
			order, _ := w.from.in(DayFirst)
			w.from = order
			w.to, _ = w.to.in(DayFirst)
			first, last, err := w.from.days(today)
			if err == nil && w.ranged {
				_, last, err = w.to.days(first)
			}
			if err == nil {
				got = first.String()
				if last != first {
					got += "–" + last.String()
				}
			}
		}
		if got != want {
			t.Errorf("%q: got %q, want %q (%+v)", text, got, want, w)
		}
	}
}

func TestEvents(t *testing.T) {
	for summary, want := range map[string]string{
		"Ana Ruiz":                      "primary ana-ruiz",
		"Ana Ruiz (Primary)":            "primary ana-ruiz",
		"Secondary: Bo Chen":            "secondary bo-chen",
		"On Call - Bo Chen - Backup":    "secondary bo-chen",
		"Bo Chen on call":               "primary bo-chen",
		"Rufbereitschaft: Zoë Ångström": "primary new Zoë Ångström",
		"bo@example.org - Platform":     "primary bo-chen",
		"Ana Ruiz (Secondary, Ops)":     "secondary ana-ruiz",
	} {
		table, m, err := OfEvents([]Event{{Line: 3, From: today, To: today.AddDays(1), Summary: summary}}, &team, someNames())
		if err != nil || m.Validate(table, &team) != nil {
			t.Fatalf("%s: got %v, want nil", summary, err)
		}
		r := Understand(table, m, &team, someNames(), nil, today)
		got := strings.Replace(tellSeats(r), " 11-23–11-24", "", 1)
		if got != want {
			t.Errorf("%s: got %q, want %q", summary, got, want)
		}
	}
}
