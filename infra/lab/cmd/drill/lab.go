package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"dailyroster/infra/lab/control"
)

const (
	// ownName is the name of a lab that is started for the drills alone.
	ownName   = "drills"
	ownSocket = "/run/daily-roster-" + ownName + "/control.sock"
	// labTime is how long a lab may take to be up, or gone.
	labTime = 3 * time.Minute
)

// inOwnLab starts a lab, does the drills there by this very program, and removes it.
func (c *command) inOwnLab(ctx context.Context, args []string, out io.Writer) (err error) {
	stop, err := c.startLab(ctx, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	program, err := os.Executable()
	if err != nil {
		return err
	}
	drills := exec.CommandContext(ctx, program, append(slices.Clone(args), "--socket", ownSocket)...)
	drills.Stdout, drills.Stderr = out, os.Stderr
	drills.Cancel = func() error { return drills.Process.Signal(os.Interrupt) }
	drills.WaitDelay = labTime
	if err := drills.Run(); err != nil {
		return errTold // it has said why
	}
	return nil
}

var errTold = errors.New("the drills did not pass")

// startLab starts a lab and waits until it takes orders; what it gives ends it.
func (c *command) startLab(ctx context.Context, out io.Writer) (stop func() error, err error) {
	args := []string{"--name", ownName, "up", "--page", "127.0.0.1:0", "--edge", c.Edge}
	if c.Memory {
		args = append(args, "--memory")
	}
	for _, set := range c.Set {
		args = append(args, "--set", set)
	}
	fmt.Fprintln(out, "no lab runs; one is started for the drills")
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
		if _, err := control.NewClient(ownSocket).State(ctx); err == nil {
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
