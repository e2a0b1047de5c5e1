package intake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"dailyroster/check/corpus"
	"dailyroster/roster"
)

func addFiles(f *testing.F, pattern string) {
	f.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(paths) == 0 {
		f.Fatalf("%s: got %v, %v, want files", pattern, paths, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
}

// checkReading holds what came of a table against what Understand promises.
func checkReading(t *testing.T, table Table) {
	t.Helper()
	if err := table.Valid(); err != nil {
		t.Fatalf("a table that was read: got %v, want it valid", err)
	}
	m, share := Guess(table, &team, someNames())
	if share < 0 || share > 1 {
		t.Errorf("the share of rows: got %f, want 0 to 1", share)
	}
	if m.Validate(table, &team) != nil {
		return
	}
	r := Understand(table, m, &team, someNames(), nil, today)
	seen := map[roster.Seat]bool{}
	for _, s := range r.Seats {
		line := r.Lines[s.Line]
		if seen[s.Seat] || line.Problem != nil || s.Date.Before(line.From) || line.To.Before(s.Date) || !team.HasRole(s.Role) || (s.Person == "") == (s.Name == "") {
			t.Fatalf("the seat %+v of the line %+v", s, line)
		}
		seen[s.Seat] = true
	}
	if !slices.IsSortedFunc(r.Seats, func(a, b Seat) int { return a.Date.Compare(b.Date) }) {
		t.Error("the seats are out of order")
	}
	for _, name := range r.Unknown {
		if tidy, err := roster.ParseName(name); err != nil || tidy != name {
			t.Errorf("the name %q cannot be that of a person: %v", name, err)
		}
	}
}

func FuzzCSV(f *testing.F) {
	addFiles(f, "*.csv")
	f.Add([]byte("Date,Primary\n11/12/2026,Ana Ruiz\n"))
	f.Add([]byte("| Week | On call |\n|--|--|\n| 48 | @ana |\n"))
	f.Add([]byte("\xff\xfeD\x00a\x00t\x00e\x00\n\x00"))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		corpus.Each(t, price, data, readAll)
		if table, err := ReadCSV(data); err == nil {
			checkReading(t, table)
		}
	})
}

func FuzzTable(f *testing.F) {
	addFiles(f, "*.html")
	f.Add([]byte(`<table><tr><td rowspan=0 colspan=99>a<tr><td>b<tr><td rowspan=-1>c<td>d`))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		corpus.Each(t, price, data, readAll)
		tables, err := ReadHTML(data)
		if err == nil && (len(tables) == 0 || len(tables) > MaxTables) {
			t.Fatalf("got %d tables", len(tables))
		}
		for _, table := range tables {
			checkReading(t, table)
		}
	})
}

func FuzzWhen(f *testing.F) {
	for _, seed := range []string{"Mon 23 Nov", "KW 48", "23–29 Nov 2026", "11/12/2026", "2026-W48", "28.12.-3.1.2027", "Week 48 (23 Nov – 29 Nov)"} {
		f.Add(seed)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, text string) {
		corpus.Each(t, price, text, func(text string) { parseWhen(text) })
		w, ok := parseWhen(text)
		if !ok {
			return
		}
		for _, d := range []written{w.from, w.to} {
			for _, order := range []Order{DayFirst, MonthFirst} {
				d, err := d.in(order)
				if err != nil || d == (written{}) {
					continue
				}
				first, last, err := d.days(today)
				if n := first.DaysUntil(last); err == nil && n != 0 && n != 6 {
					t.Errorf("%q: got the days %s to %s, want one or a week", text, first, last)
				}
			}
		}
	})
}

// isTwo reports whether a day that is written as two numbers is another one when the month
// is where the day was, with the same weekday: whoever reads "Sat 07/11/2026" alone cannot
// tell 7 November from 11 July.
func isTwo(d roster.Date) bool {
	other := time.Date(d.Year, time.Month(d.Day), int(d.Month), 0, 0, 0, 0, time.UTC)
	return d.Day <= 12 && other.Weekday() == d.Weekday()
}

