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
// --listen from ROSTER_LISTEN, and so on. docs/configuration.md is made from the flags:
// after a change run go tool task docs.
type Config struct {
	Listen      string        `default:"127.0.0.1:8080" group:"Serving:" help:"Address to listen on."`
	Zone        string        `default:"UTC" group:"Serving:" help:"IANA time zone of the first team, and the one suggested for new teams, such as Europe/Berlin."`
	Instance    string        `group:"Serving:" help:"Name of this instance, shown at the foot of every page and in the X-Served-By header. The default is the host name."`
	Drain       time.Duration `default:"1s" group:"Serving:" help:"How long to keep serving after a signal to stop, while /readyz already says no, so that proxies send their requests elsewhere."`
	ImportHosts []string      `group:"Serving:" help:"Hosts of wikis, separated by commas, whose pages an import may fetch. The default is none."`
	Log         string        `default:"text" enum:"text,json" group:"Serving:" help:"Format of the log: text or json."`

	HostConfig  `embed:"" group:"Serving:"`
	StoreConfig `embed:""`
	CopyConfig  `embed:""`

	SignInConfig  `embed:"" group:"Sign-in and rights:"`
	ContactConfig `embed:"" group:"Contact:"`
	NoticeConfig  `embed:"" group:"Notices:"`
	LimitConfig   `embed:"" group:"Limits (0 means no limit):"`
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
	method, err := c.method(c.Listen, c.PublicURL)
	if err != nil {
		return err
	}
	if _, _, err := c.contact(method != nil); err != nil {
		return err
	}
	if _, err := c.hosts(c.Listen); err != nil {
		return err
	}
	if _, err := c.access(); err != nil {
		return err
	}
	if _, err := c.limits(); err != nil {
		return err
	}
	if _, err := c.notices(); err != nil {
		return err
	}
	if c.SignIn == signInOIDC && c.TokenOwnerSeen != 0 && c.TokenOwnerSeen < c.SessionTime+24*time.Hour {
		return errors.New("token-owner-seen: it is at least a day longer than session-time, or tokens would end before their owners have to sign in again")
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
		if value := getenv(variable(flag.Name)); value != "" {
			return value, nil
		}
		return nil, nil
	})
}

// variable is the environment variable of a flag.
func variable(flag string) string {
	return "ROSTER_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// logger writes structured lines.
func (c Config) logger(w io.Writer) *slog.Logger {
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(w, nil))
	}
	return slog.New(slog.NewTextHandler(w, nil))
}
