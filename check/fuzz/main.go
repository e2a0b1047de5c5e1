// Command fuzz runs every fuzz target of the module, one after the other: go test runs
// only one at a time. What it finds go test writes below testdata/fuzz of the package.
//
//	go run ./check/fuzz -time 5m -parallel 1 [-run 'Parse']
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"strings"
	"time"
)

func main() {
	lasts := flag.Duration("time", 5*time.Minute, "how long each target looks")
	parallel := flag.Int("parallel", 1, "how many workers look at once")
	only := flag.String("run", "", "only targets whose names match")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, *lasts, *parallel, *only)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "fuzz:", err)
		os.Exit(1)
	}
}

// run runs all targets, those after one that failed too.
func run(ctx context.Context, lasts time.Duration, parallel int, only string) error {
	pick, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	packages, err := output(ctx, "go", "list", "./...")
	if err != nil {
		return err
	}
	var failed []string
	ran := 0
	for _, pkg := range strings.Fields(packages) {
		listed, err := output(ctx, "go", "test", "-list", "^Fuzz", pkg)
		if err != nil {
			return err
		}
		for _, target := range strings.Fields(listed) {
			if !strings.HasPrefix(target, "Fuzz") || !pick.MatchString(target) {
				continue
			}
			ran++
			fmt.Printf("%s %s\n", pkg, target)
			cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-fuzz", "^"+target+"$",
				"-fuzztime", lasts.String(), "-parallel", fmt.Sprint(parallel), pkg)
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			if err := cmd.Run(); err != nil {
				failed = append(failed, target)
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	if len(failed) > 0 {
		return fmt.Errorf("%d of %d targets found something: %s", len(failed), ran, strings.Join(failed, ", "))
	}
	fmt.Printf("%d targets found nothing in %s each\n", ran, lasts)
	return nil
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return out.String(), nil
}
