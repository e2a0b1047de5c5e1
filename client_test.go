package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dailyroster/cli"
)

// shell is somebody at a command line, with a server that runs.
type shell struct {
	t    *testing.T
	home string
	env  map[string]string
}

// newShell serves an empty site until the test ends.
func newShell(t *testing.T) *shell {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	out, served := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, []string{"serve", "--listen=127.0.0.1:0", "--drain=0s", "--store=bolt://" + t.TempDir() + "/roster.db"}, func(string) string { return "" }, served, io.Discard)
		_ = served.Close()
		ended <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	_, at, _ := strings.Cut(strings.TrimSpace(line), "Daily Roster is at ")
	home := t.TempDir()
	return &shell{t, home, map[string]string{"HOME": home, "ROSTER_SERVER": at}}
}

// roster runs the program, and gives what it wrote and how it ended.
func (s *shell) roster(ctx context.Context, args ...string) (out, complaints string, status int) {
	s.t.Helper()
	var stdout, stderr bytes.Buffer
	err := run(ctx, args, func(name string) string { return s.env[name] }, &stdout, &stderr)
	if ended, is := errors.AsType[*cli.ExitError](err); is {
		return stdout.String(), stderr.String(), ended.Status
	}
	if err != nil {
		return stdout.String(), err.Error(), 1
	}
	return stdout.String(), stderr.String(), 0
}

// want runs the program and compares what it wrote, with spaces as single ones.
func (s *shell) want(status int, want string, args ...string) {
	s.t.Helper()
	out, complaints, got := s.roster(s.t.Context(), args...)
	if text := strings.Join(strings.Fields(out+complaints), " "); got != status || !strings.Contains(text, want) {
		s.t.Errorf("roster %s: got %d and %q, want %d and %q", strings.Join(args, " "), got, text, status, want)
	}
}

func (s *shell) file(content string) string {
	s.t.Helper()
	name := filepath.Join(s.t.TempDir(), "teams.yaml")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return name
}

const teams = `
people:
  - {id: ana, name: Ana Ruiz, email: ana@example.org}
  - {id: bo, name: Bo Chen}
teams:
  - id: ops
    name: Ops
    roles: [Primary, {id: backup, name: Back-up}]
    settings: [{zone: UTC, handOff: "00:00"}]
    keepFilled: 4
    rotations:
      - {id: weeks, role: backup, name: Weeks, versions: [{from: 2030-01-07, weekdays: [mon, tue], daysPerTurn: 1, people: [bo]}]}
`

// TestClientCommands does by the command line what a team needs, from nothing on.
func TestClientCommands(t *testing.T) {
	s := newShell(t)
	name := s.file(teams)
	s.want(2, "+ person ana is new: Ana Ruiz + person bo is new: Bo Chen + team ops is new: Ops", "apply", "-f", name, "--plan")
	s.want(0, "team ops is as the file says.", "apply", "-f", name, "--yes")
	s.want(0, "The server is as the file says.", "apply", "-f", name)
	s.want(2, `~ team ops keepFilled: 4 → 8`, "apply", "--plan", "-f", s.file(strings.Replace(teams, "keepFilled: 4", "keepFilled: 8", 1)))
	s.want(2, `[{"fields":["keepFilled"],"id":"ops","kind":"team","new":false}]`, "apply", "--plan", "-o", "json", "-f", s.file(strings.Replace(teams, "keepFilled: 4", "keepFilled: 8", 1)))
	s.want(1, "keepFilled: Give 1 to 52 weeks", "apply", "--yes", "-f", s.file(strings.Replace(teams, "keepFilled: 4", "keepFilled: 800", 1)))
	s.want(1, "has no id", "apply", "-f", s.file("people: [{name: x}]"))
	s.want(1, "field persons not found", "apply", "-f", s.file("persons: []"))

	pulled, _, status := s.roster(t.Context(), "pull")
	if status != 0 || !strings.Contains(pulled, "name: Ana Ruiz") || strings.Contains(pulled, "revision") {
		t.Errorf("pull: got %d and %s", status, pulled)
	}
	s.want(0, "The server is as the file says.", "apply", "-f", s.file(pulled))

	s.want(0, "Primary of Ops has Ana Ruiz on", "set", "ops", "today", "primary", "ana")
	s.want(0, "Primary of Ops has Bo Chen on", "set", "Ops", "tomorrow", "Primary", "Bo Chen")
	s.want(0, "Ops Primary Ana Ruiz", "who", "ops")
	s.want(0, "Ops Back-up nobody", "who")
	s.want(0, `"name":"Ana Ruiz"`, "who", "ops", "-o", "json")
	s.want(0, "nobody", "who", "ops", "--at", "2031-01-01T12:00:00Z")
	s.want(0, "Ops Primary", "shifts", "ana ruiz")
	s.want(0, "Primary Bo Chen", "swap", "ops", "today", "--with", "tomorrow")
	s.want(0, "Ops Primary Bo Chen", "who", "ops")
	s.want(0, "Primary Ana Ruiz", "swap", "ops", "today", "--by", "ana")
	s.want(0, "Primary Bo Chen", "swap", "ops", "today", "--to", "bo")
	s.want(0, "has nobody on", "set", "ops", "today", "primary", "nobody")

	for _, wrong := range []struct {
		want string
		args []string
	}{
		{`there is no team "none"`, []string{"who", "none"}},
		{`there is no person "zoe"`, []string{"set", "ops", "today", "primary", "zoe"}},
		{`has no role "cook"`, []string{"set", "ops", "today", "cook", "ana"}},
		{"is not a day", []string{"set", "ops", "someday", "primary", "ana"}},
		{"is not a time", []string{"who", "--at", "noon"}},
		{"a second is the least", []string{"watch", "ops", "--every", "1ms"}},
		{"Nobody has Primary", []string{"swap", "ops", "today", "--to", "bo"}},
		{"is past; say why you change it", []string{"set", "ops", "2020-01-01", "primary", "ana"}},
		{"missing flags", []string{"swap", "ops", "today"}},
		{"can't be used together", []string{"swap", "ops", "today", "--to", "bo", "--by", "bo"}},
	} {
		s.want(1, wrong.want, wrong.args...)
	}
}

