package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"dailyroster/store"
)

// TestErrorAfterItsTime has an edit fail because its time is over: the answer must say so,
// as one without a status is taken for 200.
func TestErrorAfterItsTime(t *testing.T) {
	s := &Server{Config: Config{Log: slog.New(slog.DiscardHandler)}}
	h := s.page(func(http.ResponseWriter, *http.Request) error {
		return &store.UnavailableError{Err: context.DeadlineExceeded}
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodPut, "/teams/x/days/2026-11-24", http.NoBody)
	r.Header.Set("HX-Request", "true")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "Request") {
		t.Errorf("got %d and %q, want 503 and a message", w.Code, w.Body)
	}
}
