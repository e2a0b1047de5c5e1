// Command task is what "go tool task" runs: the real one, go-task, from the module tools,
// which names it and what it needs, so that the program's own module does not.
package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const taskPackage = "github.com/go-task/task/v3/cmd/task"

func main() {
	err := run(context.Background(), os.Args[1:])
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		os.Exit(exit.ExitCode()) // the program has said why
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "task:", err)
		os.Exit(1)
	}
}

// run builds go-task, unless the build cache has it, and becomes it. The go command does
// not run it itself: each of its processes passes signals on that the terminal has sent to
// all of them, and of three go-task ends at once.
func run(ctx context.Context, args []string) error {
	modfile, err := toolsModule()
	if err != nil {
		return err
	}
	build := exec.CommandContext(ctx, "go", "tool", "-n", "-modfile="+modfile, taskPackage)
	build.Stderr = os.Stderr
	// As the program is built, so that the standard library is compiled once for both.
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	path, err := build.Output()
	if err != nil {
		return err
	}
	return become(ctx, strings.TrimSpace(string(path)), args)
}

// toolsModule finds tools/go.mod from the current folder upwards.
func toolsModule() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, "tools", "go.mod")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("there is no tools/go.mod in this folder or one above it")
		}
		dir = parent
	}
}
