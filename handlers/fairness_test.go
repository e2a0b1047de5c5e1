package handlers_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"dailyroster/roster"
	"dailyroster/roster/tally"
	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest"
)

// table reads a CSV answer.
func (a answer) table(file string) [][]string {
	a.t.Helper()
	if got := a.Header().Get("Content-Type"); !strings.HasPrefix(got, "text/csv; charset=utf-8") {
		a.t.Errorf("%s: got Content-Type %q, want text/csv", a.what, got)
	}
	if got, want := a.Header().Get("Content-Disposition"), "attachment; filename="+file; got != want {
		a.t.Errorf("%s: got Content-Disposition %q, want %q", a.what, got, want)
	}
	rows, err := csv.NewReader(a.Body).ReadAll()
	if err != nil {
		a.t.Fatal(err)
	}
	return rows
}

// served fills a few days around the end of November, one of them a holiday.
func served(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	for i, primary := range []string{"Ana Ruiz", "Ana Ruiz", "Bo Chen", "=1+1", "Ana Ruiz"} { // Friday 27 November to Tuesday
		d := roster.Date{Year: 2026, Month: 11, Day: 27}.AddDays(i)
		s.send(t, "PUT", "/api/v1/teams/ops/days/"+d.String(), fmt.Sprintf(`{"assignments":{"primary":%q,"secondary":"Bo Chen"}}`, primary)).want(http.StatusOK)
	}
	s.send(t, "PUT", "/api/v1/teams/ops", `{"name":"Ops","holidays":[{"date":"2026-11-28","name":"Flag Day"}]}`).want(http.StatusOK)
	return s
}

// cells are the texts of what the selector finds, with a space between.
func cells(s *goquery.Selection, selector string) string {
	return strings.Join(s.Find(selector).Map(func(_ int, cell *goquery.Selection) string { return strings.TrimSpace(cell.Text()) }), " ")
}

func TestFairnessPage(t *testing.T) {
	s := served(t)
	form := weekdayRotation("Ana Ruiz, Newcomer")
	form.Set("revision", attr(s.send(t, "GET", "/teams/ops/rotations", "").html(), "input[name=revision]", "value"))
	s.send(t, "POST", "/teams/ops/rotations", form.Encode()).want(http.StatusSeeOther)
	path := "/teams/ops/fairness?by=month&from=2026-11-01&to=2026-12-31"
	check := func(path string, want map[string]string) *goquery.Selection {
		t.Helper()
		doc := s.send(t, "GET", path, "").want(http.StatusOK).html()
		rows := doc.Find(".counts tbody tr")
		if rows.Length() != len(want) || doc.Find(".plot li").Length() != len(want) {
			t.Errorf("%s: got %d rows and %d bars, want %d of each", path, rows.Length(), doc.Find(".plot li").Length(), len(want))
		}
		rows.Each(func(_ int, row *goquery.Selection) {
			who, counts := text(row, "th"), cells(row, "td")
			if want[who] != counts {
				t.Errorf("%s, %s: got %q, want %q", path, who, counts, want[who])
			}
		})
		if style := doc.Find("[style], style").Length(); style > 0 {
			t.Errorf("%s: got %d inline styles, which the content rules forbid", path, style)
		}
		return doc
	}
	doc := check(path, map[string]string{"Ana Ruiz": "3 1 1 2 1 1 1 0 0", "Bo Chen": "6 3 1 5 3 1 1 0 0", "=1+1": "1 0 0 1 0 0 0 0 0", "Newcomer": "0 0 0 0 0 0 0 0 0"})
	if got := cells(doc, ".counts [scope=colgroup]"); got != "Total Nov 2026 Dec 2026" {
		t.Errorf("the periods: got %q", got)
	}
	wantText(t, doc, ".plot li:first-child .says", "1 day")
	wantText(t, doc, ".plot li:nth-child(2) .says", "3 days, 1 at weekends, 1 on a holiday")
	wantText(t, doc, ".plot li:last-child .says", "none")
	wantText(t, doc, ".legend", "average: 2.5 days")
	if got := attr(doc, ".plot li:nth-child(2) .bar .weekend", "width"); got != "16.67%" { // a day of the longest bar's six
		t.Errorf("the width of Ana's weekend: got %s, want 16.67%%", got)
	}
	check(path+"&role=primary", map[string]string{"Ana Ruiz": "3 1 1 2 1 1 1 0 0", "Bo Chen": "1 1 0 1 1 0 0 0 0", "=1+1": "1 0 0 1 0 0 0 0 0", "Newcomer": "0 0 0 0 0 0 0 0 0"})
	check("/teams/ops/fairness?by=range&from=2026-11-28&to=2026-11-29", map[string]string{"Ana Ruiz": "1 1 1", "Bo Chen": "3 3 1", "Newcomer": "0 0 0"})
	check("/teams/ops/fairness?from=2020-01-01&to=2020-01-31", map[string]string{})
	doc = s.send(t, "GET", "/teams/ops/fairness", "").want(http.StatusOK).html()
	if from, to := attr(doc, "#f-from", "value"), attr(doc, "#f-to", "value"); from != "2026-01-01" || to != "2026-12-31" {
		t.Errorf("without a choice: got %s to %s, want the last four quarters", from, to)
	}
}

