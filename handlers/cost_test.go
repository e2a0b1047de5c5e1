package handlers_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dailyroster/handlers"
	"dailyroster/roster"
	"dailyroster/store"
)

// crowd is a store that has many people more, whom nobody had to write.
type crowd struct {
	store.Store
	people []roster.Person
}

func (c crowd) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	sight, err := c.Store.Look(ctx, l)
	if l.People {
		sight.People = roster.NewNames(slices.Concat(sight.People.People(), c.people))
	}
	return sight, err
}

// siteOf is a site with so many people, called Person 0, Person 1, …
func siteOf(t testing.TB, people int) *site {
	t.Helper()
	c := crowd{Store: newSite(t).store}
	for i := range people {
		id := fmt.Sprintf("person-%06d", i)
		c.people = append(c.people, roster.Person{
			ID: roster.PersonID(id), Revision: roster.DeriveChangeID("crowd", id), Name: fmt.Sprintf("Zoë Person %d", i), Email: fmt.Sprintf("p%d@example.org", i), Active: true,
		})
	}
	return siteOn(t, c)
}

// spreadsheet is a roster of so many days in as many columns of names, of whom every
// other is nobody's. No value is twice in a column.
func spreadsheet(rows, columns int) string {
	var b strings.Builder
	b.WriteString("Date,Primary" + strings.Repeat(",More", columns-1) + "\n")
	d := roster.Date{Year: 2026, Month: 11, Day: 24}
	for i := range rows {
		b.WriteString(d.AddDays(i % 700).String())
		for c := range columns {
			if c == 0 {
				fmt.Fprintf(&b, ",Zoë Person %d", i%20)
			} else {
				fmt.Fprintf(&b, ",%d. Nobody %c", i, 'a'+c)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// kilobytes is how much is allocated for what is done, when it is done again.
func kilobytes(do func()) float64 {
	do()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc-before.TotalAlloc) / 1000
}

// What one more cell, day or line costs does not depend on how many people there are. The
// cost is counted in bytes that are allocated; it is what a large request takes more than a
// small one, of a site with few people and of one with many.
func TestCostOfACell(t *testing.T) {
	first := roster.Date{Year: 2026, Month: 11, Day: 24}
	for what, request := range map[string]func(n int) (method, path, body string){
		"the preview of an import": func(n int) (string, string, string) {
			return "POST", importPath, url.Values{"text": {spreadsheet(n, 6)}}.Encode()
		},
		"days as CSV": func(n int) (string, string, string) {
			return "GET", fmt.Sprintf("/teams/ops/days.csv?from=%s&to=%s", first, first.AddDays(n-1)), ""
		},
		"the roster page": func(n int) (string, string, string) {
			return "GET", fmt.Sprintf("/teams/ops?from=%s&days=%d", first, n), ""
		},
		"a POST of days": func(n int) (string, string, string) {
			days := make([]string, n)
			for i := range days {
				days[i] = fmt.Sprintf(`{"date":%q,"role":"primary","person":"Zoë Person %d"}`, first.AddDays(i), i%20)
			}
			return "POST", "/api/v1/teams/ops/days", `{"days":[` + strings.Join(days, ",") + `]}`
		},
		"a paste into the grid": func(n int) (string, string, string) {
			names := make([]string, n)
			for i := range names {
				names[i] = fmt.Sprintf("Zoë Person %d", i%20)
			}
			return "POST", "/teams/ops/grid?month=2026-11", url.Values{"role": {"primary"}, "from": {first.AddDays(2).String()}, "names": {strings.Join(names, "\n")}}.Encode()
		},
	} {
		t.Run(what, func(t *testing.T) {
			const few, many, little, much = 30, 600, 20, 120
			more := map[int]float64{}
			for _, people := range []int{few, many} {
				cost := func(n int) float64 {
					s := siteOf(t, people)
					s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-25", `{"assignments":{"primary":"person-000003"}}`).want(http.StatusOK)
					method, path, body := request(n)
					return kilobytes(func() {
						if res := s.send(t, method, path, body); res.Code >= 400 {
							t.Fatalf("%s %s: got %d %.300s", method, path, res.Code, res.Body)
						}
					})
				}
				more[people] = cost(much) - cost(little)
			}
			t.Logf("%d more take %.0f kB with %d people, and %.0f with %d", much-little, more[few], few, more[many], many)
			if more[many] > 1.5*more[few]+100 {
				t.Errorf("%d more take %.0f kB with %d people, want about the %.0f of %d", much-little, more[many], many, more[few], few)
			}
		})
	}
}

// The names of a page are folded once each.
func TestCostOfPeople(t *testing.T) {
	cost := func(people int) float64 {
		s := siteOf(t, people)
		return kilobytes(func() { s.send(t, "GET", "/teams/ops?from=2026-11-23&days=35", "").want(http.StatusOK) })
	}
	small, large := cost(200), cost(400)
	if large > 2.2*small {
		t.Errorf("a page with 400 people: got %.0f kB, want at most twice the %.0f with 200", large, small)
	}
}

// BenchmarkImport is the preview of the largest spreadsheet, with a small company and with
// the largest.
func BenchmarkImport(b *testing.B) {
	body := url.Values{"text": {spreadsheet(1400, 11)}}.Encode()
	for _, people := range []int{10, 1000, 10_000} {
		b.Run(fmt.Sprintf("%d people", people), func(b *testing.B) {
			s := siteOf(b, people)
			for b.Loop() {
				s.send(b, "POST", importPath, body).want(http.StatusOK)
			}
		})
	}
}

// Where new people are made, it is read once how many there are.
func TestCostOfNewPeople(t *testing.T) {
	reads := func(what string, n int) int {
		c := &counted{Store: newSite(t).store}
		s := siteOn(t, c)
		cfg := s.Config
		cfg.Store, cfg.Limits.People = c, 100
		s.Server = handlers.New(t.Context(), cfg)
		var list, lines []string
		for i := range n {
			d := roster.Date{Year: 2026, Month: 11, Day: 24}.AddDays(i)
			list = append(list, fmt.Sprintf(`{"date":%q,"role":"primary","person":"New %c"}`, d, 'A'+i))
			lines = append(lines, fmt.Sprintf("%s,New %c", d, 'A'+i))
		}
		switch what {
		case "POST":
			s.send(t, "POST", "/api/v1/teams/ops/days", `{"days":[`+strings.Join(list, ",")+`]}`).want(http.StatusOK)
		default:
			form := importForm(t, s.preview(t, "Date,Primary\n"+strings.Join(lines, "\n")+"\n"))
			form.Set("do", "import")
			s.send(t, "POST", importPath, form.Encode()).want(http.StatusSeeOther)
		}
		all, err := s.store.People(t.Context())
		if err != nil || len(all) != n {
			t.Errorf("%s: got %d people, %v, want %d", what, len(all), err, n)
		}
		return c.reads
	}
	for _, what := range []string{"POST", "import"} {
		if few, many := reads(what, 3), reads(what, 12); many != few {
			t.Errorf("%s: people are read %d times to make 12, want %d as to make 3", what, many, few)
		}
	}
}

// counted counts how often all people are read.
type counted struct {
	store.Store
	reads int
}

func (c *counted) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	if l.People {
		c.reads++
	}
	return c.Store.Look(ctx, l)
}
