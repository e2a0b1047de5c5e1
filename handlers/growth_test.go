package handlers_test

import (
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store/bolt"
	"dailyroster/store/measured"
	"dailyroster/store/storetest/company"
)

// What an answer in a large company may take, as a multiple of the same in a small one.
const (
	maxWork   = 1.5
	maxWeight = 1.3
)

// work is what a request takes, without any clock.
type work struct {
	Reads     float64 // operations of the store
	Read      float64 // bytes that the store gave
	Allocs    float64 // allocations of the whole request
	Allocated float64 // bytes that they took
	Weight    float64 // bytes of the answer
}

// least is the smaller of each.
func (w work) least(o work) work {
	return work{min(w.Reads, o.Reads), min(w.Read, o.Read), min(w.Allocs, o.Allocs), min(w.Allocated, o.Allocated), min(w.Weight, o.Weight)}
}

func (w work) String() string {
	return fmt.Sprintf("%.0f reads of %.1f kB, %.0f allocations of %.0f kB, %.1f kB of answer", w.Reads, w.Read/1000, w.Allocs, w.Allocated/1000, w.Weight/1000)
}

// employer is a site that has a company, and counts what its store gives.
type employer struct {
	*site
	company     *company.Company
	team        string // path of the first team's page
	reads, read float64
}

func employ(t *testing.T, size company.Size) *employer {
	t.Helper()
	c, err := company.New(size, roster.Date{Year: 2026, Month: 11, Day: 23})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "roster.db")
	if err := c.InFile(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	file, err := bolt.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	e := &employer{company: c, team: "/teams/" + string(c.Team())}
	counting := measured.New(file)
	counting.Tell(func(_ string, _ time.Duration, gave any) {
		e.reads++
		e.read += float64(bytesOf(reflect.ValueOf(gave)))
	})
	e.site = siteOn(t, counting)
	return e
}

// bytesOf is about how many bytes a value has that a store gave. What it does not export is an
// index that many requests share; one that is made anew shows in the allocations.
func bytesOf(v reflect.Value) int {
	n := 0
	switch v.Kind() {
	case reflect.String:
		return v.Len()
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			n += bytesOf(v.Index(i))
		}
	case reflect.Map:
		for key, value := range v.Seq2() {
			n += bytesOf(key) + bytesOf(value)
		}
	case reflect.Pointer, reflect.Interface:
		return bytesOf(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				n += bytesOf(v.Field(i))
			}
		}
	case reflect.Invalid:
	default:
		return int(v.Type().Size())
	}
	return n
}

// visit is a request of the test.
type visit struct{ method, path, body string }

// cost is the least that a request takes of several times, the first not counted. prepare is
// not counted either; it makes the request anew each time.
func (e *employer) cost(t *testing.T, prepare func(i int) visit) work {
	t.Helper()
	least := work{math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1), math.Inf(1)}
	for i := range 4 {
		v := prepare(i)
		r := httptest.NewRequestWithContext(t.Context(), v.method, v.path, strings.NewReader(v.body))
		if v.body != "" && !strings.HasPrefix(v.body, "{") {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		res := answer{t, v.method + " " + v.path, httptest.NewRecorder()}
		var before, after runtime.MemStats
		e.reads, e.read = 0, 0
		runtime.ReadMemStats(&before)
		e.Server.ServeHTTP(res, r) // and not the site's, which compares answers with the API's description
		runtime.ReadMemStats(&after)
		res.want(http.StatusOK)
		if i == 0 {
			continue
		}
		least = least.least(work{
			e.reads, e.read, float64(after.Mallocs - before.Mallocs), float64(after.TotalAlloc - before.TotalAlloc), float64(res.Body.Len()),
		})
	}
	return least
}

