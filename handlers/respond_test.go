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

// TestSilenceIsNoSuccess has an action that answers nothing.
func TestSilenceIsNoSuccess(t *testing.T) {
	s := &Server{Config: Config{Log: slog.New(slog.DiscardHandler), Random: rand.Reader, Now: time.Now}}
	silent := s.page(func(http.ResponseWriter, *http.Request) error { return nil })
	r := httptest.NewRequest(http.MethodPut, "/teams/x/days/2026-11-24", http.NoBody)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	s.wrap(s.limit(silent, maxBody)).ServeHTTP(w, r)
	if id := w.Header().Get("X-Request-ID"); w.Code != http.StatusInternalServerError || id == "" || !strings.Contains(w.Body.String(), id) {
		t.Errorf("got %d and %q with request id %q, want 500 and the id", w.Code, w.Body, id)
	}
}

// What is preferred of two types, the first of which whoever has no wish is given.
func TestPrefers(t *testing.T) {
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
	for accept, want := range map[string]struct{ text, page bool }{
		"":                                 {false, false},
		"*/*":                              {false, false},
		"text/plain":                       {true, false},
		"text/plain; charset=UTF-8":        {true, false},
		"Text/Plain, */*":                  {true, false},
		"*/*, text/plain":                  {false, false},
		"text/plain;q=1, */*;q=0.1":        {true, false},
		"application/json, text/plain":     {false, false},
		"text/plain, application/json":     {true, false},
		"application/json;q=0.5,text/*":    {true, true},
		"text/plain;q=0.5,*/*;q=0.9":       {false, false},
		"text/plain;q=0":                   {false, false},
		"text/plain;q=0, text/html;q=0.1":  {false, true},
		"text/html":                        {false, true},
		"application/json;q=0.9,text/html": {false, true},
		"image/png":                        {false, false},
		"text/event-stream":                {false, false},
		"text/html;q=2":                    {false, false},
		"plain, text":                      {false, false},
		browser:                            {false, true},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		r.Header.Set("Accept", accept)
		if text, page := wantsText(r), prefers(r, "text/html", "application/json"); text != want.text || page != want.page {
			t.Errorf("Accept: %s: got text %t and page %t, want %t and %t", accept, text, page, want.text, want.page)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	if wantsText(r) {
		t.Error("without Accept: got text, want JSON")
	}
	r.Header["Accept"] = []string{"image/png", "text/plain"}
	if !wantsText(r) {
		t.Error("of two headers: got JSON, want the text of the second")
	}
}
