package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestMemoryFits(t *testing.T) {
	const plenty = "MemTotal:       24000000 kB\nMemFree:         1000000 kB\nMemAvailable:   16000000 kB\n"
	for _, c := range []struct {
		release, meminfo string
		want             bool
	}{
		{"6.6.0-generic\n", plenty, true},
		{"7.0.1\n", plenty, true},
		{"6.5.13\n", plenty, false},
		{"5.15.0\n", plenty, false},
		{"6.12.1\n", "MemAvailable:    2000000 kB\n", false},
		{"6.12.1\n", "MemTotal: 24000000 kB\n", false},
		{"strange\n", plenty, false},
	} {
		dir := t.TempDir()
		release, meminfo := filepath.Join(dir, "osrelease"), filepath.Join(dir, "meminfo")
		for path, text := range map[string]string{release: c.release, meminfo: c.meminfo} {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := memoryFits(release, meminfo); got != c.want {
			t.Errorf("%q, %q: got %t, want %t", c.release, c.meminfo, got, c.want)
		}
	}
	if memoryFits("/nonexistent", "/nonexistent") {
		t.Error("without files that say so: got true, want false")
	}
}
