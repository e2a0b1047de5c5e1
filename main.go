// Daily Roster tells who is on call, now and on any day: a page for people, a JSON
// API for programs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // zones must not depend on what the machine has installed

	"github.com/alecthomas/kong"

	"dailyroster/cli"
	"dailyroster/notify"
)

func main() {
	// What the library for chats sends goes through a guard; everything else goes on as before.
	http.DefaultTransport = notify.NewOutlet(http.DefaultTransport)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	if status, is := errors.AsType[*cli.ExitError](err); is {
		os.Exit(status.Status)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "roster:", err)
		os.Exit(1)
	}
}

// commands are what the program can be asked to do.
type commands struct {
	Serve   Config     `cmd:"" default:"withargs" help:"Serve the page and the API."`
	Export  exportCmd  `cmd:"" help:"Write everything in a store to standard output."`
	Restore restoreCmd `cmd:"" help:"Write an export into an empty store. If a restore is interrupted, run it again."`
	Migrate migrateCmd `cmd:"" help:"Copy everything in one store into another, empty one. If a migration is interrupted, run it again."`
	Version versionCmd `cmd:"" help:"Print the version, the commit and its date."`

	cli.Commands `embed:""`

	Completion completionCmd `cmd:"" help:"Print what a shell reads to complete commands and flags."`
	Manual     manualCmd     `cmd:"" help:"Print the manual page, for man."`
}

type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

type manualCmd struct{}

// run is the program, without the process around it. It ends when what was asked is
// done or ctx is.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) error {
	var asked commands
	asked.Serve.readSecrets(getenv) // before the parser asks whether the settings can work
	parser, err := newParser(&asked, getenv, stdout, stderr)
	if err != nil {
		return err
	}
	command, err := parse(parser, args)
	switch {
	case errors.Is(err, errHelpShown):
		return nil
	case err != nil:
		return err
	}
	switch name, _, _ := strings.Cut(command, " "); name {
	case "version":
		return asked.Version.run(stdout)
	case "export":
		return asked.Export.run(ctx, stdout, stderr)
	case "restore":
		return asked.Restore.run(ctx, stdout, stderr)
	case "migrate":
		return asked.Migrate.run(ctx, stdout, stderr)
	case "completion":
		return cli.Completion(stdout, parser.Model, asked.Completion.Shell)
	case "manual":
		return cli.Manual(stdout, parser.Model, version)
	default:
		if known, err := asked.Run(ctx, name, cli.World{Stdin: os.Stdin, Stdout: stdout, Stderr: stderr, Getenv: getenv, Now: time.Now}); known {
			return err
		}
	}
	if err := asked.Serve.Validate(); err != nil {
		return err
	}
	return serve(ctx, asked.Serve, asked.Serve.logger(stderr), stdout)
}

// newParser makes what reads the command line and the environment into the commands.
func newParser(into *commands, getenv func(string) string, stdout, stderr io.Writer) (*kong.Kong, error) {
	return kong.New(into,
		kong.Name("roster"),
		kong.Description("Who is on call, now and on any day. Each flag can also come from the environment: --listen from ROSTER_LISTEN, and so on."),
		kong.Writers(stdout, stderr),
		kong.Resolvers(environment(getenv)),
		kong.Exit(func(int) { panic(errHelpShown) }),
	)
}

var errHelpShown = errors.New("help was shown")

// parse reads the arguments. Help ends the parser by its exit function, which here
// comes back as an error.
func parse(parser *kong.Kong, args []string) (command string, err error) {
	defer func() {
		if what := recover(); what != nil {
			if what != any(errHelpShown) {
				panic(what)
			}
			err = errHelpShown
		}
	}()
	parsed, err := parser.Parse(args)
	if err != nil {
		return "", err
	}
	return parsed.Command(), nil
}
