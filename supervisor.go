package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
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
	hang     time.Duration // see hangTime
}

// newSupervisor finds out from the environment who wants to be told, and how often.
func newSupervisor(log *slog.Logger) (*supervisor, error) {
	patience, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		return nil, fmt.Errorf("WATCHDOG_USEC: %w", err)
	}
	tell := func(state string) (bool, error) { return daemon.SdNotify(false, state) }
	return &supervisor{log: log, tell: tell, patience: patience, hang: hangTime}, nil
}

func (s *supervisor) say(state string) {
	if _, err := s.tell(state); err != nil {
		s.log.Warn("the supervisor could not be told", "state", state, "error", err)
	}
}

const (
	// signsOfLife is how many there are in the time that the supervisor waits for one: one that
	// comes late is no reason to be killed.
	signsOfLife = 3
	// hangTime is after which a program whose requests are not answered is as good as dead. It is
	// long: when all that look at a page come at once, some of them wait.
	hangTime = 15 * time.Second
	askPause = time.Second
)

// live gives signs of life until ctx ends. That there are any shows that the program is let run; so
// they come on time also when it has much to do. And there are none any more when url has not
// answered for too long. From when stopping ends it is not asked, as nothing listens any more, and
// the supervisor has a time of its own for a program that does not end.
func (s *supervisor) live(ctx, stopping context.Context, url string) {
	if s.patience == 0 {
		return
	}
	var answered atomic.Int64 // when it did last
	answered.Store(time.Now().UnixNano())
	asking, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		client := &http.Client{Timeout: s.hang, Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		every(asking, askPause, func() {
			if answers(asking, client, url) {
				answered.Store(time.Now().UnixNano())
			}
		})
	}()
	every(ctx, s.patience/signsOfLife, func() {
		if stopping.Err() != nil || time.Since(time.Unix(0, answered.Load())) < s.hang {
			s.say(daemon.SdNotifyWatchdog)
		}
	})
}

// every does something at once and then again after each pause, until ctx ends.
func every(ctx context.Context, pause time.Duration, do func()) {
	ticks := time.NewTicker(pause)
	defer ticks.Stop()
	for {
		do()
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
