package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A step is a check that runs.
type step struct {
	*session
	out      io.Writer
	tests    *testCounts // left by a check that runs Go tests
	notes    []outcome   // of what it could not do, beside its own outcome
	leftOut  []string    // what it did not cover
	yields   bool        // leaves the processors to others that run beside it
	finished outcome
}

// command prepares a program whose output is shown. When its time is over it is asked
// to end, with what it started, and killed only if it does not.
func (s *step) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	if s.yields {
		whole := slices.Concat(yielding(ctx), []string{name}, args)
		name, args = whole[0], whole[1:]
	}
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdout, cmd.Stderr = s.out, s.out
	endsAsGroup(cmd)
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), reportEnv+"="+s.reportPath())
	return cmd
}

// yielding are the words before a command that let it, and all that it starts, leave the processors to
// others: as far as this machine knows how. Who is root may take them back, which browsers do, unless
// the right to do so is taken away.
func yielding(ctx context.Context) []string {
	var words []string
	for _, more := range [][]string{{"nice", "-n", "10"}, {"setpriv", "--inh-caps", "-sys_nice", "--bounding-set", "-sys_nice"}} {
		works := append(slices.Clone(more), "true")
		if exec.CommandContext(ctx, works[0], works[1:]...).Run() == nil { // #nosec G204 -- one of the above
			words = append(words, more...)
		}
	}
	return words
}

// runAll runs checks in their order, neighbours that may be beside each other side by side.
func (s *session) runAll(ctx context.Context, all []check) {
	for len(all) > 0 {
		n := 1
		for all[0].beside && n < len(all) && all[n].beside {
			n++
		}
		if n == 1 {
			s.keep(s.runOne(ctx, all[0], &step{session: s, out: s.out}))
		} else {
			s.runBeside(ctx, all[:n])
		}
		all = all[n:]
	}
}

// atOnce is how many checks run side by side.
func atOnce() int { return max(2, runtime.NumCPU()/2) }

// runBeside runs checks side by side: those that wait, and so many of the others. What each
// says is shown in one piece when it ends, and the summary has them in their order.
func (s *session) runBeside(ctx context.Context, all []check) {
	var names []string
	for _, c := range all {
		names = append(names, c.name)
	}
	fmt.Fprintf(s.out, "\n=== side by side: %s\n", strings.Join(names, ", "))
	var (
		steps  = make([]*step, len(all))
		places = make(chan struct{}, atOnce())
		yields = slices.ContainsFunc(all, func(c check) bool { return c.waits })
		wg     sync.WaitGroup
		show   sync.Mutex
	)
	for i, c := range all {
		if !c.waits {
			places <- struct{}{}
		}
		wg.Go(func() {
			if !c.waits {
				defer func() { <-places }()
			}
			path := filepath.Join(s.dir, c.name+".out")
			steps[i] = s.runInto(ctx, c, path, yields && !c.waits)
			show.Lock()
			defer show.Unlock()
			said, err := os.ReadFile(path)
			if err != nil {
				fmt.Fprintln(s.out, "check:", err)
			}
			_, _ = s.out.Write(said)
		})
	}
	wg.Wait()
	for _, each := range steps {
		s.keep(each)
	}
}

// runInto runs a check that writes what it says into a file.
func (s *session) runInto(ctx context.Context, c check, path string, yields bool) *step {
	out, err := os.Create(path)
	if err != nil {
		c.run = func(context.Context, *step) error { return err }
		return s.runOne(ctx, c, &step{session: s, out: io.Discard})
	}
	defer out.Close()
	return s.runOne(ctx, c, &step{session: s, out: out, yields: yields})
}

// runOne runs a check within its time limit. Its output begins with what it is, and ends
// with how long it took.
func (s *session) runOne(ctx context.Context, c check, run *step) *step {
	out := run.out
	fmt.Fprintf(out, "\n=== %s: %s\n", c.name, c.about)
	ctx, cancel := context.WithTimeout(ctx, c.limit)
	defer cancel()
	start := time.Now()
	err := c.run(ctx, run)
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("ended after %s: %w", time.Since(start).Round(time.Second), context.Cause(ctx))
	}
	o := outcome{name: c.name, status: passed, took: time.Since(start), tests: run.tests}
	switch {
	case errors.Is(err, errSkipped):
		o.status = skipped
		o.reason = strings.TrimPrefix(err.Error(), errSkipped.Error()+": ")
	case err != nil:
		o.status, o.reason = failed, err.Error()
		fmt.Fprintf(out, "FAILED: %s: %v\n", c.name, err)
	}
	fmt.Fprintf(out, "%s %s after %.1f s\n", c.name, o.status, o.took.Seconds())
	run.finished = o
	return run
}

// keep notes how a check ended.
func (s *session) keep(run *step) {
	for _, note := range run.notes {
		s.summary.addOnce(note)
	}
	s.leftOut = append(s.leftOut, run.leftOut...)
	s.summary.add(run.finished)
}
