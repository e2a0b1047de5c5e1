//go:build unix

package main

import (
	"context"
	"os"
	"syscall"
)

// become puts a program in the place of this one: signals, files and the exit code are its
// own.
func become(_ context.Context, path string, args []string) error {
	return syscall.Exec(path, append([]string{path}, args...), os.Environ())
}
