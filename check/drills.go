package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
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
	args := []string{
		"tool", "task", "drill", "--", "--brief",
		"--report", filepath.Join(s.dir, "drill-report"), "--histories", filepath.Join(s.dir, "drill-histories"),
	}
	if memoryFits("/proc/sys/kernel/osrelease", "/proc/meminfo") {
		args = append(args, "--memory")
	}
	return s.command(ctx, "go", args...).Run() // through the task, as a user would
}

// memoryFits tells whether a lab can keep its files in memory: as the kernel lets them be
// written past its cache, and there is room. On disk, the databases take most of the time of
// the drills to be whole again: they write down each partition that moves, one after the other.
func memoryFits(release, meminfo string) bool {
	const (
		major, minor = 6, 6
		needed       = 6 << 20 // kB
	)
	version, err := os.ReadFile(release)
	if err != nil {
		return false
	}
	var gotMajor, gotMinor int
	if _, err := fmt.Sscanf(string(version), "%d.%d", &gotMajor, &gotMinor); err != nil || gotMajor < major || gotMajor == major && gotMinor < minor {
		return false
	}
	memory, err := os.ReadFile(meminfo)
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(memory), "MemAvailable:")
	var available int
	_, err = fmt.Sscan(rest, &available)
	return err == nil && available >= needed
}

// hasCluster tells whether there is an Aerospike server to make clusters of.
func hasCluster() bool {
	if os.Getenv("ASD") != "" {
		return true
	}
	_, err := exec.LookPath("asd")
	return err == nil
}
