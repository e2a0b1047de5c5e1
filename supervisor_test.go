package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"
)

// listenFor is a supervisor's socket, as systemd names it to what it starts.
func listenFor(t *testing.T, watchdog string) (messages func(within time.Duration) string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = socket.Close() })
	t.Setenv("NOTIFY_SOCKET", path)
	t.Setenv("WATCHDOG_USEC", watchdog)
	return func(within time.Duration) string {
		message := make([]byte, 64)
		if err := socket.SetReadDeadline(time.Now().Add(within)); err != nil {
			t.Fatal(err)
		}
		n, err := socket.Read(message)
		if err != nil {
			return ""
		}
		return string(message[:n])
	}
}

// A supervisor hears that the program serves, signs of life, and that it stops.
func TestSupervisorIsTold(t *testing.T) {
	next := listenFor(t, "300000")
	stop := serveAlone(t)
	seen := map[string]int{}
	for range 6 {
		seen[next(patience)]++
	}
	if seen["READY=1"] != 1 || seen["WATCHDOG=1"] != 5 {
		t.Errorf("while it serves: got %v, want READY=1 once and signs of life", seen)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	for said := next(patience); said != "STOPPING=1"; said = next(patience) {
		if said != "WATCHDOG=1" {
			t.Fatalf("at its end: got %q, want STOPPING=1", said)
		}
	}
}

// A program whose requests hang gives no sign of life, though its clock goes on.
func TestNoSignOfLifeWhileRequestsHang(t *testing.T) {
	next := listenFor(t, "150000")
	above, err := newSupervisor(slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	above.hang = 300 * time.Millisecond
	hang := make(chan struct{})
	at := startServer(t, newServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }), slog.New(slog.DiscardHandler)))
	go above.live(t.Context(), t.Context(), "http://"+at+"/livez")
	for begun := time.Now(); next(time.Second) != ""; {
		if time.Since(begun) > patience {
			t.Fatal("while requests hang there are signs of life without end")
		}
	}
	close(hang)
	if said := next(patience); said != "WATCHDOG=1" {
		t.Errorf("when they are answered again: got %q, want a sign of life", said)
	}
}

// Who set no watchdog, or an impossible one, is not asked and told so.
func TestWatchdogSetting(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("WATCHDOG_USEC", "")
	above, err := newSupervisor(slog.New(slog.DiscardHandler))
	if err != nil || above.patience != 0 {
		t.Errorf("without a watchdog: got %v, %v, want no patience", above, err)
	}
	above.live(t.Context(), context.Background(), "http://127.0.0.1:1/") // it returns at once
	t.Setenv("WATCHDOG_USEC", "soon")
	if _, err := newSupervisor(slog.New(slog.DiscardHandler)); err == nil {
		t.Error("a watchdog after \"soon\" was accepted")
	}
}