func TestFairnessRefused(t *testing.T) {
	s := served(t)
	for query, field := range map[string]string{
		"from=2026-13-01":               "from",
		"to=x":                          "to",
		"from=2026-12-01&to=2026-11-01": "to",
		"from=2016-12-01&to=2026-11-01": "to",
		"by=week":                       "by",
		"role=pilot":                    "role",
	} {
		doc := s.send(t, "GET", "/teams/ops/fairness?"+query, "").want(http.StatusBadRequest).html()
		if text(doc, "#f-"+field+"-says .error") == "" || doc.Find("table").Length() > 0 {
			t.Errorf("%s: got no message at %s in %q", query, field, text(doc, "main"))
		}
		s.send(t, "GET", "/teams/ops/fairness.csv?"+query, "").want(http.StatusBadRequest)
		s.send(t, "GET", "/api/v1/teams/ops/fairness?"+query, "").wantProblem(http.StatusBadRequest, "bad-request", "")
	}
	for _, path := range []string{"/teams/nobody/fairness", "/teams/nobody/fairness.csv", "/api/v1/teams/nobody/fairness"} {
		s.send(t, "GET", path, "").want(http.StatusNotFound)
	}
}

func TestFairnessForPrograms(t *testing.T) {
	s := served(t)
	query := "?by=month&from=2026-11-01&to=2026-12-31"
	rows := s.send(t, "GET", "/teams/ops/fairness.csv"+query, "").want(http.StatusOK).table("fairness-ops-2026-11-01-2026-12-31.csv")
	if len(rows) != 1+2*4 || strings.Join(rows[0], ",") != "person,name,role,from,to,days,weekend days,holidays" {
		t.Errorf("CSV: got %d rows, the first %v, want 9 with the names of the columns first", len(rows), rows[0])
	}
	// What somebody typed never is a formula.
	if got := strings.Join(rows[1], ","); got != "1-1,'=1+1,primary,2026-11-01,2026-11-30,1,0,0" {
		t.Errorf("CSV: got %s", got)
	}
	var counts struct {
		By      string
		Periods []struct{ From, To string }
		Rows    []struct {
			Person struct{ ID, Name string }
			Role   *string
			Counts []tally.Count
			Total  tally.Count
		}
		People []struct {
			Person struct{ ID, Name string }
			Role   *string
			Total  tally.Count
		}
	}
	s.send(t, "GET", "/api/v1/teams/ops/fairness"+query, "").want(http.StatusOK).json(&counts)
	if counts.By != "month" || len(counts.Periods) != 2 || len(counts.Rows) != 4 || len(counts.People) != 3 {
		t.Fatalf("JSON: got %+v, want two months, four rows, three people", counts)
	}
	if bo := counts.Rows[2]; bo.Person.Name != "Bo Chen" || *bo.Role != "primary" || bo.Counts[0] != (tally.Count{Days: 1, Weekend: 1}) {
		t.Errorf("JSON: got %+v, want Bo Chen in primary", bo)
	}
	if bo := counts.People[2]; bo.Role != nil || bo.Total != (tally.Count{Days: 6, Weekend: 2 + 1, Holidays: 1}) {
		t.Errorf("JSON: got %+v, want Bo Chen in all roles", bo)
	}
	s.send(t, "GET", "/api/v1/teams/ops/fairness?role=secondary", "").want(http.StatusOK).json(&counts)
	if len(counts.Rows) != 1 || len(counts.People) != 1 {
		t.Errorf("JSON of one role: got %+v", counts.Rows)
	}
}

