package intake

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dailyroster/check/corpus"
)

// tellYears writes each year that was taken.
func tellYears(r Reading) string {
	var told []string
	for _, y := range r.Years {
		told = append(told, fmt.Sprintf("%d: %d %s", y.Line, y.Year, y.From))
	}
	return strings.Join(told, ", ")
}

// Lists as people keep them, and how each is understood in November 2026.
func TestLists(t *testing.T) {
	type want struct {
		seats    string
		problems []string
		unknown  []string
		years    string
		unread   int
		ask      bool
	}
	all := map[string]want{
		"list-asked.txt": {
			problems: []string{"1: day and month can be meant either way; say which comes first", "2: day and month can be meant either way; say which comes first", "3: day and month can be meant either way; say which comes first"},
			ask:      true,
		},
		"list-code.txt": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 cleo-diaz
secondary 11-23–11-29 bo-chen
secondary 11-30–12-06 cleo-diaz
secondary 12-07–12-13 ana-ruiz`,
			unread: 3,
		},
		"list-german.txt": {
			seats: `primary 11-23–11-29 new Jörg Müller
primary 11-30–12-06 ana-ruiz
primary 12-07–12-13 bo-chen
primary 12-24–12-26 bo-chen
secondary 11-23–11-29 ana-ruiz
secondary 11-30–12-06 new Jörg Müller
secondary 12-07–12-13 cleo-diaz`,
			problems: []string{"8: it has a date, but nobody who is on call is understood"},
			unknown:  []string{"Jörg Müller"},
			years:    "3: 2026 today",
			unread:   1,
		},
		"list-lines.html": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 cleo-diaz
primary 12-14–12-20 ana-ruiz
primary 12-21–12-27 bo-chen
primary 12-28–01-03 ana-ruiz
secondary 11-23–11-29 bo-chen
secondary 11-30–12-06 cleo-diaz`,
			years:  "3: 2026 today",
			unread: 1,
		},
		"list-months.txt": {
			seats: `primary 11-02–11-08 ana-ruiz
primary 11-09–11-15 bo-chen
primary 11-16–11-22 cleo-diaz
primary 11-23–11-29 bo-chen
primary 11-30–12-06 ana-ruiz
primary 12-07–12-13 bo-chen
primary 12-14–12-14 cleo-diaz
primary 01-04–01-10 ana-ruiz`,
			problems: []string{"15: no date is understood"},
			years:    "11: 2026 heading, 25: 2027 heading",
			unread:   3,
		},
		"list-names-above.txt": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 cleo-diaz
primary 12-14–12-20 ana-ruiz`,
			years: "2: 2026 today",
		},
		"list-numbers.txt": {
			seats: `primary 04-03–04-09 ana-ruiz
primary 04-10–04-12 bo-chen`,
			years: "1: 2027 today",
		},
		"list-people.txt": {
			seats: `primary 11-02–11-08 ana-ruiz
primary 11-09–11-15 bo-chen
primary 11-16–11-22 cleo-diaz
primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-24–12-24 ana-ruiz
primary 12-25–12-25 bo-chen
primary 12-26–12-26 ana-ruiz
primary 12-31–12-31 ana-ruiz`,
			years:  "3: 2026 today",
			unread: 2,
		},
		"list-prose.txt": {
			seats: `primary 12-07–12-13 bo-chen
primary 12-14–12-20 cleo-diaz`,
			problems: []string{"11: it has a date, but nobody who is on call is understood", "17: it has a date, but nobody who is on call is understood"},
			years:    "14: 2026 today",
			unread:   8,
		},
		"list-range.txt": {
			seats: `primary 09-25–10-01 ana-ruiz
primary 10-02–10-08 bo-chen
primary 10-09–10-15 cleo-diaz
primary 10-16–10-22 new Zoë Ångström`,
			problems: []string{"12: it has a date, but nobody who is on call is understood"},
			unknown:  []string{"Zoë Ångström"},
			years:    "7: 2026 today",
			unread:   3,
		},
		"list-roles.txt": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
secondary 11-23–11-29 bo-chen
secondary 11-30–12-06 cleo-diaz`,
			unread: 2,
		},
		"list-under.txt": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 cleo-diaz
