package intake

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

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
		if seen[s.Seat] || line.Problem != "" || s.Date.Before(line.From) || line.To.Before(s.Date) || !team.HasRole(s.Role) || (s.Person == "") == (s.Name == "") {
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

// A roster that is written in any of these ways is understood as it is meant.
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
		var want []Seat
		for i := range n {
			d := from.AddDays(i)
			date := d.Format(layout)
			if strings.Contains(date, comma) {
				date = `"` + date + `"`
			}
			first, second := rapid.SampledFrom(people).Draw(rt, "first"), rapid.SampledFrom(people).Draw(rt, "second")
			b.WriteString(strings.Join([]string{date, second.Name, first.Name}, comma) + "\n")
			want = append(want,
				Seat{Seat: roster.Seat{Date: d, Role: "primary"}, Person: first.ID, Line: i},
				Seat{Seat: roster.Seat{Date: d, Role: "secondary"}, Person: second.ID, Line: i})
		}
		table, err := ReadCSV([]byte(b.String()))
		if err != nil {
			rt.Fatal(err)
		}
		m, _ := Guess(table, &team, names)
		if r := Understand(table, m, &team, names, nil, today); !slices.Equal(r.Seats, want) {
			rt.Fatalf("%s\ngot %v\nwant %v", b.String(), r.Seats, want)
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
