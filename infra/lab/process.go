//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"dailyroster/infra/lab/control"
)

const (
	startTime = 30 * time.Second
	stopTime  = 30 * time.Second
)

// A process is a program of a host, in the place of a systemd service: started and ended
// when asked, and never otherwise.
type process struct {
	name string
	host *host
	argv []string
	env  []string
	unit unit // what systemd would run before and after it
	tell func(format string, args ...any)

	orders sync.Mutex // one at a time

	mu     sync.Mutex // for what follows
	cmd    *exec.Cmd  // nil while it does not run
	pid    int
	ended  chan struct{} // closed when cmd has
	frozen bool
	asked  bool // that it ends was asked for
	above  supervisor

	share  share
	device uint64   // its disk, if it has one of its own
	clock  []string // what it is told of the time by its environment
}

func (p *process) log() string { return filepath.Join(p.host.root, "var", "log", p.name+".out") }

func (p *process) String() string { return p.host.name + "/" + p.name }

// running gives the process's id, or 0.
func (p *process) running() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	return p.pid
}

// state is what the lab says of it.
func (p *process) state() control.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := control.Process{Name: p.name, Log: p.log(), Supervised: p.above.on, Restarts: p.above.restarts}
	if p.cmd != nil {
		s.PID, s.Running, s.Frozen = p.pid, p.pid != 0, p.frozen
	}
	return s
}

// endedByItself tells whether it was started, does not run, and nobody asked for that.
func (p *process) endedByItself() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended != nil && p.cmd == nil && !p.asked
}

func (p *process) start(ctx context.Context) error {
	p.orders.Lock()
	defer p.orders.Unlock()
	if pid := p.running(); pid != 0 {
		return fmt.Errorf("%s runs already", p)
	}
	log, err := os.OpenFile(p.log(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	if err := p.run(ctx, p.unit.startPre); err != nil {
		return err
	}
	// It outlives the order to start it.
	cmd, err := p.host.command(context.WithoutCancel(ctx), p.argv...)
	if err != nil {
		return err
	}
	cmd.Env = slices.Concat(os.Environ(), p.env, p.noticesOf(), p.clock)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p, err)
	}
	ended := make(chan struct{})
	p.mu.Lock()
	p.cmd, p.pid, p.ended, p.frozen, p.asked = cmd, 0, ended, false, false
	p.above.ready = false
	p.mu.Unlock()
	go p.wait(cmd, ended)

	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		if children := below(cmd.Process.Pid); len(children) > 0 {
			p.mu.Lock()
			p.pid = children[0]
			p.mu.Unlock()
			if err := p.share.admit(children...); err != nil {
				return err
			}
			break
		}
		select {
		case <-ended:
			return fmt.Errorf("%s ended at once; see %s", p, p.log())
		case <-ctx.Done():
			return fmt.Errorf("%s did not start within %s", p, startTime)
		case <-time.After(time.Millisecond):
		}
	}
	return p.run(ctx, p.unit.startPost)
}

// wait notes that the process has ended, with all that it had started.
func (p *process) wait(cmd *exec.Cmd, ended chan struct{}) {
	err := cmd.Wait()
	p.mu.Lock()
	p.cmd, p.pid = nil, 0
	asked, after := p.asked, p.unit.stopPost
	p.mu.Unlock()
	if err := p.run(context.Background(), after); err != nil {
		p.tell("%s: %v", p, err)
	}
	how := "with success"
	if err != nil {
		how = err.Error()
	}
	if !asked {
		p.tell("%s ended by itself: %s; see %s", p, how, p.log())
	}
	close(ended)
	if !asked {
		p.startAgain()
	}
}

// abandon lets the process end with its host, with nothing said or done about it.
func (p *process) abandon() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		_ = p.cmd.Process.Signal(syscall.SIGCONT) // see end
	}
	p.asked, p.unit, p.above.on = true, unit{}, false
}

// run runs on the host what the unit says, by a shell.
func (p *process) run(ctx context.Context, lines []string) error {
	for _, line := range lines {
		cmd, err := p.host.command(ctx, "/bin/sh", "-c", strings.TrimPrefix(line, "-"))
		if err != nil {
			return err
		}
		out, err := cmd.CombinedOutput()
		if err != nil && !strings.HasPrefix(line, "-") {
			return fmt.Errorf("%s: %w: %s", line, err, out)
		}
	}
	return nil
}

// kill ends it at once, with all that it has started, as systemd would.
func (p *process) kill(ctx context.Context) error {
	p.orders.Lock()
	defer p.orders.Unlock()
	return p.end(ctx, killTree)
}

func killTree(pid int) {
	for _, one := range tree(pid) {
		_ = syscall.Kill(one, syscall.SIGKILL) // an error means that it has ended
	}
}

// stop asks it to end, and waits until it has.
func (p *process) stop(ctx context.Context) error {
	p.orders.Lock()
	defer p.orders.Unlock()
	return p.end(ctx, func(pid int) { _ = syscall.Kill(pid, syscall.SIGTERM) })
}

func (p *process) end(ctx context.Context, signal func(pid int)) error {
	p.mu.Lock()
	pid, cmd, ended := p.pid, p.cmd, p.ended
	if cmd == nil {
		p.mu.Unlock()
		return fmt.Errorf("%s does not run", p)
	}
	p.asked = true
	p.mu.Unlock()
	signal(pid)
	// nsenter has stopped with a frozen child, and would not see it end.
	_ = cmd.Process.Signal(syscall.SIGCONT)
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(stopTime):
		return fmt.Errorf("%s did not end within %s", p, stopTime)
	}
}

// freeze stops it and all that it has started, without ending any; thaw lets them go on.
func (p *process) freeze() error { return p.pause(true, syscall.SIGSTOP) }

func (p *process) thaw() error { return p.pause(false, syscall.SIGCONT) }

func (p *process) pause(freeze bool, signal syscall.Signal) error {
	p.orders.Lock()
	defer p.orders.Unlock()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return fmt.Errorf("%s does not run", p)
	}
	var errs []error
	for _, one := range tree(p.pid) {
		if err := syscall.Kill(one, signal); !errors.Is(err, syscall.ESRCH) { // it may just have ended
			errs = append(errs, err)
		}
	}
	if !freeze {
		// nsenter stops when its child does.
		errs = append(errs, p.cmd.Process.Signal(signal))
	}
	p.frozen = freeze
	return errors.Join(errs...)
}

// tree is a process and all that it has started, itself first.
func tree(pid int) []int { return append([]int{pid}, below(pid)...) }

// below gives every descendant of a process, parents before children.
func below(pid int) []int {
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil
	}
	children := map[int][]int{}
	for _, path := range stats {
		if stat, err := readStat(path); err == nil {
			children[stat.parent] = append(children[stat.parent], stat.pid)
		}
	}
	found := slices.Clone(children[pid])
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found
}

// procStat is what /proc says of a process, as far as it is used here.
type procStat struct {
	pid, parent int
	started     string // in ticks since the boot: with the id it names one process and no other
}

func readStat(path string) (procStat, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return procStat{}, err
	}
	// The name in brackets may hold anything.
	before, after, ok := strings.Cut(string(text), " (")
	after = after[strings.LastIndexByte(after, ')')+1:]
	fields := strings.Fields(after)
	if !ok || len(fields) < 20 {
		return procStat{}, fmt.Errorf("%s is not understood", path)
	}
	pid, err := strconv.Atoi(before)
	if err != nil {
		return procStat{}, err
	}
	parent, err := strconv.Atoi(fields[1])
	return procStat{pid, parent, fields[19]}, err
}
