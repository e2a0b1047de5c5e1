package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The command works from every folder of the project, and nowhere else.
func TestToolsModule(t *testing.T) {
	top := t.TempDir()
	below := filepath.Join(top, "handlers", "live")
	for _, dir := range []string{below, filepath.Join(top, "tools")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(below)
	if got, err := toolsModule(); err == nil {
		t.Errorf("without the file: got %q, want an error", got)
	}
	want := filepath.Join(top, "tools", "go.mod")
	if err := os.WriteFile(want, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{below, top} {
		t.Chdir(dir)
		if got, err := toolsModule(); got != want || err != nil {
			t.Errorf("in %s: got %q, %v, want %q", dir, got, err, want)
		}
	}
}
