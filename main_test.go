package main

import (
	"context"
	"io"
	"testing"
	"time"

	"dailyroster/signin"
)

// On loopback nothing needs to be set.
func TestNoSignInOnLoopback(t *testing.T) {
	c := SignInConfig{}
	var m signin.Method
	m, err := c.method("127.0.0.1:8080")
	if m != nil || err != nil {
		t.Errorf("got %v, %v, want no sign-in", m, err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	out, served := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, nil, func(name string) string {
			return map[string]string{"ROSTER_LISTEN": "127.0.0.1:0", "ROSTER_STORE": "bolt://" + t.TempDir() + "/roster.db", "ROSTER_DRAIN": "0s"}[name]
		}, served, io.Discard)
		_ = served.Close() // or who reads waits for a greeting that does not come
		ended <- err
	}()
	greeting := make([]byte, 16)
	if _, err := io.ReadFull(out, greeting); err != nil || string(greeting) != "Daily Roster is " {
		t.Errorf("the greeting: got %q, %v", greeting, err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	stop()
	if err := <-ended; err != nil {
		t.Errorf("run: got %v, want nil", err)
	}
}
