package notify

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func TestWebhook(t *testing.T) {
	secret, err := NewSecret(rand.Reader)
	if err != nil || !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("NewSecret: got %q, %v", secret, err)
	}
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if err := verifier.Verify(body, r.Header); err != nil {
			t.Errorf("the signature: %v", err)
		}
		if id := r.Header.Get("webhook-id"); id != "msg_"+testMessage().ID {
			t.Errorf("webhook-id: got %q", id)
		}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer receiver.Close()
	w := NewWebhooks(guardFor(t, strings.TrimPrefix(receiver.URL, "http://")), time.Now)
	if err := w.Send(t.Context(), receiver.URL+"/token", secret, testMessage()); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"type": "shift.coming", "timestamp": "2026-11-29T20:00:00Z", "data": map[string]any{"team": "ops", "role": "primary"}}
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Errorf("the body (-want +got):\n%s", diff)
	}
}

const goodSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// hostOf is the host of a receiver, with its port.
func hostOf(receiver *httptest.Server) string { return strings.TrimPrefix(receiver.URL, "http://") }

// receivers are servers that answer in all the ways in which they should not. The path of a URL says
// which: its last part is a token, which no error may have in it.
func receivers(t *testing.T) *httptest.Server {
	t.Helper()
	over := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch way, _, _ := strings.Cut(r.URL.Path[1:], "/"); way {
		case "hang":
			select {
			case <-r.Context().Done():
			case <-over:
			}
		case "endless":
			w.WriteHeader(http.StatusOK)
			for i := 0; r.Context().Err() == nil && i < 1<<14; i++ {
				if _, err := w.Write(make([]byte, 1<<14)); err != nil {
					return
				}
			}
		case "drip":
			w.WriteHeader(http.StatusOK)
			for r.Context().Err() == nil {
				_, _ = w.Write([]byte("x"))
				_ = http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		case "busy":
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		case "until":
			w.Header().Set("Retry-After", time.Now().Add(90*time.Second).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		case "gone":
			w.WriteHeader(http.StatusGone)
		case "broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "moved":
			http.Redirect(w, r, "/ok/there", http.StatusPermanentRedirect)
		case "found":
			http.Redirect(w, r, "/ok/there", http.StatusFound)
		case "see-other":
			http.Redirect(w, r, "/ok/there", http.StatusSeeOther)
		case "round":
			http.Redirect(w, r, "/round/secret-token", http.StatusTemporaryRedirect)
		case "inside": // on another port, which no setting names
			http.Redirect(w, r, "https://127.0.0.1:1/secret-token", http.StatusTemporaryRedirect)
		case "clear":
			http.Redirect(w, r, "http://example.com/secret-token", http.StatusTemporaryRedirect)
		case "file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusTemporaryRedirect)
		case "nowhere":
			w.WriteHeader(http.StatusTemporaryRedirect)
		case "cut":
			panic(http.ErrAbortHandler)
		case "ok":
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(func() {
		close(over)
		server.Close()
	})
	return server
}

func TestWebhookReceiversThatMisbehave(t *testing.T) {
	server := receivers(t)
	w := NewWebhooks(guardFor(t, hostOf(server)), time.Now)
	for _, c := range []struct {
		way, want string // "" is success
		permanent bool
		after     time.Duration
	}{
		{way: "ok"},
		{way: "endless"},
		{way: "moved"},
		{way: "found"},
		{way: "busy", want: "429", after: 2 * time.Minute},
		{way: "until", want: "503", after: 90 * time.Second},
		{way: "gone", want: "410", permanent: true},
		{way: "broken", want: "500"},
		{way: "missing", want: "404"},
		{way: "see-other", want: "303"},
		{way: "round", want: "redirects too often"},
		{way: "inside", want: "private network"},
		{way: "clear", want: "not encrypted"},
		{way: "file", want: "redirects elsewhere"},
		{way: "nowhere", want: "redirects elsewhere"},
		{way: "cut", want: "EOF"},
	} {
		err := w.Send(t.Context(), server.URL+"/"+c.way+"/secret-token", goodSecret, testMessage())
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", c.way, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret-token") {
			t.Errorf("%s: got %v, want an error with %q", c.way, err, c.want)
		}
		if _, permanent := errors.AsType[*PermanentError](err); permanent != c.permanent {
			t.Errorf("%s: got %v, want permanent %v", c.way, err, c.permanent)
		}
		if got := RetryAfter(err); got > c.after || got < c.after-2*time.Second {
			t.Errorf("%s: a pause of %s, want %s", c.way, got, c.after)
		}
	}
}

// A redirected message is the whole message, signed as before.
func TestWebhookThatIsRedirected(t *testing.T) {
	verifier, err := standardwebhooks.NewWebhook(goodSecret)
	if err != nil {
		t.Fatal(err)
	}
	var arrived atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/old" {
			http.Redirect(w, r, "/new", http.StatusMovedPermanently)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil || verifier.Verify(body, r.Header) != nil || r.Method != http.MethodPost {
			t.Errorf("a %s of %q, %v", r.Method, body, err)
		}
		arrived.Add(1)
	}))
	defer server.Close()
	w := NewWebhooks(guardFor(t, hostOf(server)), time.Now)
	if err := w.Send(t.Context(), server.URL+"/old", goodSecret, testMessage()); err != nil || arrived.Load() != 1 {
		t.Errorf("got %v, %d arrived, want 1", err, arrived.Load())
	}
}

