package report

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"dailyroster/infra/lab/control"
)

// Versions asks the programs that run in a lab for theirs.
func Versions(ctx context.Context, state control.State) []Version {
	all := []Version{
		{"roster", versionOf(ctx, state, "roster", "version")},
		{"Aerospike", versionOf(ctx, state, "asd", "--version")},
		{"nginx", versionOf(ctx, state, "nginx", "-v")},
		{"keepalived", versionOf(ctx, state, "keepalived", "--version")},
		{"HAProxy", versionOf(ctx, state, "haproxy", "-v")},
		{"Linux", kernel()},
		{"Go", strings.TrimPrefix(runtime.Version(), "go")},
	}
	var known []Version
	for _, v := range all {
		if v.Is != "" {
			known = append(known, v)
		}
	}
	return known
}

// versionOf asks the very program that a process of the lab runs; "" when there is none.
func versionOf(ctx context.Context, state control.State, process, argument string) string {
	for _, h := range state.Hosts {
		if p, ok := h.Process(process); ok && p.PID != 0 {
			// These print it and end, whatever their status.
			out, _ := exec.CommandContext(ctx, fmt.Sprintf("/proc/%d/exe", p.PID), argument).CombinedOutput()
			return shortVersion(string(out))
		}
	}
	return ""
}

var numbers = regexp.MustCompile(`v?[0-9]+\.[0-9][^\s,]*`)

// shortVersion is the version in what a program prints, or all of a short line.
func shortVersion(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if found := numbers.FindString(line); found != "" {
		return found
	}
	return line
}

func kernel() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}

// Machine says how big this machine is.
func Machine() string {
	size := fmt.Sprintf("%d cores, %s", runtime.NumCPU(), runtime.GOARCH)
	text, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return size
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			if kilobytes, err := strconv.Atoi(strings.Fields(rest)[0]); err == nil {
				return fmt.Sprintf("%s, %.0f GB", size, float64(kilobytes)/1e6)
			}
		}
	}
	return size
}
