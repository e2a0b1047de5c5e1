package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dailyroster/store/aerospike/asdtest"
)

// program runs a command of the program and gives its output.
func program(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	var out, log bytes.Buffer
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = &out, &log
	err = cmd.Run()
	return out.String(), log.String(), err
}

// filledStore is a file with a roster of some days, made through the program.
func filledStore(t *testing.T, days int) string {
	t.Helper()
	s := start(t, storeFile(t))
	for i := range days {
		date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 3*i).Format(time.DateOnly)
		body := fmt.Sprintf(`{"assignments":{"primary":"Person %d","secondary":"Zoë"},"note":"n %d","why":"entered afterwards"}`, i%7, i)
		if status, text := s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+date, body); status != http.StatusOK {
			t.Fatalf("PUT %s: got %d %s, want 200", date, status, text)
		}
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	return s.file
}

func exportTo(t *testing.T, store string) (path, lines string) {
	t.Helper()
	text, log, err := program(t, "export", "--store="+store)
	if err != nil || !strings.Contains(log, "Exported") {
		t.Fatalf("export: got %v, %s, want nil and what was exported", err, log)
	}
	path = filepath.Join(t.TempDir(), "export.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path, text
}

// content is an export without its first line, which says when it was made.
func content(lines string) string {
	_, rest, _ := strings.Cut(lines, "\n")
	return rest
}

func TestExportRestore(t *testing.T) {
	from := "bolt:" + filledStore(t, 60)
	path, lines := exportTo(t, from)
	into := "bolt:" + storeFile(t)
	for range 2 { // the second finds it all there
		out, log, err := program(t, "restore", "--store="+into, path)
		if err != nil || !strings.Contains(out, "Restored 180 changes, 60 days, 6 months, 8 people, 1 teams, 0 tokens; checksum") {
			t.Fatalf("restore: got %v, %s%s, want what was restored", err, out, log)
		}
	}
	if _, again := exportTo(t, into); content(again) != content(lines) {
		t.Error("the export of what was restored: got something else, want the same")
	}
	out, log, err := program(t, "migrate", "--from="+from, "--to=bolt:"+storeFile(t))
	if err != nil || !strings.Contains(out, "Both are equal, entry for entry.") || !strings.Contains(log, "migrated 15 of 15") {
		t.Errorf("migrate: got %v, %s%s, want both to be equal", err, out, log)
	}
	used := filledStore(t, 1)
	if out, log, err := program(t, "restore", "--store=bolt:"+used, path); err == nil || !strings.Contains(log, "the store is not empty") {
		t.Errorf("restore into a store that is in use: got %v, %s%s, want a refusal", err, out, log)
	}
	for what, c := range map[string]struct {
		args []string
		want string
	}{
		"no such store":    {[]string{"export", "--store=bolt:" + storeFile(t)}, "there is no store"},
		"no such file":     {[]string{"restore", "--store=" + into, path + "x"}, "export.jsonlx"},
		"no file":          {[]string{"restore", "--store=" + into}, "file"},
		"an unknown store": {[]string{"migrate", "--from=" + from, "--to=mysql://x"}, "is not a store"},
		"one store":        {[]string{"migrate", "--from=" + from, "--to=" + from}, "the same store"},
		"no target":        {[]string{"migrate", "--from=" + from}, "--to"},
	} {
		if _, log, err := program(t, c.args...); err == nil || !strings.Contains(log, c.want) {
			t.Errorf("%s: got %v, %s, want %q", what, err, log, c.want)
		}
	}
}

// A migration into a cluster that is killed on its way goes on when it is run again.
func TestMigrateToClusterKilled(t *testing.T) {
	c := asdtest.Start(t, 3, "that a migration which was killed goes on when it is run again")
	from := "bolt:" + filledStore(t, 366)
	_, lines := exportTo(t, from)
	killed := false
	cmd := exec.Command(binary, "migrate", "--from="+from, "--to="+c.URL())
	cmd.Stderr = writerFunc(func(b []byte) (int, error) {
		if strings.Contains(string(b), "migrated") && !killed {
			killed = true
			return len(b), cmd.Process.Kill()
		}
		return len(b), nil
	})
	if err := cmd.Run(); err == nil || !killed {
		t.Fatalf("the first run: got %v, killed %t, want it killed on its way", err, killed)
	}
	out, log, err := program(t, "migrate", "--from="+from, "--to="+c.URL())
	if err != nil || !strings.Contains(out, "Both are equal, entry for entry.") {
		t.Fatalf("the second run: got %v, %s%s, want both to be equal", err, out, log)
	}
	if _, there := exportTo(t, c.URL()); content(there) != content(lines) {
		t.Error("the export of the cluster: got something else than that of the file, want the same")
	}
	s := startOn(t, c.URL(), "after")
	if status, body := s.call(t, "GET", "/api/v1/teams/daily-roster/days/2026-01-04", ""); status != http.StatusOK || !strings.Contains(body, `"note":"n 1"`) {
		t.Errorf("a day, as the cluster serves it: got %d %s, want its note", status, body)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
