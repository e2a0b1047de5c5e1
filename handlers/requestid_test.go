package handlers_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"dailyroster/store/lastknown"
)

func TestRequestID(t *testing.T) {
	s := newSite(t)
	var log bytes.Buffer
	s.logTo(t, slog.New(slog.NewJSONHandler(&log, nil)))
	made := regexp.MustCompile(`^[0-9a-f]{32}$`)
	seen := map[string]bool{}
	for _, c := range []struct {
		sent string
		kept bool
	}{
		{"", false},
		{"", false},
		{"0af7651916cd43dd8448eb211c80319c", true},
		{"b5a1f6e0-3c0f-4f3c-9d6f-9d7a7f0a4a11", true},
		{"Root=1-67891233-abcdef012345678912345678", true},
		{strings.Repeat("a", 128), true},
		{strings.Repeat("a", 129), false},
		{"two words", false},
		{"x\" status=200", false},
		{"<script>", false},
		{"-", false},
	} {
		log.Reset()
		res := s.send(t, "GET", "/api/v1/teams/nobody", "", "X-Request-Id", c.sent)
		id := res.Header().Get("X-Request-Id")
		if c.kept && id != c.sent || !c.kept && !made.MatchString(id) || seen[id] {
			t.Errorf("sent %q: got the id %q, want it kept: %v", c.sent, id, c.kept)
		}
		seen[id] = true
		var problem struct{ Request string }
		res.json(&problem)
		if problem.Request != id {
			t.Errorf("sent %q: got the problem's request %q, want %q", c.sent, problem.Request, id)
		}
		var line struct {
			Msg, Method, Path, ID string
			Status                int
		}
		if err := json.Unmarshal(log.Bytes(), &line); err != nil {
			t.Fatalf("the log: %v in %s", err, log.Bytes())
		}
		if line.Msg != "request" || line.ID != id || line.Method != http.MethodGet || line.Path != "/api/v1/teams/nobody" || line.Status != http.StatusNotFound {
			t.Errorf("sent %q: got the line %+v, want the request with its id", c.sent, line)
		}
	}
	page := s.send(t, "GET", "/teams/nobody", "", "X-Request-Id", "asked-1").want(http.StatusNotFound).html()
	wantText(t, page, ".problem", "give the id of this request: asked-1")
}

// The line that says why a request failed has its id too, and so has what htmx shows.
func TestRequestIDOfFailures(t *testing.T) {
	behind := &outage{Store: newSite(t).store}
	s := siteOn(t, lastknown.New(behind, time.Now))
	var log bytes.Buffer
	s.logTo(t, slog.New(slog.NewTextHandler(&log, nil)))
	behind.down.Store(true)
	s.send(t, "PUT", apiDay, `{"note":"x"}`, "X-Request-Id", "failed-1").wantProblem(http.StatusServiceUnavailable, "unavailable", "")
	if !regexp.MustCompile(`(?m)^.*msg="request failed".* id=failed-1$`).Match(log.Bytes()) {
		t.Errorf("the log does not say why failed-1 failed:\n%s", log.Bytes())
	}
	fragment := s.send(t, "POST", "/teams", "name=Web", "HX-Request", "true", "X-Request-Id", "failed-2").want(http.StatusServiceUnavailable)
	if !strings.Contains(fragment.Body.String(), "(Request failed-2)") {
		t.Errorf("got %s, want it to name the request", fragment.Body)
	}
}
