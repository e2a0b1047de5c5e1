//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// A clock of its own is one that Linux does not have for a host. libfaketime puts itself between a
// program and the C library, and reads from a file how wrong the time is to be.

// fakeTime finds the library, where Debian and Fedora have it.
func fakeTime() (string, error) {
	for _, pattern := range []string{"/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1"} {
		if found, _ := filepath.Glob(pattern); len(found) > 0 { // the pattern is none that could be wrong
			return found[0], nil
		}
	}
	return "", errors.New("a clock of its own needs libfaketime: apt install libfaketime")
}

// setClock lets the clock of a process be wrong by so many seconds. It has one of its own from the
// next start on; then it can be set while the process runs.
func (p *process) setClock(seconds int64) error {
	p.orders.Lock()
	defer p.orders.Unlock()
	file := filepath.Join(p.host.root, "run", "clock-"+p.name)
	if p.clock == nil {
		library, err := fakeTime()
		if err != nil {
			return err
		}
		if p.running() != 0 {
			return fmt.Errorf("%s runs by the clock of the machine: it gets one of its own when it starts", p)
		}
		// Only what the time of day is, not how long something takes.
		p.clock = []string{
			"LD_PRELOAD=" + library, "FAKETIME_TIMESTAMP_FILE=" + file, "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
		}
	}
	next := file + ".new"
	if err := os.WriteFile(next, fmt.Appendf(nil, "%+d\n", seconds), 0o644); err != nil {
		return err
	}
	return os.Rename(next, file)
}
