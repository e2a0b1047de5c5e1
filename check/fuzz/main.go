// Command fuzz runs every fuzz target of the module, one after the other: go test runs
// only one at a time. An input that fails go test writes below testdata/fuzz of the
// package; the others that were worth looking at are kept, see package corpus.
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
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"dailyroster/check/corpus"
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
	packages, err := output(ctx, "go", "list", "-f", "{{.ImportPath}}\t{{.Dir}}", "./...")
	if err != nil {
		return err
	}
	cache, err := output(ctx, "go", "env", "GOCACHE")
	if err != nil {
		return err
	}
	var failed []string
	ran := 0
	for line := range strings.Lines(packages) {
		pkg, dir, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
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
				"-fuzztime", lasts.String(), "-fuzzminimizetime", "100x", "-parallel", fmt.Sprint(parallel), pkg)
			cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
			if err := cmd.Run(); err != nil {
				failed = append(failed, target)
			}
			kept, err := corpus.Keep(corpus.Path(dir, target), filepath.Join(strings.TrimSpace(cache), "fuzz", pkg, target))
			if err != nil {
				return err
			}
			fmt.Printf("%d inputs are kept\n", kept)
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
