//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A supervisor is what systemd is to a service that it started: it hears what the service says of
// itself by the protocol of sd_notify(3), ends it when it gives no sign of life, and starts it
// again. The lab has one for each process, which only listens until a drill asks for more.
type supervisor struct {
	socket *net.UnixConn // nil for a unit that says nothing of itself

	on       bool
	restarts int
	ready    bool // it said that it serves
	life     time.Time
}

// listenBelow opens the socket at which a service says what becomes of it.
func listenBelow(root, name string) (*net.UnixConn, error) {
	return net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(root, "run", "notify-"+name), Net: "unixgram"})
}

// noticesOf is what systemd tells a service of the socket in its environment. It would name the
// process as well; here that has another id inside than outside.
func (p *process) noticesOf() []string {
	if p.above.socket == nil {
		return nil
	}
	env := []string{"NOTIFY_SOCKET=" + p.above.socket.LocalAddr().String()}
	if p.unit.watchdog > 0 {
		env = append(env, fmt.Sprint("WATCHDOG_USEC=", p.unit.watchdog.Microseconds()))
	}
	return env
}

// hear notes what the service says, until the socket is closed.
func (p *process) hear() {
	message := make([]byte, 4096)
	for {
		n, err := p.above.socket.Read(message)
		if errors.Is(err, net.ErrClosed) {
			return
		} else if err != nil {
			p.tell("%s: what it says of itself: %v", p, err)
			return
		}
		p.mu.Lock()
		for line := range strings.Lines(string(message[:n])) {
			switch strings.TrimSpace(line) {
			case "READY=1":
				p.above.ready, p.above.life = true, time.Now()
			case "WATCHDOG=1":
				p.above.life = time.Now()
			}
		}
		p.mu.Unlock()
	}
}

// watchPause is how often it is looked at whether a service hangs.
const watchPause = 10 * time.Millisecond

// supervise lets the supervisor do what the unit says from now on, or no longer.
func (p *process) supervise(on bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if on && !p.unit.restarts {
		return fmt.Errorf("the unit of %s says nothing of starting it again", p)
	}
	if p.above.on == on {
		return nil
	}
	p.above.on, p.above.restarts, p.above.life = on, 0, time.Now()
	if on && p.above.socket != nil && p.unit.watchdog > 0 {
		go p.watchdog()
	}
	return nil
}

// watchdog ends a service that is silent for too long, while it is supervised.
func (p *process) watchdog() {
	for ; p.supervised(); time.Sleep(watchPause) {
		p.mu.Lock()
		silent := time.Since(p.above.life)
		hangs := p.cmd != nil && p.pid != 0 && !p.asked && p.above.ready && silent > p.unit.watchdog
		pid, cmd := p.pid, p.cmd
		if hangs {
			p.above.ready = false // once is enough
		}
		p.mu.Unlock()
		if hangs {
			p.tell("%s gave no sign of life for %s: it is ended", p, silent.Round(time.Millisecond))
			killTree(pid)
			_ = cmd.Process.Signal(syscall.SIGCONT) // see end
		}
	}
}

func (p *process) supervised() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.above.on
}

// startAgain starts a service that ended by itself, if it is supervised. One that ends again at once
// is started again by its own end.
func (p *process) startAgain() {
	if !p.supervised() {
		return
	}
	time.Sleep(p.unit.restartPause)
	p.mu.Lock()
	again := p.above.on && p.cmd == nil && !p.asked
	if again {
		p.above.restarts++
	}
	p.mu.Unlock()
	if !again {
		return
	}
	if err := p.start(context.Background()); err != nil {
		p.tell("%s was not started again: %v", p, err)
		return
	}
	p.tell("%s was started again", p)
}
