//go:build unix

package main

import (
	"os/exec"
	"syscall"
)

// endsAsGroup puts the program and its children in a process group, all of which is asked
// to end when the program's time is over. Programs that start others, such as go and task,
// do not pass that on.
func endsAsGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}
