package scale

import (
	"bufio"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// loadRow is a line of the table of loads.
type loadRow struct {
	work, kind, people string
	many, one          load // with 16 connections, and with one
	processor          string
}

// load is what came of a run of wrk.
type load struct {
	rate   float64 // answers in a second
	p99    float64 // ms
	failed int
}

// program is the real program, serving a place.
type program struct {
	url string
	pid int
}

// loadProgram serves the place with the real program, and asks it as fast as wrk can.
func loadProgram(t *testing.T, p *place, out *report) {
	t.Helper()
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		out.skip("the load: there is no wrk on the PATH")
		return
	}
	loads := slices.DeleteFunc([]struct{ name, path string }{
		{"on call now", "/api/v1/teams/{team}/oncall"},
		{"five weeks, JSON", "/api/v1/teams/{team}/days?from={today}&to={last}"},
		{"five weeks, the whole page as HTML", "/teams/{team}?from={today}&days=35"},
		{"one edit", ""},
	}, func(w struct{ name, path string }) bool { return !chosen(w.name) })
	if len(loads) == 0 {
		return
	}
	run := start(t, p)
	people := strconv.Itoa(p.company.Size.People)
	for _, w := range loads {
		before := processorTime(run.pid)
		var done float64
		both := func(connections int) load {
			args := []string{run.url + p.path(w.path)}
			if w.path == "" {
				args = []string{"-s", editScript(t, p), run.url}
			}
			l := runWrk(t, wrk, connections, args...)
			done += l.rate * set.load.Seconds()
			return l
		}
		row := loadRow{work: w.name, kind: p.kind, people: people, many: both(16), one: both(1)}
		row.processor = fmt.Sprintf("%.0f", 1000*(processorTime(run.pid)-before).Seconds()*1000/max(1, done))
		out.loads = append(out.loads, row)
	}
	after := resident(t, run.pid)
	time.Sleep(set.soak)
	out.notes = append(out.notes, fmt.Sprintf("Resident with %s people on %s: %d MB after the load, %d MB after %s more.", people, p.kind, after, resident(t, run.pid), set.soak))
	if p.kind == onBolt && p.company.Size == out.small {
		bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}\n")) }))
		defer bare.Close()
		out.loads = append(out.loads, loadRow{work: "a bare handler", kind: "none", many: runWrk(t, wrk, 16, bare.URL), one: runWrk(t, wrk, 1, bare.URL)})
	}
}

// start builds the program and runs it until the test ends.
func start(t *testing.T, p *place) program {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "roster")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "../..")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		t.Fatalf("building the program: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), binary, "serve", "--listen=127.0.0.1:0", "--drain=0s", "--store="+p.location)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	})
	greeting, err := bufio.NewReader(stdout).ReadString('\n')
	at := strings.Index(greeting, "http://")
	if err != nil || at < 0 {
		t.Fatalf("the program said %q, %v, want its address", greeting, err)
	}
	return program{strings.TrimSpace(greeting[at:]), cmd.Process.Pid}
}

// editScript makes wrk change the note of one day after the other.
func editScript(t *testing.T, p *place) string {
	t.Helper()
	var days []string
	for i := range 28 {
		days = append(days, strconv.Quote(p.company.Today.AddDays(1+i).String()))
	}
	path := filepath.Join(t.TempDir(), "edit.lua")
	script := fmt.Sprintf(`
local days, threads, n = {%s}, 0, 0
function setup(thread) threads = threads + 1; thread:set("id", threads) end
function request()
  n = n + 1
  return wrk.format("PUT", "%s/" .. days[n %% #days + 1], {["Content-Type"] = "application/json"}, '{"note":"' .. id .. " " .. n .. '"}')
end
`, strings.Join(days, ","), p.path("/api/v1/teams/{team}/days"))
	if err := os.WriteFile(path, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func runWrk(t *testing.T, wrk string, connections int, args ...string) load {
	t.Helper()
	base := []string{"-t", strconv.Itoa(min(2, connections)), "-c", strconv.Itoa(connections), "-d", strconv.Itoa(int(set.load.Seconds())) + "s", "--latency"}
	out, err := exec.CommandContext(within(t, set.load+time.Minute), wrk, append(base, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("wrk: %v: %s", err, out)
	}
	l, err := parseWrk(string(out))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var (
	wrkRate   = regexp.MustCompile(`Requests/sec:\s+([0-9.]+)`)
	wrkP99    = regexp.MustCompile(`99%\s+([0-9.]+)(us|ms|s)`)
	wrkFailed = regexp.MustCompile(`Non-2xx or 3xx responses: ([0-9]+)`)
	wrkErrors = regexp.MustCompile(`Socket errors: connect ([0-9]+), read ([0-9]+), write ([0-9]+), timeout ([0-9]+)`)
)

// parseWrk reads what wrk says.
func parseWrk(said string) (l load, err error) {
	rate, p99 := wrkRate.FindStringSubmatch(said), wrkP99.FindStringSubmatch(said)
	if rate == nil || p99 == nil {
		return l, errors.New("wrk did not say how it went: " + said)
	}
	l.rate, err = strconv.ParseFloat(rate[1], 64)
	if err != nil {
		return l, err
	}
	took, err := time.ParseDuration(p99[1] + p99[2])
	l.p99 = float64(took.Microseconds()) / 1000
	for _, found := range [][]string{wrkFailed.FindStringSubmatch(said), wrkErrors.FindStringSubmatch(said)} {
		for _, n := range found[min(1, len(found)):] {
			failed, convErr := strconv.Atoi(n)
			l.failed, err = l.failed+failed, errors.Join(err, convErr)
		}
	}
	return l, err
}

func TestParseWrk(t *testing.T) {
	said := "  Latency Distribution\n     50%  227.00us\n     99%    1.34ms\n  Socket errors: connect 0, read 1, write 0, timeout 2\n  Non-2xx or 3xx responses: 7\nRequests/sec:  72230.10\n"
	if got, err := parseWrk(said); err != nil || got != (load{72230.10, 1.34, 10}) {
		t.Errorf("got %+v, %v, want 72230.1 a second, 1.34 ms and 10 failed", got, err)
	}
	if _, err := parseWrk("unable to connect"); err == nil {
		t.Error("nothing measured: got nil, want an error")
	}
}

// ticks is how many clock ticks of /proc a second has, on all Linux machines.
const ticks = 100

// processorTime is how long a process has used processors.
func processorTime(pid int) time.Duration {
	about, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(about), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if errors.Join(err1, err2) != nil {
		return 0
	}
	return time.Duration(user+system) * time.Second / ticks
}

// resident is how many megabytes of memory a process has.
func resident(t *testing.T, pid int) int {
	t.Helper()
	about, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(about)) {
		if kB, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kB), "kB")))
			if err != nil {
				t.Fatal(err)
			}
			return n / 1024
		}
	}
	return 0
}
