package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What an address claims to be and is not, for people and for programs.
func TestBadAddresses(t *testing.T) {
	s := newSite(t)
	for path, status := range map[string]int{
		"/teams/ops/days/2026-02-30":    http.StatusBadRequest,
		"/teams/ops/days/1969-12-31":    http.StatusBadRequest,
		"/teams/ops/days/10000-01-01":   http.StatusBadRequest,
		"/teams/ops/days/today":         http.StatusBadRequest,
		"/teams/nobody/days/2026-11-24": http.StatusNotFound,
		"/teams/NOT%20A%20SLUG":         http.StatusNotFound,
		"/teams/nobody":                 http.StatusNotFound,
		"/people/nobody":                http.StatusNotFound,
		"/nowhere":                      http.StatusNotFound,
	} {
		kind := "not-found"
		if status == http.StatusBadRequest {
			kind = "bad-request"
		}
		s.send(t, "GET", "/api/v1"+path, "").wantProblem(status, kind, "")
		page := s.send(t, "GET", path, "").want(status).html()
		if page.Find("h1").Length() != 1 || page.Find("footer").Length() != 1 {
			t.Errorf("%s: got no whole page with a heading", path)
		}
		fragment := s.htmx(t, "GET", path, "").want(status)
		if !strings.HasPrefix(fragment.Body.String(), `<div id="status"`) {
			t.Errorf("%s for htmx: got %.60q, want the status line alone", path, fragment.Body)
		}
	}
	for _, query := range []string{"from=2026-02-30", "days=0", "days=367", "days=x", "from=9999-12-30"} {
		s.send(t, "GET", "/teams/ops?"+query, "").want(http.StatusBadRequest)
	}
	s.htmx(t, "GET", day+"?from=2027-01-01&days=7", "").want(http.StatusBadRequest)
	s.htmx(t, "PUT", day, "change=x").want(http.StatusBadRequest)
	s.htmx(t, "PUT", day, "revision=x").want(http.StatusBadRequest)
	s.htmx(t, "PUT", day, "note=%zz").want(http.StatusBadRequest)
}

// The shift of the last day of all ends in a year that RFC 3339 cannot write.
func TestLastDay(t *testing.T) {
	s := newSite(t)
	var d struct{ Shift struct{ End string } }
	s.send(t, "PUT", "/api/v1/teams/ops/days/9999-12-31", `{"note":"x"}`).want(http.StatusOK).json(&d)
	if got := d.Shift.End; got != "9999-12-31T23:59:59+01:00" {
		t.Errorf("the end of the last shift: got %s, want the last second of the year", got)
	}
	s.send(t, "GET", "/api/v1/teams/ops/days?from=9999-12-30&to=9999-12-31", "").want(http.StatusOK)
}

func TestBadBodies(t *testing.T) {
	s := newSite(t)
	for _, body := range []string{``, `{`, `{"note":"x"} {}`, "{\"note\":\"\xff\"}", `not json`} {
		s.send(t, "PUT", apiDay, body, "Content-Type", "application/json").wantProblem(http.StatusBadRequest, "bad-request", "")
	}
	for body, field := range map[string]string{
		`{"assignments":{"pilot":"Ana"}}`:                                 "assignments.pilot",
		`{"assignments":{"primary":""}}`:                                  "assignments.primary",
		`{"assignments":{"primary":" "}}`:                                 "assignments.primary",
		`{"assignments":{"primary":"\u0007"}}`:                            "assignments.primary",
		`{"assignments":{"primary":7}}`:                                   "assignments.primary",
		`{"assignments":{"primary":{"id":"nobody-known"}}}`:               "assignments.primary",
		`{"assignments":{"primary":{"name":"x"}}}`:                        "assignments.primary",
		`{"assignments":{"secondary":"` + strings.Repeat("x", 81) + `"}}`: "assignments.secondary",
		`{"assignments":[]}`:                                              "assignments",
		`{"note":"` + strings.Repeat("n", 281) + `"}`:                     "note",
		`{"note":7}`:            "note",
		`{"notes":"x"}`:         "notes",
		`{"date":"2026-11-25"}`: "date",
	} {
		s.send(t, "PUT", apiDay, body).wantProblem(http.StatusUnprocessableEntity, "invalid", field)
	}
	large := `{"note":"` + strings.Repeat("x", 64<<10) + `"}`
	s.send(t, "PUT", apiDay, large).wantProblem(http.StatusRequestEntityTooLarge, "too-large", "")
	s.htmx(t, "PUT", day, "note="+strings.Repeat("x", 64<<10)).want(http.StatusRequestEntityTooLarge)
	if got := len(s.history(t)); got != 0 {
		t.Errorf("the history after refused bodies: got %d changes, want 0", got)
	}
}

