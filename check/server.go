package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// A server is the real program on a free loopback port, with a store of its own that
// holds a few weeks of roster.
type server struct {
	url   string
	today string // a day of the roster, in the zone the server was given
	cmd   *exec.Cmd
	ended chan struct{} // closed when it has
}

const readyWithin = 20 * time.Second

// audited gives the server that the page checks share. The first call starts it.
func (s *step) audited(ctx context.Context) (*server, error) {
	s.sharing.Lock()
	defer s.sharing.Unlock()
	if s.server == nil {
		server, err := s.startServer(ctx)
		if err != nil {
			return nil, err
		}
		s.server = server
	}
	return s.server, nil
}

func (s *step) startServer(ctx context.Context) (*server, error) {
	binary := filepath.Join(s.dir, "roster")
	if err := s.command(ctx, "go", "build", "-o", binary, ".").Run(); err != nil {
		return nil, fmt.Errorf("build the server: %w", err)
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(s.dir, "server.log"))
	if err != nil {
		return nil, err
	}
	// It outlives the check that starts it, and what that yields to: the session ends it.
	cmd := (&step{session: s.session, out: s.out}).command(context.WithoutCancel(ctx), binary, "serve",
		"--listen", address, "--store", "bolt://"+filepath.Join(s.dir, "audit.db"))
	cmd.Env = append(cmd.Env, "ROSTER_ZONE=UTC")
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		log.Close()
		return nil, err
	}
	srv := &server{
		url:   "http://" + address,
		today: time.Now().UTC().Format(time.DateOnly),
		cmd:   cmd,
		ended: make(chan struct{}),
	}
	go func() {
		defer close(srv.ended)
		defer log.Close()
		if err := cmd.Wait(); err != nil {
			fmt.Fprintln(log, "check: the server ended:", err)
		}
	}()
	err = srv.waitReady(ctx)
	if err == nil {
		err = srv.fill(ctx)
	}
	if err != nil {
		srv.stop()
		said, _ := os.ReadFile(log.Name())
		return nil, fmt.Errorf("%w; the server said:\n%s", err, said)
	}
	return srv, nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// waitReady waits until the server says that it can answer.
func (v *server) waitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		err := v.request(ctx, http.MethodGet, "/readyz", nil)
		if err == nil {
			return nil
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-v.ended:
			return errors.New("the server ended by itself")
		case <-ctx.Done():
			return fmt.Errorf("the server was not ready after %s: %w", readyWithin, err)
		}
	}
}

// fill enters a week of past and five weeks of future through the API: every day in
// turn, notes now and then, a few gaps and a holiday today, so that the pages show
// everything they can show.
func (v *server) fill(ctx context.Context) error {
	people := []string{"Ana Ruiz", "Bo Chen", "Chioma Okafor", "Dmitri Волков", "Élodie Brûlé"}
	today, err := time.Parse(time.DateOnly, v.today)
	if err != nil {
		return err
	}
	for i := range 42 {
		date := today.AddDate(0, 0, i-7).Format(time.DateOnly)
		assignments := map[string]any{"primary": people[i%len(people)], "secondary": people[(i+1)%len(people)]}
		if i%9 == 8 {
			assignments["secondary"] = nil
		}
		note := ""
		if i%5 == 0 {
			note = "Release day: call the office first"
		}
		body, err := json.Marshal(map[string]any{"assignments": assignments, "note": note, "why": "written down late"})
		if err != nil {
			return err
		}
		if err := v.request(ctx, http.MethodPut, "/api/v1/teams/daily-roster/days/"+date, body); err != nil {
			return fmt.Errorf("fill the roster: %w", err)
		}
	}
	holiday := "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Founders’ Day\nDTSTART:" + today.Format("20060102") + "\nEND:VEVENT\nEND:VCALENDAR\n"
	if err := v.request(ctx, http.MethodPut, "/api/v1/teams/daily-roster/holidays", []byte(holiday)); err != nil {
		return fmt.Errorf("enter a holiday: %w", err)
	}
	return v.askForSwap(ctx, today)
}

// askForSwap lets somebody be on call while away, and a swap wait for agreement.
func (v *server) askForSwap(ctx context.Context, today time.Time) error {
	day := func(n int) string { return today.AddDate(0, 0, n).Format(time.DateOnly) }
	swap := `{"kind":"swap","seat":{"date":"` + day(4) + `","role":"primary"},"with":{"date":"` + day(6) + `","role":"primary"}}`
	for _, r := range []struct{ method, path, body string }{
		{http.MethodPut, "/api/v1/people/ana-ruiz", `{"name":"Ana Ruiz","absences":[{"from":"` + day(2) + `","to":"` + day(9) + `","note":"on leave"}]}`},
		{http.MethodPut, "/api/v1/teams/daily-roster", `{"name":"Daily Roster","agreeFirst":true}`},
		{http.MethodPost, "/api/v1/teams/daily-roster/exchanges", swap},
	} {
		if err := v.request(ctx, r.method, r.path, []byte(r.body)); err != nil {
			return fmt.Errorf("ask for a swap: %w", err)
		}
	}
	return nil
}

// request sends a request; the error says any answer but 200 and 201.
func (v *server) request(ctx context.Context, method, path string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, v.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusCreated {
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, text)
	}
	return nil
}

// stop ends the server, by force if it does not end when asked.
func (v *server) stop() {
	_ = v.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-v.ended:
	case <-time.After(10 * time.Second):
		_ = v.cmd.Process.Kill()
		<-v.ended
	}
}
