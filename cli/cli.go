// Package cli is the program as a client on the command line: it asks a server who is on call,
// and changes the roster there, by the API that every program can use.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"go.yaml.in/yaml/v3"

	"dailyroster/client"
)

// Commands are what a server can be asked.
type Commands struct {
	Who    whoCmd    `cmd:"" group:"Asking a server:" help:"Say who is on call, in a team or in all."`
	Shifts shiftsCmd `cmd:"" group:"Asking a server:" help:"List somebody's shifts to come."`
	Watch  watchCmd  `cmd:"" group:"Asking a server:" help:"Say who is on call in a team, and again whenever that changes."`
	Set    setCmd    `cmd:"" group:"Asking a server:" help:"Put somebody on call on a day."`
	Swap   swapCmd   `cmd:"" group:"Asking a server:" help:"Swap a day for another, or take or give it."`
	Pull   pullCmd   `cmd:"" group:"Asking a server:" help:"Write the teams and people of a server as a file for apply."`
	Apply  applyCmd  `cmd:"" group:"Asking a server:" help:"Make teams and people what a file says, after a plan. Ends with 2 if they differ and were left so."`
}

// World is what a command works with.
type World struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
	Now            func() time.Time
}

// ExitError ends the program with a status of its own, after everything was said.
type ExitError struct{ Status int }

// Error implements error.
func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Status) }

// Run runs the command with the name; known is false if there is none of it here.
func (c *Commands) Run(ctx context.Context, name string, w World) (known bool, err error) {
	run, known := map[string]interface {
		run(ctx context.Context, w World) error
	}{
		"who": &c.Who, "shifts": &c.Shifts, "watch": &c.Watch, "set": &c.Set, "swap": &c.Swap, "pull": &c.Pull, "apply": &c.Apply,
	}[name]
	if !known {
		return false, nil
	}
	return true, run.run(ctx, w)
}

// remote is which server is asked, and how it is told what comes back.
type remote struct {
	Server string `help:"The server's address, such as https://roster.example.org. The file config.yaml in the folder roster of your configuration (~/.config) can have it as server." placeholder:"URL"`
	Token  string `help:"The token, for a server with a sign-in; better in the environment or in config.yaml, as token." placeholder:"TOKEN"`
	Output string `short:"o" enum:"table,json" default:"table" help:"table for people, json for programs."`
}

// settings are what config.yaml has.
type settings struct {
	Server string `yaml:"server"`
	Token  string `yaml:"token"`
}

// dial makes the client of the server that the flags, the environment or the file name.
func (r *remote) dial(w World) (*client.ClientWithResponses, error) {
	if r.Server == "" || r.Token == "" {
		kept, err := readSettings(w.Getenv)
		if err != nil {
			return nil, err
		}
		if r.Server == "" {
			r.Server = kept.Server
			if r.Token == "" {
				r.Token = kept.Token
			}
		} else if r.Token == "" && r.Server == kept.Server { // a token goes to no other server
			r.Token = kept.Token
		}
	}
	if r.Server == "" {
		return nil, errors.New("which server? Give --server, set ROSTER_SERVER, or write server: https://… into config.yaml in ~/.config/roster")
	}
	if !strings.HasPrefix(r.Server, "https://") && !strings.HasPrefix(r.Server, "http://") {
		return nil, fmt.Errorf("server: %q is not an address; write it like https://roster.example.org", r.Server)
	}
	return client.Dial(r.Server, r.Token)
}

func readSettings(getenv func(string) string) (kept settings, err error) {
	folder := getenv("XDG_CONFIG_HOME")
	if folder == "" {
		folder = filepath.Join(getenv("HOME"), ".config")
	}
	name := filepath.Join(folder, "roster", "config.yaml")
	content, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return kept, nil
	}
	if err == nil {
		err = yaml.Unmarshal(content, &kept)
	}
	if err != nil {
		return kept, fmt.Errorf("%s: %w", name, err)
	}
	return kept, nil
}

// print writes an answer as JSON, as it came, or as a table.
func (r *remote) print(w World, body []byte, table func(*tabwriter.Writer)) error {
	if r.Output == "json" {
		_, err := fmt.Fprintf(w.Stdout, "%s\n", strings.TrimSpace(string(body)))
		return err
	}
	columns := tabwriter.NewWriter(w.Stdout, 0, 4, 2, ' ', 0)
	table(columns)
	return columns.Flush()
}

// row writes the cells of a row of a table.
func row(columns *tabwriter.Writer, cells ...string) {
	_, _ = fmt.Fprintln(columns, strings.Join(cells, "\t")) // told by Flush
}

// asOf says that an answer is not of now, because the server's store did not answer.
func asOf(w World, answer *http.Response) {
	if at := answer.Header.Get("X-Roster-As-Of"); at != "" {
		_, _ = fmt.Fprintf(w.Stderr, "The server's database does not answer; this was so at %s.\n", at)
	}
}

// when is an instant on the clock of the team, as people read it: its weekday, and its date if
// that is not near.
func when(at *time.Time, now time.Time) string {
	switch {
	case at == nil:
		return ""
	case at.Before(now.AddDate(0, 0, 6)) && at.After(now.AddDate(0, 0, -6)):
		return at.Format("Mon 15:04 MST")
	}
	return at.Format("Mon 2 Jan 2006 15:04 MST")
}
