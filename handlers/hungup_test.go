package handlers_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dailyroster/handlers/web"
	"dailyroster/store"
	"dailyroster/store/lastknown"
)

// leaving is a real store; the client hangs up while it works.
type leaving struct {
	store.Store
	hangUp context.CancelFunc
}

func (l *leaving) Look(ctx context.Context, look store.Look) (store.Sight, error) {
	if l.hangUp != nil {
		l.hangUp()
	}
	return l.Store.Look(ctx, look)
}

// A client that hangs up is no outage: nothing says that the store failed, what is known of the
// store stays, and the next client gets what is current.
func TestHungUp(t *testing.T) {
	behind := &leaving{Store: newSite(t).store}
	s := siteOn(t, lastknown.New(behind, time.Now))
	var log bytes.Buffer
	s.logTo(t, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo})))
	paths := []string{"/teams/ops", "/teams", "/api/v1/oncall", "/api/v1/teams/ops/days"}
	for _, path := range paths { // so that there is something to remember
		s.send(t, "GET", path, "").want(http.StatusOK)
	}
	log.Reset()
	for _, path := range paths {
		ctx, cancel := context.WithCancel(t.Context())
		behind.hangUp = cancel
		w := httptest.NewRecorder()
		s.Server.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", path, http.NoBody))
		cancel()
		if w.Code != web.StatusHungUp || w.Header().Get(web.AsOfHeader) != "" {
			t.Errorf("%s: got %d as of %q, want %d", path, w.Code, w.Header().Get(web.AsOfHeader), web.StatusHungUp)
		}
	}
	behind.hangUp = nil
	if log.Len() > 0 {
		t.Errorf("the log has\n%s", &log)
	}
	if res := s.send(t, "GET", "/teams/ops", "").want(http.StatusOK); res.Header().Get(web.AsOfHeader) != "" {
		t.Error("after hung up clients: got what is remembered, want what is current")
	}
	told := s.send(t, "GET", "/metrics", "").want(http.StatusOK).Body.String()
	for _, not := range []string{`result="unavailable"`, `result="last_known"`, `status="503"`} {
		if strings.Contains(told, not) {
			t.Errorf("the metrics have %s", not)
		}
	}
	if !strings.Contains(told, `roster_store_operation_seconds_count{operation="look",result="hung_up"}`) {
		t.Error("the metrics have no operations whose clients hung up")
	}
	s.wantMetrics(t, `roster_store_up 1`)
}
