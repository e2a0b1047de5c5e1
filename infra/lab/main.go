//go:build linux

// Command lab runs the whole installation on one Linux machine: each host a network
// namespace, with real Aerospike, nginx, keepalived and roster processes, configured by
// the roles that configure real hosts. Package control says how to do harm to it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"dailyroster/infra/lab/control"
)

// commands are what the program can be asked to do.
type commands struct {
	Name string `default:"lab" help:"Name of the lab: its namespaces begin with it. Labs of different names stand side by side."`

	Up    upCmd    `cmd:"" help:"Build the lab and run it until it is interrupted."`
	Down  downCmd  `cmd:"" help:"Remove what a lab left that crashed."`
	State stateCmd `cmd:"" help:"Print the state of a running lab as JSON."`
	Do    doCmd    `cmd:"" help:"Do something to a running lab, such as: do kill db1 asd, do link-down front1, do cut db1 db2."`
	Enter enterCmd `cmd:"" help:"Run a program on a host, or on the client: enter db1 asinfo -v status."`
	Init  initCmd  `cmd:"" hidden:"" name:"host-init"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var asked commands
	parser, err := kong.New(&asked, kong.Name("lab"), kong.Description("Daily Roster's installation, on one machine."))
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return err
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(&asked)
}

// socket is the path asked for, or the one that belongs to the lab's name.
func (c *commands) socket(asked string) string {
	if asked != "" {
		return asked
	}
	return runFolder(c.Name) + "/control.sock"
}

type downCmd struct{}

func (downCmd) Run(ctx context.Context, c *commands) error {
	if err := needRoot(); err != nil {
		return err
	}
	return removeLeftovers(ctx, c.Name)
}

type stateCmd struct {
	Socket string `help:"The control socket, if not that of the name."`
}

func (s stateCmd) Run(ctx context.Context, c *commands) error {
	state, err := control.NewClient(c.socket(s.Socket)).State(ctx)
	if err != nil {
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	return out.Encode(state)
}

type doCmd struct {
	Socket string `help:"The control socket, if not that of the name."`
	Action string `arg:"" enum:"kill,stop,start,freeze,thaw,link-down,link-up,cut,heal,host-down,host-up,wipe,supervise,leave,disk,fill,space,slow,fast,clock,limit" help:"One of ${enum}."`
	Host   string `arg:"" help:"The host."`
	What   string `arg:"" optional:"" help:"The process, or for cut and heal the other host."`
	Amount int64  `arg:"" optional:"" help:"For clock the seconds ahead, for limit the bytes."`
}

func (d doCmd) Run(ctx context.Context, c *commands) error {
	order := control.Order{Action: control.Action(d.Action), Host: d.Host, Amount: d.Amount}
	switch order.Action {
	case control.Cut, control.Heal:
		order.Peer = d.What
	default:
		order.Process = d.What
	}
	return control.NewClient(c.socket(d.Socket)).Do(ctx, order)
}

type enterCmd struct {
	Host    string   `arg:"" help:"A host of the lab, or client."`
	Command []string `arg:"" passthrough:"" help:"The program and its arguments."`
}

// Run replaces this process.
func (e enterCmd) Run(c *commands) error {
	if strings.ContainsRune(e.Host, '/') {
		return errors.New("that is no host's name")
	}
	nsenter, err := find("nsenter")
	if err != nil {
		return err
	}
	into := "--net=" + namespacePath(c.Name+"-"+e.Host)
	return syscall.Exec(nsenter, append([]string{"nsenter", into, "--"}, e.Command...), os.Environ())
}
