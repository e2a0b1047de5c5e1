//go:build !unix

package main

import (
	"context"
	"os"
	"os/exec"
	"os/signal"
)

// become runs a program as if it were this one: where no program can take the place of
// another, this one waits, and leaves an interrupt to it.
func become(ctx context.Context, path string, args []string) error {
	signal.Ignore(os.Interrupt)
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd.Run()
}
