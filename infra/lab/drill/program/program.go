// Package program runs the program as somebody with one machine does: with a file, outside the hosts
// of the lab, where the drill itself runs.
package program

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"dailyroster/infra/lab/control"
)

// startTime is how long a start may take.
const startTime = 2 * time.Minute

// Program is a roster of its own with a file. It belongs to one goroutine.
type Program struct {
	Address string // where it listens, as 127.0.0.1:40123

	path   string
	env    []string
	folder string
	log    *os.File
	cmd    *exec.Cmd
}

// Like starts the program of a host of the lab, with the host's settings. End ends it.
func Like(ctx context.Context, h control.Host) (*Program, error) {
	settings, err := os.ReadFile(filepath.Join(h.Root, "etc", "roster", "roster.env"))
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "drill-roster-")
	if err != nil {
		return nil, err
	}
	p := &Program{path: filepath.Join(h.Root, "usr", "local", "bin", "roster"), folder: folder}
	if err := p.first(ctx, string(settings)); err != nil {
		return nil, errors.Join(err, p.End())
	}
	return p, nil
}

// first starts it for the first time, on a free port.
func (p *Program) first(ctx context.Context, settings string) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p.Address = listener.Addr().String()
	p.env = os.Environ()
	for line := range strings.Lines(settings) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			p.env = append(p.env, line)
		}
	}
	p.env = append(p.env, "ROSTER_LISTEN="+p.Address, "ROSTER_STORE=bolt:"+filepath.Join(p.folder, "roster.db"), "ROSTER_INSTANCE=file", "ROSTER_HOSTS=", "ROSTER_PUBLIC_URL=")
	p.log, err = os.Create(filepath.Join(p.folder, "log"))
	if err := errors.Join(err, listener.Close()); err != nil {
		return err
	}
	return p.Start(ctx)
}

// Start starts it, after a Kill, and waits until it answers.
func (p *Program) Start(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, p.path, "serve")
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = p.env, p.folder, p.log, p.log
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	for begun := time.Now(); !p.ready(ctx); time.Sleep(20 * time.Millisecond) {
		if time.Since(begun) > startTime || ctx.Err() != nil {
			text, _ := os.ReadFile(p.log.Name())
			return fmt.Errorf("the program with a file does not answer: %.2000s", text)
		}
	}
	return nil
}

func (p *Program) ready(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.Address+"/readyz", http.NoBody)
	if err != nil {
		return false
	}
	client := http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

// Kill ends it at once.
func (p *Program) Kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = p.cmd.Wait() // killed is how it ends
	p.cmd = nil
	return nil
}

// End ends it and removes its file.
func (p *Program) End() error {
	var errs []error
	if p.cmd != nil {
		errs = append(errs, p.Kill())
	}
	if p.log != nil {
		errs = append(errs, p.log.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(p.folder))...)
}
