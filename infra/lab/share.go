//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const groups = "/sys/fs/cgroup"

// unified tells whether the machine has control groups of version 2, in one tree for all that can be
// bounded; version 1 has a tree for each.
func unified() bool {
	_, err := os.Stat(filepath.Join(groups, "cgroup.controllers"))
	return err == nil
}

// A share is what a process may have of the machine: a control group, made when something is bounded.
type share struct{ name string }

// shareOf is that of a process of a lab.
func shareOf(lab, host, process string) share { return share{groupPrefix(lab) + host + "-" + process} }

func groupPrefix(lab string) string { return "daily-roster-" + lab + "." }

// A bound is a file of a control group and what is written there.
type bound struct{ controller, file, value string }

// memoryBound is a bound on memory, in bytes: over it Linux ends a process of the group.
func memoryBound(bytes int64) bound {
	if unified() {
		return bound{"memory", "memory.max", fmt.Sprint(bytes)}
	}
	return bound{"memory", "memory.limit_in_bytes", fmt.Sprint(bytes)}
}

// writesBound is a bound on how often a second a block device is written, 0 for none.
func writesBound(device uint64, perSecond int) bound {
	name := fmt.Sprintf("%d:%d", device>>8&0xfff, device&0xff)
	if !unified() {
		return bound{"blkio", "blkio.throttle.write_iops_device", fmt.Sprintf("%s %d", name, perSecond)}
	}
	if perSecond == 0 {
		return bound{"io", "io.max", name + " wiops=max"}
	}
	return bound{"io", "io.max", fmt.Sprintf("%s wiops=%d", name, perSecond)}
}

// set bounds what the processes have that it is given, and all that they start.
func (s share) set(b bound, pids ...int) error {
	folder := filepath.Join(groups, b.controller, s.name)
	if unified() {
		folder = filepath.Join(groups, s.name)
		if err := os.WriteFile(filepath.Join(groups, "cgroup.subtree_control"), []byte("+"+b.controller), 0o600); err != nil {
			return fmt.Errorf("control groups: %w", err)
		}
	}
	if err := os.Mkdir(folder, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("control groups: %w", err)
	}
	if err := os.WriteFile(filepath.Join(folder, b.file), []byte(b.value), 0o600); err != nil {
		return fmt.Errorf("control groups: %w", err)
	}
	return join(folder, pids)
}

// join adds processes to a control group. One that has ended meanwhile needs no bound.
func join(folder string, pids []int) error {
	for _, pid := range pids {
		err := os.WriteFile(filepath.Join(folder, "cgroup.procs"), []byte(fmt.Sprint(pid)), 0o600)
		if err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("control groups: %w", err)
		}
	}
	return nil
}

// folders are those that there are of the share.
func (s share) folders() []string {
	all, _ := filepath.Glob(filepath.Join(groups, "*", s.name)) // the pattern is none that could be wrong
	if unified() {
		all, _ = filepath.Glob(filepath.Join(groups, s.name))
	}
	return all
}

// admit gives a process that was just started the bounds that it had before.
func (s share) admit(pids ...int) error {
	for _, folder := range s.folders() {
		if err := join(folder, pids); err != nil {
			return err
		}
	}
	return nil
}

// bound bounds what a process has, and all that it has started.
func (p *process) bound(b bound) error {
	pid := p.running()
	if pid == 0 {
		return fmt.Errorf("%s does not run", p)
	}
	return p.share.set(b, tree(pid)...)
}

// removeShares removes the control groups of a lab whose processes have ended.
func removeShares(lab string) error {
	var errs []error
	for _, folder := range (share{groupPrefix(lab) + "*"}).folders() {
		if err := os.Remove(folder); err != nil && !strings.Contains(err.Error(), "no such") {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
