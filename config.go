package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"dailyroster/intake/fetch"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/bolt"
)

// Config is all settings of a server. Each flag can come from the environment:
// --listen from ROSTER_LISTEN, and so on.
type Config struct {
	Listen      string        `default:"127.0.0.1:8080" help:"Address to listen on."`
	Zone        string        `help:"IANA time zone of the first team and of new ones, such as Europe/Berlin; UTC if not given."`
	Instance    string        `help:"Name of this machine on the page and in X-Served-By; its host name if not given."`
	Drain       time.Duration `default:"1s" help:"How long to go on serving after a stop was asked for, while /readyz says no."`
	ImportHosts []string      `help:"Hosts of wikis whose pages may be fetched to import a roster, with commas between; none if not given."`
	Log         string        `default:"text" enum:"text,json" help:"Form of the log: ${enum}."`

	StoreConfig `embed:""`

	SignInConfig `embed:"" group:"Who is let in, and who may do what:"`
	LimitConfig  `embed:"" group:"How much anybody may ask for; 0 is no limit:"`
}

// StoreConfig is where the roster is kept.
type StoreConfig struct {
	Store string `default:"bolt:data/roster.db" help:"Where the roster is kept: bolt:///path/roster.db, bolt:roster.db below the current folder, or aerospike://host:3000,host:3000,host:3000/namespace."`
}

// Validate fills in what can be found out and refuses what cannot work, naming the
// setting.
func (c *Config) Validate() error {
	if _, _, err := net.SplitHostPort(c.Listen); err != nil {
		return fmt.Errorf("listen: %q is not an address; write it like 127.0.0.1:8080", c.Listen)
	}
	if _, err := openerOf(c.Store); err != nil {
		return err
	}
	if _, err := c.method(c.Listen); err != nil {
		return err
	}
	if _, err := c.access(); err != nil {
		return err
	}
	if _, err := c.limits(); err != nil {
		return err
	}
	if c.Zone == "" {
		c.Zone = "UTC"
	}
	if _, err := roster.ParseZone(c.Zone); err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	if _, err := fetch.New(c.ImportHosts); err != nil {
		return fmt.Errorf("import-hosts: %w", err)
	}
	if c.Drain < 0 {
		return errors.New("drain: a time cannot be negative")
	}
	if c.Instance == "" {
		name, err := os.Hostname()
		if err != nil {
			return fmt.Errorf("instance: the machine has no host name (%w); give one", err)
		}
		c.Instance = name
	}
	return nil
}

// opener opens the store that the setting names. cluster is nil for a store on one
// machine.
type opener func(ctx context.Context, log *slog.Logger) (s store.Store, cluster store.Clustered, err error)

// openerOf reads the URL of a store.
func openerOf(location string) (opener, error) {
	if strings.HasPrefix(location, aerospike.Scheme) {
		where, err := aerospike.ParseURL(location)
		if err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
		return func(ctx context.Context, log *slog.Logger) (store.Store, store.Clustered, error) {
			s, err := aerospike.Open(ctx, where, aerospike.Deps{Log: log, Now: time.Now})
			return s, s, err
		}, nil
	}
	path, err := boltPath(location)
	if err != nil {
		return nil, err
	}
	return func(context.Context, *slog.Logger) (store.Store, store.Clustered, error) {
		s, err := bolt.Open(path)
		return s, nil, err
	}, nil
}

// boltPath is the file that a URL of the scheme bolt names.
func boltPath(raw string) (string, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "bolt" || u.Host != "" || u.Opaque == "" && u.Path == "" {
		return "", fmt.Errorf("store: %q is not a store; write it like bolt:///var/lib/roster/roster.db or aerospike://db1:3000,db2:3000,db3:3000/daily_roster", raw)
	}
	if u.Opaque != "" {
		path, err := url.PathUnescape(u.Opaque)
		return filepath.FromSlash(path), err
	}
	return filepath.FromSlash(u.Path), nil
}
