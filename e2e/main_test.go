// Package e2e tries the real program from outside: the binary as a process, and the
// page in a real browser.
package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test, built once by TestMain in the folder scratch, which is
// removed at the end.
var binary, scratch string

// zone is that of the teams under test: one in which it is noon or soon after, so that the
// day on call, which began with the hand-off at 09:00, is today whenever the tests run.
var zone = fmt.Sprintf("Etc/GMT%+d", time.Now().UTC().Hour()-12)

func TestMain(m *testing.M) {
	os.Exit(buildAndRun(m))
}

func buildAndRun(m *testing.M) int {
	var err error
	if scratch, err = os.MkdirTemp("", "roster-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = os.RemoveAll(scratch) }()
	binary = filepath.Join(scratch, "roster")
	build := exec.Command("go", "build", "-o", binary, "..")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "building the program:", err)
		return 1
	}
	code := m.Run()
	if shared.end != nil {
		if err := shared.end(); err != nil {
			fmt.Fprintln(os.Stderr, "stopping Chromium:", err)
		}
	}
	return code
}

// server is a running program.
type server struct {
	url  string
	file string // its store, if that is one
	cmd  *exec.Cmd
	log  *lockedBuffer
}

// start runs the program with the store in a file.
func start(t *testing.T, file string) *server {
	t.Helper()
	s := startOn(t, "bolt:"+file, "app-under-test")
	s.file = file
	return s
}

// startOn runs the program on a free port with a store, and waits until it serves. It is
// killed when the test ends. More flags come last, and win.
func startOn(t *testing.T, store, instance string, more ...string) *server {
	t.Helper()
	s := &server{log: &lockedBuffer{}}
	address := make(chan string, 1)
	args := []string{"serve", "--listen=127.0.0.1:0", "--store=" + store, "--zone=" + zone, "--drain=0s", "--instance=" + instance}
	s.cmd = exec.Command(binary, append(args, more...)...)
	s.cmd.Dir = scratch // where a copy of a cluster's roster is kept
	s.cmd.Stderr = s.log
	s.cmd.Stdout = &addressFinder{found: address}
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.kill()
		if t.Failed() {
			t.Logf("the end of the program's log:\n%s", s.log.tail(2000))
		}
	})
	select {
	case s.url = <-address:
	case <-time.After(10 * time.Second):
		t.Fatalf("the program did not say its address; its log:\n%s", s.log.tail(2000))
	}
	return s
}

// kill ends the program at once, as a crash would (SIGKILL).
func (s *server) kill() {
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
}

// stop asks the program to end (SIGTERM) and gives what came of it.
func (s *server) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return s.cmd.Wait()
}

// call sends a request and gives the status and the body of the answer.
func (s *server) call(t *testing.T, method, path, body string, header ...string) (int, string) {
	t.Helper()
	status, text, err := s.try(t.Context(), method, path, body, header...)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return status, text
}

func (s *server) try(ctx context.Context, method, path, body string, header ...string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

// addressFinder picks the address out of the program's greeting.
type addressFinder struct {
	seen  bytes.Buffer
	found chan<- string
}

func (f *addressFinder) Write(b []byte) (int, error) {
	f.seen.Write(b)
	if line, _, ok := strings.Cut(f.seen.String(), "\n"); ok {
		if i := strings.Index(line, "http://"); i >= 0 {
			f.found <- line[i:]
			f.seen.Reset()
		}
	}
	return len(b), nil
}

// lockedBuffer is a buffer for a process to write and a test to read.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) tail(n int) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := b.buf.String()
	return all[max(0, len(all)-n):]
}
