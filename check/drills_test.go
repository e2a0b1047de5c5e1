package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLabsInMemory(t *testing.T) {
	const plenty = "MemTotal:       24000000 kB\nMemFree:         1000000 kB\nMemAvailable:   16000000 kB\n"
	for _, c := range []struct {
		release, meminfo string
		want             int
	}{
		{"6.6.0-generic\n", plenty, 2},
		{"7.0.1\n", plenty, 2},
		{"6.5.13\n", plenty, 0},
		{"5.15.0\n", plenty, 0},
		{"6.12.1\n", "MemAvailable:    2000000 kB\n", 0},
		{"6.12.1\n", "MemAvailable:    6400000 kB\n", 1},
		{"6.12.1\n", "MemTotal: 24000000 kB\n", 0},
		{"strange\n", plenty, 0},
	} {
		dir := t.TempDir()
		release, meminfo := filepath.Join(dir, "osrelease"), filepath.Join(dir, "meminfo")
		for path, text := range map[string]string{release: c.release, meminfo: c.meminfo} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := labsInMemory(release, meminfo); got != c.want {
			t.Errorf("%q, %q: got %d, want %d", c.release, c.meminfo, got, c.want)
		}
	}
	if got := labsInMemory("/nonexistent", "/nonexistent"); got != 0 {
		t.Errorf("without files that say so: got %d, want 0", got)
	}
}