secondary 11-23–11-29 bo-chen
secondary 11-30–12-06 cleo-diaz
secondary 12-07–12-13 new New Hire`,
			unknown: []string{"New Hire"},
			years:   "5: 2026 today",
			unread:  4,
		},
		"list-weeks.txt": {
			seats: `primary 11-02–11-08 bo-chen
primary 11-09–11-15 ana-ruiz
primary 11-16–11-22 cleo-diaz
primary 12-07–12-13 bo-chen
secondary 12-07–12-13 ana-ruiz`,
			years:  "3: 2026 today",
			unread: 1,
		},
		"list-wiki.html": {
			seats: `primary 11-23–11-29 ana-ruiz
primary 11-30–12-06 bo-chen
primary 12-07–12-13 new Zoë Ångström
secondary 11-23–11-29 bo-chen`,
			problems: []string{"4: it has a date, but nobody who is on call is understood", "9: no date is understood"},
			unknown:  []string{"Zoë Ångström"},
			years:    "7: 2026 heading",
			unread:   7,
		},
		"list-year.txt": {
			seats: `primary 12-14–12-20 ana-ruiz
primary 12-21–12-27 bo-chen
primary 12-28–01-03 cleo-diaz
primary 01-04–01-10 ana-ruiz
primary 01-11–01-17 bo-chen`,
			years: "1: 2026 today, 4: 2027 before",
		},
	}
	paths, err := filepath.Glob("testdata/list-*")
	if err != nil || len(paths) != len(all) {
		t.Errorf("got %d files, %v, want %d", len(paths), err, len(all))
	}
	for name, want := range all {
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
			if got := tellYears(r); got != want.years || r.Unread != want.unread || r.AskOrder != want.ask {
				t.Errorf("got the years %q, %d lines unread and %t for a question; want %q, %d and %t", got, r.Unread, r.AskOrder, want.years, want.unread, want.ask)
			}
		})
	}
}

// Ways to write an entry, each alone, and the rows that they become.
func TestEntries(t *testing.T) {
	for text, want := range map[string]string{
		"25 September - 1 October: Ana (link)":                         "25 September - 1 October|Primary|Ana (link)",
		"Week of 3 Nov — Bo":                                           "Week of 3 Nov|Primary|Bo",
		"• 3.11. bis 9.11.: Bo":                                        "3.11. bis 9.11.|Primary|Bo",
		"- [x] 2026-11-23 → 2026-11-29: @ana":                          "2026-11-23 → 2026-11-29|Primary|@ana",
		"1. 23 Nov: Ana":                                               "23 Nov|Primary|Ana",
		"3. November: Ana":                                             "3. November|Primary|Ana",
		"24. 11. - 30. 11.: Ana":                                       "24. 11. - 30. 11.|Primary|Ana",
		"Ana: 23–29 Nov; 7–13 Dec":                                     "23-29 Nov|Primary|Ana;7-13 Dec|Primary|Ana",
		"Ana Ruiz (23 Nov – 29 Nov)":                                   "23 Nov - 29 Nov|Primary|Ana Ruiz",
		"| 23 Nov | Ana":                                               "23 Nov|Primary|Ana",
		"Mon 23 Nov 09:00 – Mon 30 Nov 09:00: Ana":                     "Mon 23 Nov 09:00 - Mon 30 Nov 09:00|Primary|Ana",
		"23 Nov 09:00-17:00: Ana":                                      "23 Nov 09:00-17:00|Primary|Ana",
		"Sprint 12 (16–29 Nov): Ana":                                   "16-29 Nov|Primary|Ana",
		"Week 48: 23 Nov - 29 Nov: Ana":                                "Week 48: 23 Nov - 29 Nov|Primary|Ana",
		"23–29 Nov (KW 48): Ana":                                       "23-29 Nov|Primary|Ana",
		"Secondary, 23 Nov: Ana":                                       "23 Nov|Secondary|Ana",
		"23 Nov: Primary: Ana, Secondary: Bo":                          "23 Nov|Primary|Ana;23 Nov|Secondary|Bo",
		"23 Nov: Ana (primary), Bo (secondary)":                        "23 Nov|primary|Ana (primary);23 Nov|secondary|Bo (secondary)",
		"23 Nov: Ana (backup: Bo)":                                     "23 Nov|Primary|Ana (backup: Bo);23 Nov|backup|Bo",
		"23 Nov: Ana / Bo":                                             "23 Nov|Primary|Ana;23 Nov|Secondary|Bo",
		"23 Nov: Ana, Bo, Cleo":                                        "23 Nov|Primary|Ana, Bo, Cleo",
		"23 Nov: Ruiz, Ana":                                            "23 Nov|Primary|Ruiz, Ana",
		"23 Nov: Tertiary: Zed Omar":                                   "23 Nov|Tertiary|Zed Omar",
		"23 Nov: [Ana](https://example.org/u_(1)) :pager:":             "23 Nov|Primary|Ana",
		"23 Nov: [[User:Zed Omar|Zed]], [[Bo Chen]]":                   "23 Nov|Primary|Zed;23 Nov|Secondary|Bo Chen",
		"23 Nov: [~zed.omar]":                                          "23 Nov|Primary|zed.omar",
		"'''23 Nov''': ''Ana''":                                        "23 Nov|Primary|Ana",
		"23 Nov: ~~Ana~~ Bo":                                           "23 Nov|Primary|Bo",
		"23 Nov: Zed van der Berg - swapped with Bo":                   "23 Nov|Primary|Zed van der Berg",
		"*November*\n* 23–29: Ana":                                     "23 November - 29 November|Primary|Ana",
		"## Nov 2026\n- 30 – 6: Ana":                                   "November 2026;30 October - 6 November|Primary|Ana",
		"## Nov 2026\n- 23-29: Bo\n- 30 – 6: Ana":                      "November 2026;23 November - 29 November|Primary|Bo;30 November - 6 December|Primary|Ana",
		"2026\n====\n23 Nov: Ana":                                      "2026;23 Nov|Primary|Ana",
		"h2. 2027\n* 3 Feb: Ana":                                       "2027;3 Feb|Primary|Ana",
		"23 Nov – 29 Nov:\n    Ana\n    Bo\n\n30 Nov – 6 Dec:\n    Bo": "23 Nov - 29 Nov|Primary|Ana;23 Nov - 29 Nov|Secondary|Bo;30 Nov - 6 Dec|Primary|Bo",
		"### Ana\n- 23 Nov\n- 25 Nov\n### Bo\n- 24 Nov":                "23 Nov|Primary|Ana;25 Nov|Primary|Ana;24 Nov|Primary|Bo",
		"Schedule\n23 Nov\nAna\n24 Nov\nBo":                            "23 Nov|Primary|Ana;24 Nov|Primary|Bo",
		"23 Nov: Ana\n  - backup: Bo\n  - call the door first":         "23 Nov|Primary|Ana;23 Nov|backup|Bo",
		"Secondary:\n- 23 Nov: Ana":                                    "23 Nov|Secondary|Ana",

		"Until 5 December: Ana":                "",
		"We moved on 3 November to the office": "",
		"3 November was a good day":            "",
		"25 December: Christmas":               "",
		"Ana covers Bo on 3 December":          "",
		"Version 1.2.3 of Ana":                 "",
		"Ana\nBo\nCleo":                        "",
		"23 Nov\n24 Nov":                       "",
		"":                                     "",
	} {
		lists, err := readLists(linesOf(text), &team, newDirectory(someNames()))
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, list := range lists[:min(1, len(lists))] {
			for _, row := range list.Rows[1:] {
				rows = append(rows, strings.TrimRight(strings.Join(row, "|"), "|"))
			}
		}
		if got := strings.Join(rows, ";"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// A text in which nobody is on call is refused in words, whatever it is.
func TestNothingIsUnderstood(t *testing.T) {
	for _, text := range []string{"Ana\nBo\n", "We meet on 3 November.\n", "<ul><li>Ana</li></ul>", "<html><p>3 November</p>"} {
		if tables, _, _, err := Read([]byte(text), &team, someNames()); err == nil || !strings.Contains(err.Error(), "both a day and who is on call") {
			t.Errorf("%q: got %v, %v, want a refusal", text, tables, err)
		}
	}
}

// A table stays one, even if it could be read as a list, and a page may have both.
func TestTablesBeforeLists(t *testing.T) {
	for text, want := range map[string]int{
		"2026-11-23,2026-11-29,Ana,Bo\n2026-11-30,2026-12-06,Bo,Ana\n":                                     1,
		"From\tUntil\tWho\n23 Nov\t29 Nov\tAna\n30 Nov\t6 Dec\tBo\n":                                       1,
		"| Date | Who |\n|---|---|\n| 23 Nov | Ana |\n| 24 Nov | Bo |\n\nThen:\n\n- 30 Nov: Cleo\n":        2,
		"<table><tr><td>23 Nov<td>Ana<tr><td>24 Nov<td>Bo</table><ul><li>30 Nov: Cleo</li></ul>":           2,
		"<table><tr><td><ul><li>30 Nov: Cleo<li>1 Dec: Ana</ul><td>x</table><ul><li>3 Dec: Cleo</li></ul>": 1,
	} {
		tables, chosen, m, err := Read([]byte(text), &team, someNames())
		if err != nil || len(tables) != want {
			t.Errorf("%q: got %v, %v, want %d tables", text, tables, err, want)
			continue
		}
		if want == 2 && (isList(tables[chosen]) || !isList(tables[1-chosen])) {
			t.Errorf("%q: got %v of %v, want the table first", text, chosen, tables)
		}
		if err := m.Validate(tables[chosen], &team); err != nil {
			t.Errorf("%q: got %v, want nil", text, err)
		}
	}
}

// Lists below several headings are one, and each can be taken alone; that of the team is.
func TestListsOfManyTeams(t *testing.T) {
	const text = "# On call\n\nUpdated on 1 November.\n\n## Network\n- 23 Nov: Ana\n- 24 Nov: Bo\n- release\n\n## %s\n### Primary\n- 23 Nov: Bo\n### Backup\n- 23 Nov: Cleo\n"
	for name, want := range map[string]struct {
		titles string
		chosen int
	}{
		"Ops":      {"All lists; Network; Ops", 2},
		"The Ops!": {"All lists; Network; The Ops!", 2},
		"Devops":   {"All lists; Network; Devops", 0},
	} {
		for _, page := range []string{"%s", "<html><pre>%s</pre>"} {
			tables, chosen, m, err := Read(fmt.Appendf(nil, page, fmt.Sprintf(text, name)), &team, someNames())
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, table := range tables {
				titles = append(titles, table.Title)
			}
			if got := strings.Join(titles, "; "); got != want.titles || chosen != want.chosen {
				t.Errorf("%s: got %q and the one at %d, want %q and %d", name, got, chosen, want.titles, want.chosen)
			}
			r := Understand(tables[2], m, &team, someNames(), nil, today)
			if got := tellSeats(r); got != "primary 11-23–11-23 bo-chen\nsecondary 11-23–11-23 cleo-diaz" || len(problems(r)) > 0 {
				t.Errorf("%s: got %q and %q", name, got, problems(r))
			}
			if got := len(tables[0].Left); got != 2 {
				t.Errorf("of all lists: got %d lines left out, want 2", got)
			}
		}
	}
}

func FuzzList(f *testing.F) {
	addFiles(f, "list-*")
	f.Add([]byte("# 2026\n## Nov\n* 3-9: Ana, Bo\n- 10\n  - Cleo (backup: Ana)\n"))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		corpus.Each(t, price, data, readAll)
		text, err := decode(data)
		if err != nil {
			return
		}
		lists, err := readLists(linesOf(text), &team, newDirectory(someNames()))
		if err != nil {
			return
		}
		for _, list := range lists {
			if !isList(list) || listMapping().Validate(list, &team) != nil {
				t.Fatalf("got %q, want a table of a list", list.Rows[0])
			}
			checkReading(t, list)
		}
	})
}