// countingReads counts the ways to the store.
type countingReads struct {
	store.Store
	days atomic.Int32
}

func (c *countingReads) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	if len(l.Days) > 0 && l.Team == "" { // not those that are read with the team
		c.days.Add(1)
	}
	return c.Store.Look(ctx, l)
}

// All months are read at once, however many they are.
func TestFairnessReadsOnce(t *testing.T) {
	b, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	counting := &countingReads{Store: b}
	s := siteOn(t, counting)
	fillTwoYears(t, s)
	counting.days.Store(0)
	doc := s.send(t, "GET", twoYears, "").want(http.StatusOK).html()
	if got := doc.Find(".counts tbody tr").Length(); got != 50 {
		t.Errorf("rows: got %d, want 50", got)
	}
	if got := counting.days.Load(); got != 1 {
		t.Errorf("reads of days: got %d, want 1", got)
	}
}

const twoYears = "/teams/ops/fairness?by=month&from=2025-01-01&to=2026-12-31"

// fillTwoYears puts fifty people into two roles of every day of two years.
func fillTwoYears(t testing.TB, s *site) {
	t.Helper()
	for i := range 50 {
		p := roster.Person{ID: roster.PersonID(fmt.Sprintf("person-%02d", i)), Name: fmt.Sprintf("Person Number %02d", i), Active: true, Revision: storetest.NewID()}
		if err := s.store.PutPerson(t.Context(), p, ""); err != nil {
			t.Fatal(err)
		}
	}
	first, last := roster.Date{Year: 2025, Month: 1, Day: 1}, roster.Date{Year: 2026, Month: 12, Day: 31}
	for _, p := range tally.MonthPeriods(first, last) {
		edit := roster.Edit{Change: storetest.NewID(), Actor: roster.Actor{Name: "test"}, Why: roster.WhyRotation, Time: s.now()}
		for d := p.From; !p.To.Before(d); d = d.AddDays(1) {
			n := first.DaysUntil(d)
			edit.Days = append(edit.Days, roster.DayEdit{Day: roster.Day{Date: d, Assignments: map[roster.RoleID]roster.PersonID{
				"primary":   roster.PersonID(fmt.Sprintf("person-%02d", n%50)),
				"secondary": roster.PersonID(fmt.Sprintf("person-%02d", (n+17)%50)),
			}}})
		}
		if _, err := s.store.Save(t.Context(), "ops", edit); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkFairness is the server's time for fifty people and two years, on the embedded
// store and on a cluster of three. It is to be under 50 ms.
func BenchmarkFairness(b *testing.B) {
	run := func(b *testing.B, s *site) {
		fillTwoYears(b, s)
		took, n := time.Duration(0), 0
		for b.Loop() {
			w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(b.Context(), "GET", twoYears, http.NoBody)
			r.Header.Set("Accept-Encoding", "gzip")
			begun := time.Now()
			s.ServeHTTP(w, r)
			took, n = took+time.Since(begun), n+1
			if w.Code != http.StatusOK {
				b.Fatalf("got %d", w.Code)
			}
		}
		b.ReportMetric(float64(took.Microseconds())/float64(n)/1000, "ms/page")
	}
	b.Run("bolt", func(b *testing.B) { run(b, newSite(b)) })
	b.Run("aerospike", func(b *testing.B) {
		c := asdtest.Start(b, 3, "what the fairness page costs on a cluster of three nodes")
		cfg, err := aerospike.ParseURL(c.URL())
		if err != nil {
			b.Fatal(err)
		}
		s, err := aerospike.Open(b.Context(), cfg, aerospike.Deps{})
		if err != nil {
			b.Fatal(err)
		}
		defer func() { _ = s.Close() }()
		run(b, siteOn(b, s))
	})
}
