package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// timedPackages are where tests hold a cluster, a browser or a program to times, or start a
// cluster, whose nodes must hear of each other in time.
func timedPackages() []string {
	return []string{"dailyroster/store/aerospike", "dailyroster/e2e", "dailyroster/e2e/look", "dailyroster/handlers/live", "dailyroster/store/archive"}
}

// labPackage is where tests measure a whole installation.
const labPackage = "dailyroster/infra/lab"

// checkTests runs every Go test but those that need the machine for themselves.
func checkTests(ctx context.Context, s *step) error {
	if err := s.installServers(ctx); err != nil {
		fmt.Fprintln(s.out, err) // each test says what it cannot do without them
	}
	list := s.command(ctx, "go", "list", "./...")
	list.Stdout = nil // Output collects it
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("go list: %w", err)
	}
	packages := strings.Fields(string(out))
	apart := append(timedPackages(), labPackage)
	for _, pkg := range apart {
		if !slices.Contains(packages, pkg) {
			return fmt.Errorf("there is no package %s any more, whose tests run apart", pkg)
		}
	}
	packages = slices.DeleteFunc(packages, func(pkg string) bool { return slices.Contains(apart, pkg) })
	return s.raceTest(ctx, runtime.NumCPU(), append([]string{"-skip=" + withoutRace}, packages...))
}

// What holds costs runs without the race detector, which would multiply them: the tests of
// prices only so, as they hold nothing else; the fuzz targets with it and without. It counts
// allocations, reads, bytes and the time that processors work for it, which grows where others
// work beside. Without it run too the tests of pure functions that look at millions of
// cases, in one goroutine or in some that share nothing.
const (
	prices      = "Price|CostOf|WorkDoesNotGrow|FillOfAnOldTeam"
	millions    = "EveryInstantBelongsToOneDay|InstantAgainstScan|RuleIsTheLibrarys"
	withoutRace = "^Test(" + prices + "|" + millions + ")"
)

// checkCosts runs what runs without the race detector.
func checkCosts(ctx context.Context, s *step) error {
	return s.goTest(ctx, 1, append([]string{"-run=" + withoutRace + "|^Fuzz"}, pricedPackages()...))
}

// pricedPackages have such tests, and fuzz targets.
func pricedPackages() []string {
	return []string{"./check/corpus", "./handlers", "./intake/...", "./roster", "./signin", "./store/archive", "./telling"}
}

// checkTimed runs the tests that hold something to times, one package after the other.
func checkTimed(ctx context.Context, s *step) error {
	var env []string
	if path, err := s.chromium(ctx); err == nil {
		env = []string{"CHROMIUM=" + path}
	} else {
		fmt.Fprintln(s.out, err)
	}
	return s.raceTest(ctx, 1, timedPackages(), env...)
}

// checkInfra runs the tests that as root build the lab.
func checkInfra(ctx context.Context, s *step) error {
	if err := s.installServers(ctx); err != nil {
		fmt.Fprintln(s.out, err)
	}
	var env []string
	if folder, err := s.salt(ctx); err == nil {
		env = []string{"PATH=" + os.Getenv("PATH") + string(os.PathListSeparator) + folder}
	} else {
		fmt.Fprintln(s.out, err)
	}
	return s.raceTest(ctx, 1, []string{labPackage}, env...)
}

// raceTest is goTest with the race detector, where a C compiler allows it.
func (s *step) raceTest(ctx context.Context, atATime int, what []string, env ...string) error {
	if hasCCompiler(ctx) {
		what = append([]string{"-race"}, what...)
	} else {
		s.notes = append(s.notes, outcome{
			name: "race detector", status: skipped,
			reason: "it needs a C compiler, and none was found; the tests ran without it",
		})
	}
	return s.goTest(ctx, atATime, what, env...)
}

// goTest runs Go tests, so many packages at a time. What are arguments of go test: the
// packages, after what is special about this run.
func (s *step) goTest(ctx context.Context, atATime int, what []string, env ...string) error {
	// Never from the cache, which does not know the programs that tests run. Without a vet of
	// each package, as the check "vet" looks at all of them, and for more.
	args := []string{"test", "-json", "-count=1", "-vet=off", fmt.Sprintf("-p=%d", atATime), "-timeout=40m"}
	cmd := s.command(ctx, "go", append(args, what...)...)
	cmd.Env = append(append(cmd.Env, env...), "GOGC=400") // a third of the time would go into collecting garbage
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
	counts := results.count()
	s.tests = s.tests.and(counts)
	if counts.passed+len(counts.failed)+len(counts.skipped) == 0 {
		waitErr = errors.Join(waitErr, fmt.Errorf("no test ran: %s", strings.Join(what, " ")))
	}
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
			counts.failed = append(counts.failed, name.pkg+" "+name.test)
		case action == "pass" && !heading[name]:
			counts.passed++
		}
	}
	slices.Sort(counts.failed)
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
