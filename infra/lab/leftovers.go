//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// runFolder has what a running lab needs: its socket and its record.
func runFolder(name string) string { return "/run/daily-roster-" + name }

// hostsFolder has the files of the hosts, on a real disk unless they are wanted in memory.
func hostsFolder(name string) string { return "/var/lib/daily-roster-" + name }

func recordPath(name string) string { return filepath.Join(runFolder(name), "record.json") }

// A record says what a lab has made, so that it can be removed when the lab cannot do
// it itself. It is written before anything is made.
type record struct {
	Lab        recorded   `json:"lab"`
	Namespaces []string   `json:"namespaces"`
	Processes  []recorded `json:"processes"` // the first of each host
}

// recorded is a process, told from a later one with the same id by when it started.
type recorded struct {
	PID     int    `json:"pid"`
	Started string `json:"started"`
}

func recordOf(pid int) (recorded, error) {
	stat, err := readStat(fmt.Sprintf("/proc/%d/stat", pid))
	return recorded{stat.pid, stat.started}, err
}

// lives tells whether it is still there, and still the same.
func (r recorded) lives() bool {
	now, err := recordOf(r.PID)
	return err == nil && now == r
}

func (r record) write(name string) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	next := recordPath(name) + ".new"
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return err
	}
	return os.Rename(next, recordPath(name))
}

// readRecord gives the record of a lab, or nil if there is none.
func readRecord(name string) (*record, error) {
	text, err := os.ReadFile(recordPath(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // no lab left anything: neither a record nor an error
	} else if err != nil {
		return nil, err
	}
	var r record
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", recordPath(name), err)
	}
	return &r, nil
}

// removeLeftovers ends what is left of a lab by that name, and removes what it made.
func removeLeftovers(ctx context.Context, name string) error {
	r, err := readRecord(name)
	if err != nil || r == nil {
		return err
	}
	if r.Lab.lives() && r.Lab.PID != os.Getpid() {
		if err := endLab(ctx, r.Lab); err != nil {
			return err
		}
	}
	for _, p := range r.Processes {
		if p.lives() {
			_ = syscall.Kill(p.PID, syscall.SIGKILL) // an error means that it has ended
		}
	}
	errs := []error{removeShares(name)}
	for _, ns := range r.Namespaces {
		if _, err := os.Stat(namespacePath(ns)); err == nil {
			errs = append(errs, removeNamespace(ctx, ns))
		}
	}
	// With --memory it is a file system of its own; if not, that is the error.
	_ = unix.Unmount(hostsFolder(name), unix.MNT_DETACH)
	errs = append(errs, os.RemoveAll(hostsFolder(name)))
	if err := errors.Join(errs...); err != nil {
		return err // the record stays, for another try
	}
	return os.RemoveAll(runFolder(name))
}

// endLab asks a lab to end, which lets it remove everything itself.
func endLab(ctx context.Context, lab recorded) error {
	_ = syscall.Kill(lab.PID, syscall.SIGTERM)
	for range 100 {
		if !lab.lives() {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
	return syscall.Kill(lab.PID, syscall.SIGKILL)
}

func removeNamespace(ctx context.Context, ns string) error {
	program, err := find("ip")
	if err != nil {
		return err
	}
	out, err := exec.CommandContext(ctx, program, "netns", "del", ns).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip netns del %s: %w: %s", ns, err, strings.TrimSpace(string(out)))
	}
	return nil
}
