package receive

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// Hooks are web hooks that verify signatures, each of a path. It is safe for use by many
// goroutines.
type Hooks struct {
	arrivals
	server  *http.Server
	address string

	mu      sync.Mutex
	secrets map[string]string // by path
	hung    chan struct{}     // closed when those that hang may go on
}

// HangingPath begins the paths at which nothing is ever answered.
const HangingPath = "/hang/"

// ListenHooks starts to take events.
func ListenHooks(ctx context.Context, address string) (*Hooks, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	h := &Hooks{address: listener.Addr().String(), secrets: map[string]string{}, hung: make(chan struct{})}
	h.server = &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = h.server.Serve(listener) }() // it ends when it is closed
	return h, nil
}

// URL is that of a path.
func (h *Hooks) URL(path string) string { return "http://" + h.address + path }

// Expect says with which secret the events of a path are signed.
func (h *Hooks) Expect(path, secret string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.secrets[path] = secret
}

// Close ends it.
func (h *Hooks) Close() error {
	close(h.hung)
	return h.server.Close()
}

// Since gives the events that came after the first n.
func (h *Hooks) Since(n int) []Arrival {
	all, _ := h.since(n)
	return all
}

// Bad are the events that were refused: of a path that nobody expects, or not signed as they
// should be.
func (h *Hooks) Bad() []string {
	_, bad := h.since(0)
	return bad
}

// ServeHTTP takes an event.
func (h *Hooks) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	begun := time.Now()
	if strings.HasPrefix(r.URL.Path, HangingPath) {
		select {
		case <-r.Context().Done():
		case <-h.hung:
		}
		return
	}
	h.mu.Lock()
	secret := h.secrets[r.URL.Path]
	h.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // its sender has died
	}
	var event struct{ Type string }
	if err := verified(secret, body, r.Header, &event); err != nil {
		h.refuse(fmt.Sprintf("%s %s: %v", r.Method, r.URL.Path, err))
		http.Error(w, "that is no event for here", http.StatusUnauthorized)
		return
	}
	from, _, _ := net.SplitHostPort(r.RemoteAddr)
	h.add(Arrival{ID: r.Header.Get(standardwebhooks.HeaderWebhookID), To: r.URL.Path, Subject: event.Type, From: from, Begun: begun, At: time.Now()})
	w.WriteHeader(http.StatusNoContent)
}

func verified(secret string, body []byte, header http.Header, into any) error {
	if secret == "" {
		return fmt.Errorf("nobody expects anything here")
	}
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return err
	}
	if err := hook.Verify(body, header); err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}
