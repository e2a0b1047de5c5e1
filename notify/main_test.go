package notify

import (
	"net/http"
	"os"
	"runtime"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	http.DefaultTransport = NewOutlet(http.DefaultTransport)
	os.Exit(m.Run())
}

var due = time.Date(2026, 11, 29, 20, 0, 0, 0, time.UTC)

// testMessage is one with all that a message can have.
func testMessage() Message {
	return Message{
		ID: "01jdz8shift0coming", Type: "shift.coming", Subject: "Your shift begins tomorrow at 09:00",
		Text: "Ana, you are on call for Ops from tomorrow, 09:00.\n", HTML: "<p>Ana, you are on call for <b>Ops</b>.</p>",
		Calendar:    []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n"),
		Unsubscribe: "https://roster.example.org/unsubscribe/abcdef", Due: due,
		Data: map[string]any{"team": "ops", "role": "primary"},
	}
}

func guardFor(t *testing.T, allow ...string) *Guard {
	t.Helper()
	g, err := NewGuard(allow)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// awaitGoroutines waits until no more of them run than before.
func awaitGoroutines(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			text := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, text[:runtime.Stack(text, true)])
		}
	}
}
