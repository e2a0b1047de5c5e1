package handlers

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dailyroster/handlers/page"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/store"
)

// bare is a server with no more than it takes to answer an error.
func bare() *Server {
	cfg := web.Config{Log: slog.New(slog.DiscardHandler), Random: rand.Reader, Now: time.Now}
	return &Server{
		Config: Config{Log: cfg.Log, Random: cfg.Random, Now: cfg.Now},
		pages:  &page.Site{Shell: &shell.Shell{Gate: web.New(cfg)}},
	}
}

// TestErrorAfterItsTime has an edit fail because its time is over: the answer must say so,
// as one without a status is taken for 200.
func TestErrorAfterItsTime(t *testing.T) {
	s := bare()
	h := s.pages.Handler(func(http.ResponseWriter, *http.Request) error {
		return &store.UnavailableError{Err: context.DeadlineExceeded}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPut, "/teams/x/days/2026-11-24", http.NoBody)
	r.Header.Set("HX-Request", "true")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "Request") {
		t.Errorf("got %d and %q, want 503 and a message", w.Code, w.Body)
	}
}

// TestSilenceIsNoSuccess has an action that answers nothing.
func TestSilenceIsNoSuccess(t *testing.T) {
	s := bare()
	silent := s.pages.Handler(func(http.ResponseWriter, *http.Request) error { return nil })
	r := httptest.NewRequest(http.MethodPut, "/teams/x/days/2026-11-24", http.NoBody)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	s.wrap(s.limit(silent, maxBody)).ServeHTTP(w, r)
	if id := w.Header().Get("X-Request-ID"); w.Code != http.StatusInternalServerError || id == "" || !strings.Contains(w.Body.String(), id) {
		t.Errorf("got %d and %q with request id %q, want 500 and the id", w.Code, w.Body, id)
	}
}