// A receiver that hangs holds a message as long as its context lets it, and nothing remains.
func TestWebhookReceiverThatHangs(t *testing.T) {
	server := receivers(t)
	w := NewWebhooks(guardFor(t, hostOf(server)), time.Now)
	before := runtime.NumGoroutine()
	for _, way := range []string{"hang", "drip"} {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		begin := time.Now()
		err := w.Send(ctx, server.URL+"/"+way, goodSecret, testMessage())
		cancel()
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("%s: it took %s", way, took)
		}
		if way == "hang" && !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: got %v, want the deadline", way, err)
		}
	}
	w.guard.client.CloseIdleConnections()
	awaitGoroutines(t, before+2) // of the server, which has its own idea of when a connection ends
}

func TestWebhooksThatCannotBeSent(t *testing.T) {
	w := NewWebhooks(guardFor(t), time.Now)
	long := testMessage()
	long.Data = strings.Repeat("x", maxBody)
	odd := testMessage()
	odd.Data = func() {}
	nameless := testMessage()
	nameless.ID = "not an ID"
	const good = "https://example.com/secret-token"
	for _, c := range []struct {
		url, secret string
		m           Message
		want        string
	}{
		{"http://example.com/secret-token", goodSecret, testMessage(), "not encrypted"},
		{"https://127.0.0.1/secret-token", goodSecret, testMessage(), "private network"},
		{"https://user:secret-token@example.com/", goodSecret, testMessage(), "user name or password"},
		{"ftp://example.com/secret-token", goodSecret, testMessage(), "https://"},
		{"https://exa mple.com/secret-token", goodSecret, testMessage(), "space"},
		{good, "", testMessage(), "secret"},
		{good, "whsec_secret-token", testMessage(), "secret of the webhook"},
		{good, goodSecret, long, "256 kB"},
		{good, goodSecret, odd, "JSON"},
		{good, goodSecret, nameless, "no ID"},
	} {
		err := w.Send(t.Context(), c.url, c.secret, c.m)
		if _, permanent := errors.AsType[*PermanentError](err); !permanent || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret-token") {
			t.Errorf("%s: got %v, want a permanent error with %q", c.url, err, c.want)
		}
	}
	err := w.Send(t.Context(), "https://localhost/secret-token", goodSecret, testMessage())
	if !errors.Is(err, errRefused) || strings.Contains(err.Error(), "127.0.0.1") || strings.Contains(err.Error(), "secret-token") {
		t.Errorf("localhost: got %v, want a refusal that does not say where the name leads", err)
	}
}

func TestURLsAsTyped(t *testing.T) {
	for url, want := range map[string]string{
		"https://example.org/notices?token=1": "", "http://ntfy.intern/x": "", "https://bücher.example/": "",
		"": "empty", "example.org/x": "https://", "//example.org": "https://", "mailto:ana@example.org": "https://", "https://": "no host",
		"https:///x": "no host", "https://u:p@example.org": "user name", "https://example.org/#x": "#", "https://example.org/ x": "space",
		"https://example.org/\n": "line break", "https://[::1": "not a URL", "https://" + strings.Repeat("x", 3000): "longer",
		"https://-bad-.example.org/": "name of a host", "javascript:alert(1)": "https://",
	} {
		err := CheckWebhookURL(url)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.60q: got %v, want %q", url, err, want)
		}
	}
}

func TestMaskURL(t *testing.T) {
	for url, want := range map[string]string{
		"https://hooks.example.org:8443/T0/secret?x=secret#secret": "https://hooks.example.org:8443/…",
		"https://u:secret@example.org/":                            "https://example.org/…",
		"slack://hook:secret-secret-secret@webhook":                "slack://…",
		"discord://secret@secret":                                  "discord://…",
		"telegram://secret:secret@telegram?chats=secret":           "telegram://…",
		"ntfy://secret:secret@ntfy.example.org/secret":             "ntfy://ntfy.example.org/…",
		"generic+https://example.org/secret":                       "generic+https://example.org/…",
		"not a url":                                                "…", "": "…", "https://[": "…",
	} {
		if got := MaskURL(url); got != want {
			t.Errorf("MaskURL(%q): got %q, want %q", url, got, want)
		}
	}
}
