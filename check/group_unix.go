//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// endsAsGroup has the program and what it starts be a process group, all of which is asked
// to end when the program's time is over: go and task, by which some programs are started,
// do not pass that on.
func endsAsGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}
