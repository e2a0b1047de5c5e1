package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// reportEnv names the file in which a test says what it tested and what it could not:
// one line each, appended, "ran <name>" or "skipped <name>: <reason>".
const reportEnv = "ROSTER_TEST_REPORT"

// A session is one run of the checks and what they share.
type session struct {
	out     io.Writer
	dir     string // removed at the end
	summary summary
	leftOut []string // what checks that ran did not cover

	// Of those who run side by side, one at a time looks for a browser, starts the server, or
	// installs something.
	sharing        sync.Mutex
	chromiumPath   string
	chromiumErr    error
	chromiumSought bool
	server         *server
}

// errSkipped is wrapped by the reason for which a check did not run.
var errSkipped = errors.New("skipped")

func skip(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errSkipped}, args...)...)
}

func newSession(out io.Writer) (*session, error) {
	dir, err := os.MkdirTemp("", "roster-check-")
	if err != nil {
		return nil, err
	}
	return &session{out: out, dir: dir}, nil
}

func (s *session) close() {
	if s.server != nil {
		s.server.stop()
	}
	if err := os.RemoveAll(s.dir); err != nil {
		fmt.Fprintln(s.out, "check:", err)
	}
}

func (s *session) reportPath() string { return filepath.Join(s.dir, "report") }

// reportLines gives what the tests wrote to the report, each line once, and what else was
// left out.
func (s *session) reportLines() []string {
	var lines []string
	for _, what := range s.leftOut {
		lines = append(lines, "skipped "+what)
	}
	text, err := os.ReadFile(s.reportPath())
	if err != nil {
		return lines // no test had anything to report
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line != "" && !seen[line] {
			seen[line] = true
			lines = append(lines, line)
		}
	}
	return lines
}

// chromium gives the path of a Chromium, installing Debian's package where that may
// be done without asking. The error is a skip.
func (s *step) chromium(ctx context.Context) (string, error) {
	s.sharing.Lock()
	defer s.sharing.Unlock()
	if !s.chromiumSought {
		s.chromiumSought = true
		s.chromiumPath, s.chromiumErr = s.findChromium(ctx)
	}
	return s.chromiumPath, s.chromiumErr
}

func (s *step) findChromium(ctx context.Context) (string, error) {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path, nil
	}
	if path, ok := lookAny("chromium", "chromium-browser", "google-chrome"); ok {
		return path, nil
	}
	_, notDebian := os.Stat("/etc/debian_version")
	if notDebian != nil || os.Geteuid() != 0 {
		return "", skip("no Chromium found: install it, or name it in the environment variable CHROMIUM")
	}
	fmt.Fprintln(s.out, "no Chromium found; installing Debian's package")
	if err := s.aptInstall(ctx, "chromium", "fonts-liberation"); err != nil {
		return "", skip("no Chromium found, and %w", err)
	}
	path, ok := lookAny("chromium")
	if !ok {
		return "", skip("no Chromium found, even after installing Debian's package")
	}
	return path, nil
}

func (s *step) aptInstall(ctx context.Context, packages ...string) error {
	for _, args := range [][]string{
		{"update", "-q"},
		append([]string{"install", "-q", "-y", "--no-install-recommends"}, packages...),
	} {
		cmd := s.command(ctx, "apt-get", args...)
		cmd.Env = append(cmd.Env, "DEBIAN_FRONTEND=noninteractive")
		var tail bytes.Buffer
		cmd.Stdout, cmd.Stderr = &tail, &tail
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("apt-get %s failed: %w %s", args[0], err, lastLine(tail.String()))
		}
	}
	return nil
}

// installServers installs what the tests of the installation run, from Debian, where that
// may be done without asking: not where systemd would start it all as well.
func (s *step) installServers(ctx context.Context) error {
	s.sharing.Lock()
	defer s.sharing.Unlock()
	var packages []string
	for program, pkg := range map[string]string{
		"ansible-lint": "ansible-lint", "ansible-playbook": "ansible-core", "debootstrap": "debootstrap", "mkfs.ext4": "e2fsprogs", "faketime": "faketime", "exim4": "exim4-daemon-light", "haproxy": "haproxy", "ip": "iproute2",
		"keepalived": "keepalived", "nginx": "nginx-light", "nsenter": "util-linux", "promtool": "prometheus", "rpm": "rpm", "systemd-analyze": "systemd",
	} {
		if _, ok := lookAny(program, "/usr/sbin/"+program); !ok {
			packages = append(packages, pkg)
		}
	}
	if packages == nil {
		return nil
	}
	slices.Sort(packages)
	_, notDebian := os.Stat("/etc/debian_version")
	_, noSystemd := os.Stat("/run/systemd/system")
	if notDebian != nil || os.Geteuid() != 0 || noSystemd == nil {
		return fmt.Errorf("not installed: %s", strings.Join(packages, " "))
	}
	fmt.Fprintln(s.out, "installing Debian's", strings.Join(packages, " "))
	return s.aptInstall(ctx, packages...)
}

func lookAny(names ...string) (string, bool) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, true
		}
	}
	return "", false
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
