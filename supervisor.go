package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// supervisor is who started the program and would start it again, as systemd does: it is told
// what becomes of the program by the protocol of sd_notify(3). Where nobody wants to be told,
// nothing is said.
type supervisor struct {
	log  *slog.Logger
	tell func(state string) (sent bool, err error)
	// patience is how long the supervisor waits for a sign of life, 0 where it does not.
	patience time.Duration
}

// newSupervisor finds out from the environment who wants to be told, and how often.
func newSupervisor(log *slog.Logger) (*supervisor, error) {
	patience, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		return nil, fmt.Errorf("WATCHDOG_USEC: %w", err)
	}
	tell := func(state string) (bool, error) { return daemon.SdNotify(false, state) }
	return &supervisor{log: log, tell: tell, patience: patience}, nil
}

func (s *supervisor) say(state string) {
	if _, err := s.tell(state); err != nil {
		s.log.Warn("the supervisor could not be told", "state", state, "error", err)
	}
}

// signsOfLife is how many there are in the time that the supervisor waits for one: one that comes
// late is no reason to be killed.
const signsOfLife = 3

// live gives signs of life until ctx ends: each time that url answers, as a program whose requests
// hang is as good as dead. From when stopping ends none is asked, as nothing listens any more, and
// the supervisor has a time of its own for a program that does not end.
func (s *supervisor) live(ctx, stopping context.Context, url string) {
	if s.patience == 0 {
		return
	}
	pause := s.patience / signsOfLife
	client := &http.Client{Timeout: pause, Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for {
		if stopping.Err() != nil || answers(ctx, client, url) {
			s.say(daemon.SdNotifyWatchdog)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

func answers(ctx context.Context, client *http.Client, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	res, err := client.Do(req)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return err == nil && res.StatusCode == http.StatusOK
}
