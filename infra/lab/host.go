//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

// A host is a network namespace and, for its processes, a process namespace: as on a
// machine of its own they see only each other, and end when the first of them does.
type host struct {
	name, address string
	namespace     string
	root          string     // the folder with its files
	first         *exec.Cmd  // it waits for orphans, and for nothing else
	processes     []*process // in the order in which a boot starts them
	linkUp        bool
	detour        *detour // while its cable is slow
}

// spawner starts the hosts' first processes. They get a signal when the thread ends that
// started them, so it is one thread that lives as long as the lab; and with the first
// process of a host all others end, whatever becomes of the lab.
type spawner chan func()

func newSpawner() spawner {
	s := make(spawner)
	go func() {
		runtime.LockOSThread() // and never unlocked: it strays through namespaces
		for do := range s {
			do()
		}
	}()
	return s
}

// boot starts a host's first process.
func (s spawner) boot(h *host) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	// Context-free: it ends with the lab, after everything else.
	cmd := exec.CommandContext(context.Background(), self, "host-init", h.name)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS | unix.CLONE_NEWUTS,
		Pdeathsig:  syscall.SIGKILL,
		Setpgid:    true, // a Ctrl-C is for the lab alone
	}
	ready, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	started := make(chan error)
	s <- func() {
		err := enter(h.namespace)
		if err == nil {
			err = cmd.Start()
		}
		started <- err
	}
	if err := <-started; err != nil {
		return err
	}
	h.first = cmd
	if _, err := io.ReadFull(ready, make([]byte, 1)); err != nil {
		return fmt.Errorf("the first process of %s did not start: %w", h.name, err)
	}
	return nil
}

// end ends everything that runs on a host.
func (h *host) end() {
	if h.first == nil {
		return
	}
	_ = h.first.Process.Kill()
	_ = h.first.Wait() // killed is how it ends
	h.first = nil
}

// command prepares a program on the host. nsenter stays as its parent outside, and ends
// as it does.
func (h *host) command(ctx context.Context, argv ...string) (*exec.Cmd, error) {
	nsenter, err := find("nsenter")
	if err != nil {
		return nil, err
	}
	into := []string{fmt.Sprintf("--target=%d", h.first.Process.Pid), "--net", "--pid", "--mount", "--uts", "--"}
	cmd := exec.CommandContext(ctx, nsenter, append(into, argv...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Dir = h.root
	return cmd, nil
}

func (h *host) process(name string) (*process, error) {
	i := slices.IndexFunc(h.processes, func(p *process) bool { return p.name == name })
	if i < 0 {
		return nil, fmt.Errorf("no process of %s is named %q", h.name, name)
	}
	return h.processes[i], nil
}

// initCmd is the first process of a host.
type initCmd struct {
	Host string `arg:""`
}

func (i initCmd) Run() error {
	if os.Getpid() != 1 {
		return errors.New("host-init is for the lab alone")
	}
	if err := unix.Mount("none", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return err
	}
	if err := unix.Sethostname([]byte(i.Host)); err != nil {
		return err
	}
	orphans := make(chan os.Signal, 1)
	signal.Notify(orphans, unix.SIGCHLD)
	fmt.Print("!") // ready
	for range orphans {
		for {
			pid, err := unix.Wait4(-1, nil, unix.WNOHANG, nil)
			if pid <= 0 && !errors.Is(err, unix.EINTR) {
				break
			}
		}
	}
	return nil
}
