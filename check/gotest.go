package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
)

// infraTests is where tests measure a whole installation: nothing may run beside them.
const infraTests = "dailyroster/infra/"

// checkTests runs every Go test but those of the installation.
func checkTests(ctx context.Context, s *session) error {
	list := s.command(ctx, "go", "list", "./...")
	list.Stdout = nil // Output collects it
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	packages := slices.DeleteFunc(strings.Fields(string(out)), func(pkg string) bool {
		return strings.HasPrefix(pkg+"/", infraTests)
	})
	return s.goTest(ctx, packages...)
}

// checkInfra runs the tests of the installation, one after the other. As root they build
// the lab.
func checkInfra(ctx context.Context, s *session) error {
	if err := s.installServers(ctx); err != nil {
		fmt.Fprintln(s.out, err) // each test says what it cannot do without them
	}
	return s.goTest(ctx, "./infra/...")
}

// goTest runs Go tests, with the race detector where a C compiler allows it.
func (s *session) goTest(ctx context.Context, what ...string) error {
	// Never from the cache, which does not know the programs that tests run. One package
	// at a time: several start clusters and browsers, and hold them to times.
	args := []string{"test", "-json", "-count=1", "-p=1", "-timeout=40m"}
	if hasCCompiler(ctx) {
		args = append(args, "-race")
	} else {
		s.summary.add(outcome{
			name: "race detector", status: skipped,
			reason: "it needs a C compiler, and none was found; the tests ran without it",
		})
	}
	cmd := s.command(ctx, "go", append(args, what...)...)
	cmd.Env = append(cmd.Env, "GOGC=400") // a third of the time would go into collecting garbage
	if path, err := s.chromium(ctx); err == nil {
		cmd.Env = append(cmd.Env, "CHROMIUM="+path)
	} else {
		fmt.Fprintln(s.out, err)
	}
	cmd.Stdout = nil
	events, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	results := newTestResults(s.out)
	readErr := results.read(events)
	waitErr := cmd.Wait()
	s.tests = results.count()
	return errors.Join(readErr, waitErr)
}

// hasCCompiler tells whether cgo, which the race detector is made of, can work.
func hasCCompiler(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, "go", "env", "CGO_ENABLED", "CC").Output()
	if err != nil {
		return false
	}
	enabled, cc, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	words := strings.Fields(cc)
	if enabled != "1" || len(words) == 0 {
		return false
	}
	_, err = exec.LookPath(words[0])
	return err == nil
}

// A testEvent is a line of go test -json, with the fields that are used here.
type testEvent struct {
	Action     string
	Package    string
	ImportPath string // in place of Package while building
	Test       string
	Output     string
	Elapsed    float64
}

type testName struct{ pkg, test string }

// testResults follows a run of go test: it shows what failed, prints a line for each
// package, and remembers why tests were skipped, which go test does not show.
type testResults struct {
	out    io.Writer
	output map[testName][]string // of the tests that have not ended; of a package with test ""
	ended  map[testName]string   // the action a test ended with
	reason map[testName]string
}

func newTestResults(out io.Writer) *testResults {
	return &testResults{out, map[testName][]string{}, map[testName]string{}, map[testName]string{}}
}

// read follows the events until the run ends.
func (r *testResults) read(events io.Reader) error {
	decoder := json.NewDecoder(events)
	for {
		var e testEvent
		if err := decoder.Decode(&e); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read go test -json: %w", err)
		}
		r.add(e)
	}
}

func (r *testResults) add(e testEvent) {
	name := testName{e.Package, e.Test}
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "output":
		r.output[name] = append(r.output[name], e.Output)
	case "pass", "fail", "skip":
		lines := r.output[name]
		delete(r.output, name)
		if e.Action == "fail" {
			fmt.Fprint(r.out, strings.Join(lines, ""))
		}
		if e.Test == "" {
			if e.Action != "skip" { // a package without tests
				fmt.Fprintf(r.out, "%s %-28s %6.1fs\n", e.Action, e.Package, e.Elapsed)
			}
			return
		}
		r.ended[name] = e.Action
		if e.Action == "skip" {
			r.reason[name] = skipReason(lines)
		}
	}
}

// count gives the tests that passed and failed, and each that was skipped with its
// reason. A test that is only a heading for subtests is not counted again, unless it
// failed and none of them did.
func (r *testResults) count() *testCounts {
	counts := &testCounts{}
	heading, failedBelow := map[testName]bool{}, map[testName]bool{}
	for name, action := range r.ended {
		for at := strings.LastIndexByte(name.test, '/'); at >= 0; at = strings.LastIndexByte(name.test[:at], '/') {
			parent := testName{name.pkg, name.test[:at]}
			heading[parent] = true
			failedBelow[parent] = failedBelow[parent] || action == "fail"
		}
	}
	for name, action := range r.ended {
		switch {
		case action == "skip":
			counts.skipped = append(counts.skipped, fmt.Sprintf("%s %s: %s", name.pkg, name.test, r.reason[name]))
		case action == "fail" && !failedBelow[name]:
			counts.failed++
		case action == "pass" && !heading[name]:
			counts.passed++
		}
	}
	slices.Sort(counts.skipped)
	return counts
}

// skipReason finds in the output of a skipped test the argument of t.Skip: the lines that
// are not go test's own, without the file and line in front.
func skipReason(lines []string) string {
	var said []string
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		if _, rest, ok := strings.Cut(line, ".go:"); ok {
			if _, message, ok := strings.Cut(rest, ": "); ok {
				line = message
			}
		}
		said = append(said, line)
	}
	if len(said) == 0 {
		return "no reason given"
	}
	return strings.Join(said, " ")
}
