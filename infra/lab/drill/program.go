package drill

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"dailyroster/infra/lab/control"
)

// program is a roster of its own with a file, outside the hosts: where the drill itself runs.
type program struct {
	path    string
	env     []string
	address string
	folder  string
	log     *os.File
	cmd     *exec.Cmd
}

// newProgram starts one with the settings of the first host that has the program.
func (s *Script) newProgram() (*program, error) {
	h, _ := s.state.Host(s.Hosts(rosterd)[0])
	settings, err := os.ReadFile(filepath.Join(h.Root, "etc", "roster", "roster.env"))
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "drill-roster-")
	if err != nil {
		return nil, err
	}
	p := &program{path: filepath.Join(h.Root, "usr", "local", "bin", "roster"), folder: folder}
	listener, err := new(net.ListenConfig).Listen(s.ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, p.end())
	}
	p.address = listener.Addr().String()
	p.env = os.Environ()
	for line := range strings.Lines(string(settings)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			p.env = append(p.env, line)
		}
	}
	p.env = append(p.env, "ROSTER_LISTEN="+p.address, "ROSTER_STORE=bolt:"+filepath.Join(folder, "roster.db"), "ROSTER_INSTANCE=file", "ROSTER_HOSTS=", "ROSTER_PUBLIC_URL=")
	if p.log, err = os.Create(filepath.Join(folder, "log")); err != nil {
		return nil, errors.Join(err, listener.Close(), p.end())
	}
	if err := listener.Close(); err != nil {
		return nil, errors.Join(err, p.end())
	}
	if err := p.start(s.ctx); err != nil {
		return nil, errors.Join(err, p.end())
	}
	return p, nil
}

// start starts it and waits until it answers.
func (p *program) start(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, p.path, "serve")
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = p.env, p.folder, p.log, p.log
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	site := NewSite("http://"+p.address, 1)
	defer site.Close()
	for begun := time.Now(); ; {
		if a := site.ask(ctx, get("/readyz")); a.err == nil && a.status == 200 {
			return nil
		}
		if time.Since(begun) > wellTime || ctx.Err() != nil {
			text, _ := os.ReadFile(p.log.Name())
			return fmt.Errorf("the program with a file does not answer: %.2000s", text)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// kill ends it at once.
func (p *program) kill() error {
	if err := p.cmd.Process.Kill(); err != nil {
		return err
	}
	_ = p.cmd.Wait() // killed is how it ends
	p.cmd = nil
	return nil
}

// end ends it and removes its file.
func (p *program) end() error {
	var errs []error
	if p.cmd != nil {
		errs = append(errs, p.kill())
	}
	if p.log != nil {
		errs = append(errs, p.log.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(p.folder))...)
}

// addressOf is the address from which a host sends.
func addressOf(state control.State, host string) string {
	h, _ := state.Host(host)
	return h.Address
}
