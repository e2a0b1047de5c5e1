package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/lastknown"
)

// wantMetrics looks for lines in what the server tells Prometheus.
func (s *site) wantMetrics(t *testing.T, want ...string) {
	t.Helper()
	told := s.send(t, "GET", "/metrics", "").want(http.StatusOK).Body.String()
	for _, line := range want {
		if !strings.Contains(told, "\n"+line+"\n") {
			name, _, _ := strings.Cut(line, "{")
			var like []string
			for has := range strings.Lines(told) {
				if strings.HasPrefix(has, name) {
					like = append(like, has)
				}
			}
			t.Errorf("the metrics have no line %q, only\n%s", line, strings.Join(like, ""))
		}
	}
}

// hesitant is a real store that tries again before each save.
type hesitant struct{ store.Store }

func (h hesitant) Save(ctx context.Context, team roster.TeamID, e roster.Edit) (store.Saved, error) {
	store.NoteRetry(ctx)
	store.NoteRetry(ctx)
	return h.Store.Save(ctx, team, e)
}

func TestStoreMetrics(t *testing.T) {
	behind := &outage{Store: hesitant{newSite(t).store}}
	s := siteOn(t, lastknown.New(behind, time.Now))
	s.send(t, "PUT", apiDay, `{"note":"first"}`).want(http.StatusOK)
	s.send(t, "PUT", apiDay, `{"note":"second"}`, "If-Match", `"01ARZ3NDEKTSV4RRFFQ69G5FAV"`).want(http.StatusPreconditionFailed)
	s.send(t, "GET", "/api/v1/people/nobody", "").want(http.StatusNotFound)
	s.wantMetrics(t,
		`roster_store_operation_seconds_count{operation="save",result="ok"} 1`,
		`roster_store_operation_seconds_count{operation="save",result="conflict"} 1`,
		`roster_store_operation_seconds_count{operation="person",result="not_found"} 1`,
		`roster_store_retries_total{operation="save"} 4`,
		`roster_store_retries_total{operation="look"} 0`,
		`roster_build_info{version="test"} 1`,
	)
	behind.down.Store(true)
	s.send(t, "PUT", apiDay, `{"note":"third"}`).want(http.StatusServiceUnavailable)
	s.wantMetrics(t,
		`roster_store_operation_seconds_count{operation="save",result="unavailable"} 1`,
		`roster_store_operation_seconds_count{operation="look",result="last_known"} 1`,
		`roster_store_up 0`,
	)
}

// What is no route counts as one, whatever its path and method.
func TestMetricsOfOtherRequests(t *testing.T) {
	s := newSite(t)
	s.send(t, "GET", "/nowhere", "").want(http.StatusNotFound)
	s.send(t, "GET", "/api/v1/nowhere", "").want(http.StatusNotFound)
	s.send(t, "PATCH", apiDay, "").want(http.StatusMethodNotAllowed)
	s.send(t, "BREW", "/pot", "").want(http.StatusNotFound)
	s.send(t, "POST", "/teams", "name=x", "Sec-Fetch-Site", "cross-site").want(http.StatusForbidden)
	s.wantMetrics(t,
		`roster_http_request_seconds_count{method="GET",route="other",status="404"} 2`,
		`roster_http_request_seconds_count{method="PATCH",route="other",status="405"} 1`,
		`roster_http_request_seconds_count{method="other",route="other",status="404"} 1`,
		`roster_http_request_seconds_count{method="POST",route="other",status="403"} 1`,
	)
}
