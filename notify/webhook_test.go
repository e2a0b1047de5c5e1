package notify

import (
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
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