// A roster that is written in any of these ways is understood as it is meant. Where all of
// its dates can be meant either way, it is asked, and only what is the same day either way
// is understood. Of two days in a row, one at most can be meant either way in these years.
func TestWrittenIsUnderstood(t *testing.T) {
	layouts := []string{"2006-01-02", "02.01.2006", "2.1.2006", "Mon 2 Jan", "Monday, January 2, 2006", "2 Jan 2006", "2006/01/02", "Mon 02/01/2006", "Mon 1/2/2006", "Jan 2"}
	people := somePeople()[:3]
	names := roster.NewNames(people)
	rapid.Check(t, func(rt *rapid.T) {
		layout := rapid.SampledFrom(layouts).Draw(rt, "layout")
		from := today.AddDays(rapid.IntRange(-100, 110).Draw(rt, "from")) // within half a year: years are not always written
		n := rapid.IntRange(1, 60).Draw(rt, "days")
		comma := rapid.SampledFrom([]string{",", ";", "\t"}).Draw(rt, "comma")
		var b strings.Builder
		b.WriteString(strings.Join([]string{"Date", "Secondary", "Primary"}, comma) + "\n")
		var want, either []Seat // all, and those of days like 11/11
		numbers, two := 0, 0    // dates of which the order of the numbers matters, and of these those that can be two days
		for i := range n {
			d := from.AddDays(i)
			if strings.Count(layout, "/") == 2 && layout[0] != '2' && int(d.Month) != d.Day {
				numbers++
				if isTwo(d) {
					two++
				}
			}
			date := d.Format(layout)
			if strings.Contains(date, comma) {
				date = `"` + date + `"`
			}
			first, second := rapid.SampledFrom(people).Draw(rt, "first"), rapid.SampledFrom(people).Draw(rt, "second")
			b.WriteString(strings.Join([]string{date, second.Name, first.Name}, comma) + "\n")
			want = append(want,
				Seat{Seat: roster.Seat{Date: d, Role: "primary"}, Person: first.ID, Line: i},
				Seat{Seat: roster.Seat{Date: d, Role: "secondary"}, Person: second.ID, Line: i})
			if int(d.Month) == d.Day {
				either = append(either, want[len(want)-2:]...)
			}
		}
		ask := numbers > 0 && two == numbers
		if ask {
			want = either
		}
		table, err := ReadCSV([]byte(b.String()))
		if err != nil {
			rt.Fatal(err)
		}
		m, _ := Guess(table, &team, names)
		if r := Understand(table, m, &team, names, nil, today); !slices.Equal(r.Seats, want) || r.AskOrder != ask {
			rt.Fatalf("%s\ngot %v and %t for a question, want %v and %t", b.String(), r.Seats, r.AskOrder, want, ask)
		}
	})
}

// What a file for spreadsheets guards against being a formula is read as it was.
func TestBare(t *testing.T) {
	for cell, want := range map[string]string{"'=1+1": "=1+1", "'+49 30": "+49 30", "'-": "-", "'@ana": "@ana", "'Ana": "'Ana", "'": "'", "": "", "=1": "=1"} {
		if got := bare(cell); got != want {
			t.Errorf("%q: got %q, want %q", cell, got, want)
		}
	}
}

func TestLimits(t *testing.T) {
	wide := strings.Repeat("a,", MaxColumns+1) + "b\n"
	long := strings.Repeat("2026-11-23,Ana\n", MaxRows+1)
	fat := strings.Repeat(strings.Repeat("x", maxCell)+"\n", maxText/maxCell+1)
	for what, text := range map[string]string{"columns": wide, "rows": long, "text": fat} {
		if _, err := ReadCSV([]byte(text)); err == nil {
			t.Errorf("too many %s: got nil, want a refusal", what)
		}
	}
	if _, err := ReadHTML([]byte("<table><tr><td colspan=1000>a<tr><td>b</table>")); err == nil {
		t.Error("a cell over 1000 columns: got nil, want a refusal")
	}
	for what, text := range map[string]string{"no table": "<p>x</p>", "a table of a row": "<table><tr><td>x</table>"} {
		if _, err := ReadHTML([]byte(text)); err == nil {
			t.Errorf("%s: got nil, want a refusal", what)
		}
	}
}

// The largest table that is read is understood soon enough for whoever waits for the page.
func BenchmarkLargest(b *testing.B) {
	row := strings.Repeat("23 Nov – 29,", MaxColumns-1) + "Ana\n"
	text := strings.Repeat(row, min(MaxRows, maxText/len(row)))
	for b.Loop() {
		table, err := ReadCSV([]byte(text))
		if err != nil {
			b.Fatal(err)
		}
		m, _ := Guess(table, &team, someNames())
		Understand(table, m, &team, someNames(), nil, today)
	}
}
