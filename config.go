package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"dailyroster/intake/fetch"
	"dailyroster/roster"
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

// environment gives the flag --listen the value of ROSTER_LISTEN, and so on, where
// the command line has none.
func environment(getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		if value := getenv("ROSTER_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))); value != "" {
			return value, nil
		}
		return nil, nil
	})
}

// logger writes structured lines.
func (c Config) logger(w io.Writer) *slog.Logger {
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