// TestWatch says who is on call, and says it again when that changes.
func TestWatch(t *testing.T) {
	s := newShell(t)
	s.want(0, "", "apply", "-y", "-f", s.file(teams))
	s.want(0, "", "set", "ops", "today", "primary", "ana")
	ctx, stop := context.WithCancel(t.Context())
	out, written := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"watch", "ops", "--every=1s"}, func(name string) string { return s.env[name] }, written, io.Discard)
		_ = written.Close()
	}()
	lines := bufio.NewReader(out)
	for _, want := range []string{"Primary: Ana Ruiz", "Primary: Bo Chen"} {
		if line, err := lines.ReadString('\n'); err != nil || !strings.Contains(line, want) {
			t.Fatalf("got %q, %v, want %s", line, err, want)
		}
		s.want(0, "", "set", "ops", "today", "primary", "bo")
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("after a signal: got %v, want nil", err)
	}
}

// TestClientSettings finds the server in a flag, the environment and a file, in this order, and
// sends the token of the file to the server of the file alone.
func TestClientSettings(t *testing.T) {
	s := newShell(t)
	server := s.env["ROSTER_SERVER"]
	delete(s.env, "ROSTER_SERVER")
	s.want(1, "which server?", "who")
	s.want(1, "is not an address", "who", "--server", "example.org")
	folder := filepath.Join(s.home, ".config", "roster")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "config.yaml"), []byte("server: "+server+"\ntoken: roster_wrong\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.want(1, "There is no such token", "who")
	s.want(0, "Daily Roster Primary nobody", "who", "--server", server+"/") // another text, and no token for it
	s.env["ROSTER_SERVER"] = "http://127.0.0.1:1"
	s.want(1, "refused", "who")
	if err := os.WriteFile(filepath.Join(folder, "config.yaml"), []byte("server: [\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.want(1, "config.yaml", "who")
}

// TestCompletionAndManual: each command and flag is in the completions and on the manual page,
// and another shell is refused in words.
func TestCompletionAndManual(t *testing.T) {
	s := &shell{t, t.TempDir(), map[string]string{}}
	for _, args := range [][]string{{"completion", "bash"}, {"completion", "zsh"}, {"completion", "fish"}, {"manual"}} {
		out, complaints, status := s.roster(t.Context(), args...)
		text := strings.ReplaceAll(out, `\-`, "-")
		for _, want := range []string{"serve", "who", "apply", "listen", "max-people", "with-role"} {
			if status != 0 || !strings.Contains(text, want) {
				t.Errorf("roster %s: got %d %s, want %s in it", strings.Join(args, " "), status, complaints, want)
			}
		}
	}
	s.want(1, "must be one of", "completion", "tcsh")
}
