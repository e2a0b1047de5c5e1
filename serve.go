package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"dailyroster/assets"
	"dailyroster/desk"
	"dailyroster/handlers"
	"dailyroster/handlers/hooks"
	"dailyroster/handlers/whole"
	"dailyroster/intake/fetch"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/lastknown"
)

const (
	headerTime = 5 * time.Second  // for a request's header to arrive
	bodyTime   = 15 * time.Second // for the whole request to arrive
	answerTime = 30 * time.Second // for the whole answer to leave
	maxHeader  = 32 << 10         // bytes; the server adds 4 KiB for its own ease
	idleTime   = 2 * time.Minute  // for a kept connection without a request
	stopTime   = 10 * time.Second // for requests under way when the server stops

	firstTeamTime = 2 * time.Second // that the start waits for a store to have its first team

	// garbage is GOGC where the environment names none. What a request leaves behind is small
	// beside what is kept in memory, so that collecting half as often costs few megabytes, see
	// docs/performance.md.
	garbage = 200
)

// serve opens the store and answers requests until ctx ends; then readiness goes
// down, requests under way finish, and the store is closed.
func serve(ctx context.Context, cfg Config, log *slog.Logger, stdout io.Writer) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	zone, err := roster.ParseZone(cfg.Zone)
	if err != nil {
		return err
	}
	files, err := assets.New()
	if err != nil {
		return err
	}
	pages, err := fetch.New(cfg.ImportHosts)
	if err != nil {
		return err
	}
	method, err := cfg.method(cfg.Listen, cfg.PublicURL)
	if err != nil {
		return err
	}
	hosts, err := cfg.hosts(cfg.Listen)
	if err != nil {
		return err
	}
	chat, contacts, err := cfg.contact(method != nil)
	if err != nil {
		return err
	}
	access, err := cfg.access()
	if err != nil {
		return err
	}
	limits, err := cfg.limits()
	if err != nil {
		return err
	}
	out, err := cfg.notices()
	if err != nil {
		return err
	}
	defer out.close()
	ways, err := out.ways()
	if err != nil {
		return err
	}
	open, err := openerOf(cfg.Store)
	if err != nil {
		return err
	}
	above, err := newSupervisor(log)
	if err != nil {
		return err
	}
	data, cluster, err := open(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	known := lastknown.New(data, time.Now)
	copied := cfg.openCopy(cluster, known, log)
	site := handlers.New(ctx, handlers.Config{
		Store: known, Cluster: cluster, Assets: files, Log: log, Now: time.Now, Random: rand.Reader,
		Instance: cfg.Instance, Version: version, Zone: zone, Pages: pages, Hosts: hosts,
		SignIn: method, Access: access, ChatLink: chat, Contacts: contacts, Limits: limits,
		Ways: ways, Site: strings.TrimSuffix(cfg.PublicURL, "/"), Commands: hooks.Secrets{Slack: out.slackSigningSecret, Mattermost: out.mattermostTokens},
	})
	begun := make(chan error, 1)
	go func() { begun <- begin(ctx, known, site.Desk, log) }()
	select { // so that the first visitor finds the team, unless the store is down
	case err := <-begun:
		if err != nil {
			return err
		}
	case <-time.After(firstTeamTime):
	}
	keeping, stopKeeping := context.WithCancel(ctx)
	var kept sync.WaitGroup
	kept.Go(func() { site.Desk.Keep(keeping) })
	kept.Go(func() { site.Desk.FinishExchanges(keeping) })
	kept.Go(func() { site.Telling.Run(keeping) })
	kept.Go(func() { site.Telling.KeepGroups(keeping) })
	if copied != nil {
		kept.Go(func() { copied.Run(keeping) })
	}
	defer func() { // before the store is closed
		stopKeeping()
		kept.Wait()
	}()
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	server := newServer(site, log)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(whole.Listen(listener)) }()
	_, _ = fmt.Fprintf(stdout, "Daily Roster is at http://%s\n", listener.Addr())
	ending, ended := context.WithCancel(context.WithoutCancel(ctx))
	defer ended()
	go above.live(ending, ctx, "http://"+listener.Addr().String()+"/livez")
	above.say(daemon.SdNotifyReady)
	log.Info("serving", "listen", listener.Addr().String(), "store", cfg.Store, "sign-in", cmp.Or(cfg.SignIn, signInNone), "version", version)

	for waiting := true; waiting; {
		select {
		case err := <-failed:
			return err
		case err := <-begun:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			waiting = false
		}
	}
	above.say(daemon.SdNotifyStopping)
	log.Info("stopping", "drain", cfg.Drain)
	site.Drain()
	time.Sleep(cfg.Drain)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return server.Shutdown(stopping)
}

// newServer is one that cuts off who is slow. What the route table serves sets the times
// for body and answer anew, and a stream for each of its notices.
func newServer(site http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: site, ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader, ConnContext: whole.Context, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// begin makes the first team, again and again while the store cannot answer: the program serves
// what it can meanwhile. A store of a later format is a *store.NewerFormatError.
func begin(ctx context.Context, s store.Store, d *desk.Desk, log *slog.Logger) error {
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := firstWrites(attempt, s, d)
		cancel()
		if _, newer := errors.AsType[*store.NewerFormatError](err); newer {
			return err
		}
		if err == nil || ctx.Err() != nil {
			return nil //nolint:nilerr // the program ends
		}
		log.Warn("the store does not answer yet", "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(time.Second):
		}
	}
}

// firstWrites gives a new store its id and its first team.
func firstWrites(ctx context.Context, s store.Store, d *desk.Desk) error {
	fresh, err := d.ChangeID(ctx, "store")
	if err != nil {
		return err
	}
	if _, err := s.About(ctx, fresh); err != nil {
		return err
	}
	return d.FirstTeam(ctx)
}
