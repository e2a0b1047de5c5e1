package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"

	"dailyroster/infra/lab/control"
	"dailyroster/infra/lab/drill/report"
)

// ownName is the name of a lab that is started for the drills alone; a second one has a number
// behind it.
const ownName = "drills"

// labTime is how long a lab may take to be up, or gone.
const labTime = 3 * time.Minute

// ownLab is a lab that is started for the drills, or for a part of them.
type ownLab struct {
	name, socket string
	report       string // folder for the report
	part         part
}

// ownLabs are those that are to be started.
func (c *command) ownLabs() []ownLab {
	labs := make([]ownLab, max(c.Labs, 1))
	for i := range labs {
		labs[i] = ownLab{name: ownName, report: c.Report}
		if len(labs) > 1 {
			labs[i].part = part{i + 1, len(labs)}
			labs[i].report = filepath.Join(c.Report, fmt.Sprintf("part%d", i+1))
		}
		if i > 0 {
			labs[i].name = fmt.Sprint(ownName, i+1)
		}
		labs[i].socket = "/run/daily-roster-" + labs[i].name + "/control.sock"
	}
	return labs
}

// inOwnLabs starts labs, does the drills there by this very program, in each a part of them, and
// removes the labs. Of several parts it makes one report.
func (c *command) inOwnLabs(ctx context.Context, args []string, out io.Writer) error {
	labs := c.ownLabs()
	if len(labs) == 1 {
		return c.inOwnLab(ctx, labs[0], args, out)
	}
	var (
		mu   sync.Mutex
		errs = make([]error, len(labs))
		all  sync.WaitGroup
	)
	for i, lab := range labs {
		all.Go(func() {
			own := &speaker{name: lab.name, out: out, mu: &mu}
			if errs[i] = c.inOwnLab(ctx, lab, args, own); errs[i] != nil && !errors.Is(errs[i], errTold) {
				fmt.Fprintln(own, errs[i])
			}
		})
	}
	all.Wait()
	whole, err := merged(labs)
	if err != nil {
		return errors.Join(append(errs, err)...)
	}
	return errors.Join(append(errs, whole.Write(c.Report), c.conclude(whole, out))...)
}

// merged is one report of what came of the drills in all labs.
func merged(labs []ownLab) (*report.Report, error) {
	var whole *report.Report
	for _, lab := range labs {
		r, err := report.Read(lab.report)
		if err != nil {
			return nil, err
		}
		if whole == nil {
			whole = r
			whole.Machine += fmt.Sprintf(", with %d labs side by side", len(labs))
			continue
		}
		whole.Add(r.Drills...)
	}
	return whole, nil
}

// inOwnLab starts a lab, does its part of the drills there and removes it.
func (c *command) inOwnLab(ctx context.Context, lab ownLab, args []string, out io.Writer) (err error) {
	stop, err := c.start(ctx, lab, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	program, err := os.Executable()
	if err != nil {
		return err
	}
	args = append(slices.Clone(args), "--socket", lab.socket, "--report", lab.report)
	if lab.part.parts > 0 {
		args = append(args, "--part", lab.part.String())
	}
	drills := exec.CommandContext(ctx, program, args...)
	drills.Stdout, drills.Stderr = out, os.Stderr
	drills.Cancel = func() error { return drills.Process.Signal(os.Interrupt) }
	drills.WaitDelay = labTime
	if err := drills.Run(); err != nil {
		return errTold // it has said why
	}
	return nil
}

var errTold = errors.New("the drills did not pass")

// start starts a lab and waits until it takes orders; what it gives ends it.
func (c *command) start(ctx context.Context, own ownLab, out io.Writer) (stop func() error, err error) {
	args := []string{"--name", own.name, "up", "--page", "127.0.0.1:0", "--edge", c.Edge}
	if c.Memory {
		args = append(args, "--memory")
	}
	for _, set := range c.Set {
		args = append(args, "--set", set)
	}
	fmt.Fprintln(out, "a lab is started for the drills")
	// Not with the context: an interrupt ends the drills first, and then the lab.
	lab := exec.CommandContext(context.WithoutCancel(ctx), c.Lab, args...)
	lab.Stdout, lab.Stderr = out, os.Stderr
	lab.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := lab.Start(); err != nil {
		return nil, fmt.Errorf("%w (go tool task drill makes it)", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- lab.Wait() }()
	stop = func() error {
		_ = lab.Process.Signal(os.Interrupt) // it may have ended
		select {
		case err := <-ended:
			return err
		case <-time.After(labTime):
			return errors.New("the lab does not end")
		}
	}
	const pause = 200 * time.Millisecond
	for begun := time.Now(); ; {
		if _, err := control.NewClient(own.socket).State(ctx); err == nil {
			return stop, nil
		}
		select {
		case err := <-ended:
			return nil, errors.Join(errors.New("the lab did not come up"), err)
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), stop())
		case <-time.After(pause):
		}
		if time.Since(begun) > labTime {
			return nil, errors.Join(errors.New("the lab is not up after "+labTime.String()), stop())
		}
	}
}
