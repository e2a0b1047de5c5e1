package main

import (
	"bytes"
	"runtime/debug"
	"strings"
	"testing"
)

func TestCommitOf(t *testing.T) {
	of := func(pairs ...string) (settings []debug.BuildSetting) {
		for i := 0; i < len(pairs); i += 2 {
			settings = append(settings, debug.BuildSetting{Key: pairs[i], Value: pairs[i+1]})
		}
		return settings
	}
	for _, c := range []struct {
		settings []debug.BuildSetting
		want     string
	}{
		{of("GOOS", "linux"), ""},
		{of("vcs.revision", "a7b37f0", "vcs.time", "2026-11-29T09:52:45Z", "vcs.modified", "false"), "commit a7b37f0 of 2026-11-29T09:52:45Z"},
		{of("vcs.revision", "a7b37f0", "vcs.time", "2026-11-29T09:52:45Z", "vcs.modified", "true"), "commit a7b37f0 of 2026-11-29T09:52:45Z, with changes"},
	} {
		if got := commitOf(c.settings); got != c.want {
			t.Errorf("%v: got %q, want %q", c.settings, got, c.want)
		}
	}
}

// The version stands alone in the first line, for programs that ask.
func TestVersionCommand(t *testing.T) {
	var out bytes.Buffer
	if err := (versionCmd{}).run(&out); err != nil {
		t.Fatal(err)
	}
	if first, rest, _ := strings.Cut(out.String(), "\n"); first != version || !strings.Contains(rest, "go1.") {
		t.Errorf("got %q, want the version %q in the first line, and Go's after it", out.String(), version)
	}
}
