package handlers_test

import (
	"net/http"
	"strings"
	"testing"

	"dailyroster/handlers/web"
)

func TestCoverage(t *testing.T) {
	s := served(t)
	s.send(t, "POST", "/api/v1/teams", `{"id":"apia","name":"Apia","roles":["On call"],"settings":[{"zone":"Pacific/Apia"}]}`).want(http.StatusCreated)
	doc := s.send(t, "GET", "/coverage?weeks=1", "").want(http.StatusOK).html()
	// From Monday 23 on: in Ops Friday to Sunday are filled.
	wantText(t, doc, ".gaps", "15 gaps in the coming 1 week, the next on Monday 23 November 2026 (Apia, On call)")
	for i, want := range []string{
		"Apia On call 0 % 0 of 7 days Mon 23 Nov – Sun 29 Nov",
		"Ops Primary 42 % 3 of 7 days Mon 23 Nov – Thu 26 Nov",
		"Ops Secondary 42 % 3 of 7 days Mon 23 Nov – Thu 26 Nov",
	} {
		if got := strings.Join(strings.Fields(cells(doc.Find(".coverage tbody tr").Eq(i), "th, td")), " "); got != want {
			t.Errorf("row %d: got %q, want %q", i, got, want)
		}
	}
	if got := attr(doc, ".coverage tr:last-child .links a", "href"); got != "/teams/ops?from=2026-11-23#day-2026-11-23" {
		t.Errorf("the link to a gap: got %s", got)
	}
	wantText(t, s.send(t, "GET", "/teams/ops?days=35&from=2026-11-23", "").want(http.StatusOK).html(), "#day-2026-11-23", "nobody")
	if got := attr(doc, ".coverage tr:last-child .gap-run", "width"); got != "57.14%" {
		t.Errorf("the drawn gap: got %s wide, want four days of seven", got)
	}
	doc = s.send(t, "GET", "/coverage", "").want(http.StatusOK).html()
	wantText(t, doc, "header nav", "Coverage")
	wantText(t, doc, ".coverage tbody tr:last-child", "5 of 28 days")

	rows := s.send(t, "GET", "/coverage.csv?weeks=1", "").want(http.StatusOK).table("coverage-2026-11-23-1-weeks.csv")
	if got := strings.Join(rows[2], ","); len(rows) != 4 || got != "ops,Ops,primary,2026-11-23,2026-11-29,7,3,4,42,2026-11-23,2026-11-23 2026-11-24 2026-11-25 2026-11-26" {
		t.Errorf("CSV: got %d rows, the third %s", len(rows), got)
	}
	var answer struct {
		Weeks int
		Teams []struct {
			Team  struct{ ID string }
			From  string
			Roles []struct {
				Days, Covered, Percent int
				Gaps                   []string
				NextGap                *string
			}
		}
	}
	s.send(t, "GET", "/api/v1/coverage?weeks=2", "").want(http.StatusOK).json(&answer)
	if ops := answer.Teams[1]; answer.Weeks != 2 || len(answer.Teams) != 2 || ops.Roles[1].Covered != 5 || len(ops.Roles[1].Gaps) != 9 || *ops.Roles[1].NextGap != "2026-11-23" {
		t.Errorf("JSON: got %+v", answer)
	}
	for _, weeks := range []string{"0", "53", "x", "-1"} {
		s.send(t, "GET", "/coverage?weeks="+weeks, "").want(http.StatusBadRequest)
		s.send(t, "GET", "/api/v1/coverage?weeks="+weeks, "").wantProblem(http.StatusBadRequest, "bad-request", "")
	}
}

// However many teams there are, coverage is read within its time: of fewer weeks.
func TestMostWeeks(t *testing.T) {
	for teams, want := range map[int]int{0: 52, 1: 52, 100: 52, 101: 51, 400: 13, 1000: 5, 5000: 4} {
		if got := web.MostWeeks(teams); got != want {
			t.Errorf("of %d teams: got %d weeks, want %d", teams, got, want)
		}
	}
}