// What is done for a page depends on what it shows, and not on how many people and teams there
// are beside.
func TestWorkDoesNotGrow(t *testing.T) {
	small := employ(t, company.Size{People: 50, Teams: 5, Months: 6, Absences: 2, Tokens: 5})
	large := employ(t, company.Size{People: 3000, Teams: 300, Months: 6, Absences: 90, Tokens: 60})
	get := func(path string) func(*employer, int) visit {
		return func(e *employer, _ int) visit {
			return visit{"GET", strings.ReplaceAll(path, "{team}", string(e.company.Team())), ""}
		}
	}
	const days, edited = "from=2026-11-23&days=35", "/days/2026-11-26"
	for _, c := range []struct {
		what    string
		request func(*employer, int) visit
	}{
		{"roster page", get("/teams/{team}?" + days)},
		{"row as form", get("/teams/{team}" + edited + "/edit?" + days)},
		{"row", get("/teams/{team}" + edited + "?" + days)},
		{"save by the form", func(e *employer, i int) visit {
			form := formOf(t, e.htmx(t, "GET", e.team+edited+"/edit?"+days, "").want(http.StatusOK).html())
			form.Set("note", fmt.Sprintf("note %d", i))
			return visit{"PUT", e.team + edited + "?" + days, form.Encode()}
		}},
		{"save by the API", func(e *employer, i int) visit {
			return visit{"PUT", "/api/v1" + e.team + "/days/2026-11-28", fmt.Sprintf(`{"note":"note %d"}`, i)}
		}},
		{"grid", get("/teams/{team}/grid?month=2026-11")},
		{"on call of one team", get("/api/v1/teams/{team}/oncall")},
		{"on call of one team, banner", get("/teams/{team}/oncall")},
		{"days", get("/api/v1/teams/{team}/days?from=2026-11-23&to=2026-12-27")},
		{"fill of a year, preview", func(e *employer, _ int) visit {
			return visit{"POST", "/api/v1" + e.team + "/fill", `{"from":"2026-11-24","to":"2027-11-23","preview":true}`}
		}},
		{"import of 500 rows, preview", func(e *employer, _ int) visit {
			var rows strings.Builder
			for i := range 500 {
				who := e.company.People()[i%9 : i%9+2]
				_, _ = fmt.Fprintf(&rows, "%s,%s,%s\n", e.company.Today.AddDays(1+i), who[0].Name, who[1].Name)
			}
			return visit{"POST", e.team + "/import", url.Values{"text": {"Date,Primary,Secondary\n" + rows.String()}}.Encode()}
		}},
		// Twenty are shown in both companies.
		{"suggestions of a name", get("/people/suggestions?q=a&team={team}")},
	} {
		t.Run(c.what, func(t *testing.T) {
			few := small.cost(t, func(i int) visit { return c.request(small, i) })
			many := large.cost(t, func(i int) visit { return c.request(large, i) })
			t.Logf("small: %v", few)
			t.Logf("large: %v", many)
			grown := func(what string, few, many, most, slack float64) {
				if many > most*few+slack {
					t.Errorf("%s: got %.0f of a company with %d people and %d teams, want at most %.1f × the %.0f with %d and %d",
						what, many, large.company.Size.People, large.company.Size.Teams, most, few, small.company.Size.People, small.company.Size.Teams)
				}
			}
			// What runs beside a test allocates a little too.
			grown("operations of the store", few.Reads, many.Reads, maxWork, 0)
			grown("bytes that the store gave", few.Read, many.Read, maxWork, 0)
			grown("allocations", few.Allocs, many.Allocs, maxWork, 10)
			grown("bytes allocated", few.Allocated, many.Allocated, maxWork, 1000)
			grown("bytes of the answer", few.Weight, many.Weight, maxWeight, 0)
		})
	}
}

// The count of bytes has to see what a store gives.
func TestBytesOf(t *testing.T) {
	day := roster.Day{Assignments: map[roster.RoleID]roster.PersonID{"primary": "ana"}, Note: "four", Revision: "two"}
	for _, c := range []struct {
		value any
		want  int
	}{{"four", 4}, {[]string{"a", "bc"}, 3}, {nil, 0}, {&day, 3*8 + 7 + 3 + 4 + 3}, {slices.Repeat([]roster.Day{day}, 2), 2 * 41}} {
		if got := bytesOf(reflect.ValueOf(c.value)); got != c.want {
			t.Errorf("%T: got %d, want %d", c.value, got, c.want)
		}
	}
}
