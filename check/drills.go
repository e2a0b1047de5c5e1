package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"dailyroster/infra/lab/drill/report"
)

// checkDrills runs all drills in brief, as any machine can: with a tenth of the
// requests, and ten times the times allowed. It fails if one of them fails.
func checkDrills(ctx context.Context, s *step) error {
	switch {
	case runtime.GOOS != "linux" || os.Geteuid() != 0:
		return skip("the lab needs root on Linux, for network namespaces")
	case !hasCluster():
		return skip("no Aerospike server found: put asd on the PATH, or name it in the environment variable ASD")
	}
	if err := s.installServers(ctx); err != nil {
		return skip("%w", err)
	}
	s.leftOut = append(s.leftOut, "the times that the drills promise, and that memory stays flat: brief ones allow ten times as long, and are over before a program has filled what it keeps; go tool task drill holds both, on a machine that does nothing else")
	folder := filepath.Join(s.dir, "drill-report")
	args := []string{
		"tool", "task", "drill", "--", "--brief",
		"--report", folder, "--histories", filepath.Join(s.dir, "drill-histories"),
	}
	if labs := labsInMemory("/proc/sys/kernel/osrelease", "/proc/meminfo"); labs > 0 {
		args = append(args, "--memory", "--labs", strconv.Itoa(min(labs, mostLabs)))
	}
	if err := s.command(ctx, "go", args...).Run(); err != nil { // through the task, as a user would
		return errors.Join(err, whatFailed(folder))
	}
	return nil
}

// whatFailed gives what failed as the drills' report has it, or why there is no such report; nil if
// nothing did.
func whatFailed(folder string) error {
	r, err := report.Read(folder)
	if err != nil {
		return err
	}
	if failures := r.Failures(); len(failures) > 0 {
		return errors.New(strings.Join(failures, "\n"))
	}
	return nil
}

// mostLabs is how many labs share the drills, which mostly wait.
const mostLabs = 2

// labsInMemory is how many labs can keep their files in memory: as the kernel lets them be
// written past its cache, and there is room. On disk, the databases take most of the time of
// the drills to be whole again: they write down each partition that moves, one after the other.
func labsInMemory(release, meminfo string) int {
	const (
		major, minor = 6, 6
		each         = 6 << 20 // kB
	)
	version, err := os.ReadFile(release)
	if err != nil {
		return 0
	}
	var gotMajor, gotMinor int
	if _, err := fmt.Sscanf(string(version), "%d.%d", &gotMajor, &gotMinor); err != nil || gotMajor < major || gotMajor == major && gotMinor < minor {
		return 0
	}
	memory, err := os.ReadFile(meminfo)
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(memory), "MemAvailable:")
	var available int
	if _, err := fmt.Sscan(rest, &available); err != nil {
		return 0
	}
	return available / each
}

// hasCluster tells whether there is an Aerospike server to make clusters of.
func hasCluster() bool {
	if os.Getenv("ASD") != "" {
		return true
	}
	_, err := exec.LookPath("asd")
	return err == nil
}
