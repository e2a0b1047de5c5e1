package compose

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/check/testreport"
)

// nginx asks the second instance for what the first one is too broken for, and for nothing
// that was only slow, or too much.
func TestWhatIsAskedTwice(t *testing.T) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		testreport.Skip(t, "what nginx asks twice", "there is no nginx")
	}
	const freezes = 0
	var asked, how atomic.Int64 // how is the status of the instance that is asked first, or freezes
	done := make(chan struct{})
	instance := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 1 {
			return
		}
		if how.Load() == freezes {
			<-done
			return
		}
		w.Header().Set("Retry-After", "2")
		w.WriteHeader(int(how.Load()))
	}))
	t.Cleanup(instance.Close)
	t.Cleanup(func() { close(done) })
	site := startNginx(t, program, strings.TrimPrefix(instance.URL, "http://"))
	for _, c := range []struct{ how, asked, status int }{
		{http.StatusOK, 1, http.StatusOK},
		{http.StatusGatewayTimeout, 1, http.StatusGatewayTimeout}, // the request took too long
		{http.StatusTooManyRequests, 1, http.StatusTooManyRequests},
		{http.StatusServiceUnavailable, 2, http.StatusOK}, // its store does not answer
		{http.StatusBadGateway, 2, http.StatusOK},
		{freezes, 2, http.StatusOK},
	} {
		for _, method := range []string{http.MethodGet, http.MethodPut} {
			time.Sleep(1100 * time.Millisecond) // until nginx has forgotten the failure before
			asked.Store(0)
			how.Store(int64(c.how))
			req, err := http.NewRequestWithContext(t.Context(), method, site+"/teams/ops/days/2026-11-24", strings.NewReader("note=x"))
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
			if int(asked.Load()) != c.asked || res.StatusCode != c.status {
				t.Errorf("%s, an instance that says %d (0: nothing): %d were asked, and the answer was %d, want %d and %d", method, c.how, asked.Load(), res.StatusCode, c.asked, c.status)
			}
		}
	}
	testreport.Ran(t, "what nginx asks twice")
}

// startNginx starts it with the settings for containers, but for the addresses, and times
// that a test can wait for. Both instances are at one address.
func startNginx(t *testing.T, program, instance string) (url string) {
	t.Helper()
	folder := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	text, err := os.ReadFile("nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	settings := strings.NewReplacer(
		"192.168.64.22:8080", instance, "192.168.64.23:8080", instance, "listen 80 default_server", "listen "+address,
		"fail_timeout=2s", "fail_timeout=1s", "_timeout 6s", "_timeout 500ms", "/dev/stdout", folder+"/access.log", "error_log stderr", "error_log "+folder+"/error.log",
		"http {", fmt.Sprintf("http {\nclient_body_temp_path %[1]s/b;\nproxy_temp_path %[1]s/p;\nfastcgi_temp_path %[1]s/f;\nuwsgi_temp_path %[1]s/u;\nscgi_temp_path %[1]s/s;\n", folder),
	).Replace(string(text)) + "\npid " + folder + "/nginx.pid;\ndaemon off;\n"
	file := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	nginx := exec.CommandContext(t.Context(), program, "-c", file, "-p", folder, "-e", folder+"/error.log")
	nginx.Cancel = func() error { return nginx.Process.Signal(os.Interrupt) }
	nginx.Stderr = os.Stderr
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nginx.Wait() })
	for range 100 {
		if conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address); err == nil {
			_ = conn.Close()
			return "http://" + address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("nginx does not listen")
	return ""
}
