package whole

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// counting is a listener that counts the writes to its connections.
type counting struct {
	net.Listener
	writes atomic.Int64
}

func (l *counting) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &counted{c, l}, nil
}

type counted struct {
	net.Conn
	by *counting
}

func (c *counted) Write(p []byte) (int, error) {
	c.by.writes.Add(1)
	return c.Conn.Write(p)
}

// serve serves until the test ends.
func serve(t *testing.T, h http.Handler) (url string, writes *atomic.Int64) {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	count := &counting{Listener: s.Listener}
	s.Listener = Listen(count)
	s.Config.ConnContext = Context
	s.Start()
	t.Cleanup(s.Close)
	return s.URL, &count.writes
}

// answered is what came, and the length that was said before.
type answered struct {
	status int
	said   int64
	body   []byte
}

func ask(t *testing.T, method, url string) answered {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answered{res.StatusCode, res.ContentLength, body}
}

// Each answer on a connection leaves in one write, whatever its size and in however many pieces
// it was written.
func TestOneWrite(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status, size int
	}{
		{http.StatusOK, 1},
		{http.StatusOK, 2100},
		{http.StatusOK, 4090},
		{http.StatusConflict, 5000},
		{http.StatusOK, 50_000},
		{http.StatusOK, most},
		{http.StatusSeeOther, 0},
		{http.StatusNoContent, 0},
		{http.StatusNotModified, 0},
	} {
		t.Run(fmt.Sprintf("%d of %d bytes", c.status, c.size), func(t *testing.T) {
			t.Parallel()
			want := bytes.Repeat([]byte("roster"), c.size/6+1)[:c.size]
			url, writes := serve(t, Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				for rest := want; len(rest) > 0; {
					n := min(len(rest), 1000)
					_, _ = w.Write(rest[:n])
					rest = rest[n:]
				}
			})))
			for n, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
				got := ask(t, method, url)
				if method == http.MethodHead {
					got.body = want
				}
				if got.status != c.status || !bytes.Equal(got.body, want) || c.size > 0 && got.said != int64(c.size) {
					t.Errorf("%s: got %d with %d bytes of %d, want %d", method, got.status, len(got.body), got.said, c.status)
				}
				if got := writes.Load(); got != int64(n+1) {
					t.Errorf("%d answers took %d writes", n+1, got)
				}
			}
		})
	}
}

// Nothing is sent before the answer is complete, and a panic sends nothing.
func TestNothingOfAPart(t *testing.T) {
	t.Parallel()
	url, writes := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, strings.Repeat("x", 100_000))
			panic("half way")
		})).ServeHTTP(w, r)
	}))
	if got := ask(t, http.MethodGet, url); got.status != http.StatusInternalServerError || len(got.body) > 0 || writes.Load() != 1 {
		t.Errorf("got %d, %d bytes, in %d writes", got.status, len(got.body), writes.Load())
	}
}

// What is too large to be kept leaves while it comes, and so does what is flushed.
func TestLeavesAsItComes(t *testing.T) {
	t.Parallel()
	seen := make(chan struct{})
	for name, part := range map[string]func(w http.ResponseWriter){
		"large":   func(w http.ResponseWriter) { _, _ = w.Write(make([]byte, most+1)) },
		"flushed": func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := serve(t, Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusAccepted)
				part(w)
				<-seen
				_, _ = io.WriteString(w, "the end")
			})))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req) // returns with the header
			if err != nil {
				t.Fatal(err)
			}
			seen <- struct{}{}
			body, err := io.ReadAll(res.Body)
			_ = res.Body.Close()
			if err != nil || res.StatusCode != http.StatusAccepted || !bytes.HasSuffix(body, []byte("the end")) {
				t.Errorf("got %d, %d bytes, %v", res.StatusCode, len(body), err)
			}
		})
	}
}

// A client that asks whether it may send its body is told so while its request is served, and one
// that ends the connection with its request gets its answer.
func TestOtherConnections(t *testing.T) {
	t.Parallel()
	url, _ := serve(t, Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		_, _ = w.Write(append(body, make([]byte, 10_000)...))
	})))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader("note"))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Expect", "100-continue")
	req.Close = true
	client := http.Client{Transport: &http.Transport{ExpectContinueTimeout: time.Hour}, Timeout: time.Minute}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil || len(body) != 10_004 || !bytes.HasPrefix(body, []byte("note")) {
		t.Errorf("got %d bytes, %v", len(body), err)
	}
}
