package main

import (
	"bufio"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// startServer serves until the test ends, on the address that it gives.
func startServer(t *testing.T, server *http.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// patience is how long a test waits for what must come; it comes much sooner.
const patience = 90 * time.Second

// A header that comes a byte a second is not waited for.
func TestSlowHeader(t *testing.T) {
	t.Parallel()
	server := newServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler))
	if server.ReadTimeout == 0 || server.WriteTimeout == 0 || server.IdleTimeout == 0 {
		t.Errorf("the server waits without end: %+v", server)
	}
	c := dial(t, startServer(t, server))
	go func() {
		for _, b := range []byte("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + strings.Repeat("x", 1000)) {
			if _, err := c.Write([]byte{b}); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	}()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	// Cut off is either with a 408 or without a word.
	if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection is open %s later", patience)
	}
}

// Who does not read what they asked for is cut off, and holds nothing any longer.
func TestClientThatDoesNotRead(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	server := newServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		var err error
		for chunk := make([]byte, 1<<20); err == nil; {
			_, err = w.Write(chunk)
		}
		ended <- err
	}), slog.New(slog.DiscardHandler))
	server.WriteTimeout = 300 * time.Millisecond
	c := dial(t, startServer(t, server))
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-ended:
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("writing ended with %v, want the time over", err)
		}
	case <-time.After(patience):
		t.Errorf("the server writes %s later", patience)
	}
}

func TestLargeHeader(t *testing.T) {
	t.Parallel()
	c := dial(t, startServer(t, newServer(http.NotFoundHandler(), slog.New(slog.DiscardHandler))))
	go func() { // until it is cut off
		_, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: ")
		for err == nil {
			_, err = io.WriteString(c, strings.Repeat("x", 1000))
		}
	}()
	_ = c.SetReadDeadline(time.Now().Add(patience))
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil || !strings.Contains(line, " 431 ") {
		t.Errorf("a header without end: got %q, %v, want 431", line, err)
	}
}