func TestMethodNotAllowed(t *testing.T) {
	s := newSite(t)
	for path, allow := range map[string]string{
		"/":                       "GET, HEAD",
		"/teams":                  "GET, HEAD, POST",
		"/teams/ops":              "GET, HEAD",
		day:                       "DELETE, GET, HEAD, POST, PUT",
		"/api/v1/teams":           "GET, HEAD, POST",
		"/api/v1/teams/ops":       "DELETE, GET, HEAD, PUT",
		apiDay:                    "DELETE, GET, HEAD, PUT",
		"/api/v1/people/somebody": "DELETE, GET, HEAD, PUT",
		"/livez":                  "GET, HEAD",
	} {
		res := s.send(t, "PATCH", path, "").want(http.StatusMethodNotAllowed)
		if got := res.Header().Get("Allow"); got != allow {
			t.Errorf("PATCH %s: got Allow %q, want %q", path, got, allow)
		}
	}
}

func TestHeaders(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/api/v1/teams", "/nowhere", "/livez"} {
		h := s.send(t, "GET", path, "").Header()
		for name, want := range map[string]string{
			"X-Served-By": "test-instance", "X-Content-Type-Options": "nosniff",
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: got %s %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	s := newSite(t)
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Origin", "https://elsewhere.example"}} {
		s.send(t, "PUT", apiDay, `{"note":"x"}`, header...).wantProblem(http.StatusForbidden, "cross-origin", "")
		s.send(t, "POST", day, "note=x", header...).want(http.StatusForbidden)
	}
	s.send(t, "PUT", apiDay, `{"note":"x"}`, "Sec-Fetch-Site", "same-origin").want(http.StatusOK)
}

// No request may get a 500, whatever it carries.
func TestNoInternalErrors(t *testing.T) {
	s := newSite(t)
	values := []string{
		"", "0", "-1", "\x00", "\xff", "../..", "'; --", strings.Repeat("9", 500), "2026-11-24", "01ARZ3NDEKTSV4RRFFQ69G5FAV",
		"null", "{}", "[]", `"`, "*", `W/"x"`, "9999-12-31",
	}
	paths := []string{"/teams/ops", day, day + "/edit", apiDay, "/api/v1/teams/ops", "/api/v1/teams/ops/changes", "/api/v1/oncall", "/api/v1/people", "/people", "/teams"}
	fields := []string{"from", "to", "days", "at", "since", "cursor", "limit", "date", "change", "revision", "undo", "edit", "focus", "primary", "note"}
	for _, v := range values {
		query := url.Values{}
		for _, name := range fields {
			query.Set(name, v)
		}
		header := strings.Map(printable, v)
		for _, path := range paths {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} {
				for _, sent := range []struct{ query, body string }{{query.Encode(), ""}, {"", v}, {"", query.Encode()}} {
					res := s.send(t, method, path+"?"+sent.query, sent.body, "If-Match", header, "If-None-Match", header, "Idempotency-Key", header)
					if res.Code >= 500 {
						t.Errorf("%s %s with %q: got %d, want no 5xx", method, path, v, res.Code)
					}
				}
			}
		}
	}
}

func printable(r rune) rune {
	if r < ' ' {
		return -1
	}
	return r
}

func TestMetrics(t *testing.T) {
	s := newSite(t)
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-23", `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	s.send(t, "GET", "/teams/nobody", "").want(http.StatusNotFound)
	text := s.send(t, "GET", "/metrics", "").want(http.StatusOK).Body.String()
	for _, want := range []string{
		`roster_on_call{role="primary",team="ops"} 1`,
		`roster_on_call{role="secondary",team="ops"} 0`,
		`roster_gaps{team="ops"} 27`,
		"roster_store_up 1",
		`roster_http_request_seconds_count{method="PUT",route="/api/v1/teams/{team}/days/{date}",status="200"} 1`,
		`roster_http_request_seconds_count{method="GET",route="/teams/{team}",status="404"} 1`,
		"go_goroutines",
	} {
		if !strings.Contains(text, want+"\n") && !strings.Contains(text, want+" ") {
			t.Errorf("the metrics have no line %q", want)
		}
	}
}
