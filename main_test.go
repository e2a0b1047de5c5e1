package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"dailyroster/signin"
)

// On loopback nothing needs to be set.
func TestNoSignInOnLoopback(t *testing.T) {
	c := SignInConfig{}
	var m signin.Method
	m, err := c.method("127.0.0.1:8080", "")
	if m != nil || err != nil {
		t.Errorf("got %v, %v, want no sign-in", m, err)
	}
	if err := serveAlone(t)(); err != nil {
		t.Errorf("run: got %v, want nil", err)
	}
}

// serveAlone lets the program serve, with the settings that it has by itself, until it is stopped.
func serveAlone(t *testing.T) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	out, served := io.Pipe()
	ended := make(chan error, 1)
	folder := t.TempDir()
	go func() {
		err := run(ctx, nil, func(name string) string {
			return map[string]string{"ROSTER_LISTEN": "127.0.0.1:0", "ROSTER_STORE": "bolt://" + folder + "/roster.db", "ROSTER_DRAIN": "0s"}[name]
		}, served, io.Discard)
		_ = served.Close() // or who reads waits for a greeting that does not come
		ended <- err
	}()
	greeting := make([]byte, 16)
	if _, err := io.ReadFull(out, greeting); err != nil || string(greeting) != "Daily Roster is " {
		t.Errorf("the greeting: got %q, %v", greeting, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return func() error {
		cancel()
		return <-ended
	}
}

// The program answers for the names that its settings give it, and for no others.
func TestServesItsNames(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	out, served := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"serve", "--listen=127.0.0.1:0", "--drain=0s", "--hosts=on-call", "--public-url=http://roster.example.org", "--store=bolt://" + t.TempDir() + "/roster.db"},
			func(string) string { return "" }, served, io.Discard)
		_ = served.Close()
		ended <- err
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	_, at, _ := strings.Cut(strings.TrimSpace(line), "Daily Roster is at ")
	for host, want := range map[string]int{
		"": http.StatusOK, "on-call": http.StatusOK, "roster.example.org": http.StatusOK, "rebound.example": http.StatusMisdirectedRequest,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at+"/api/v1/teams", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host // where it is empty, that of the URL
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("asked as %q: got %d, want %d", host, res.StatusCode, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("run: got %v, want nil", err)
	}
}
