package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// checkDrills runs all twelve drills in brief, as any machine can: with a tenth of the
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
	s.leftOut = append(s.leftOut, "the times that the drills promise: brief ones allow ten times as long; go tool task drill holds them, on a machine that does nothing else")
	// Through the task, as a user would.
	return s.command(ctx, "go", "tool", "task", "drill", "--", "--brief",
		"--report", filepath.Join(s.dir, "drill-report"), "--histories", filepath.Join(s.dir, "drill-histories")).Run()
}

// hasCluster tells whether there is an Aerospike server to make clusters of.
func hasCluster() bool {
	if os.Getenv("ASD") != "" {
		return true
	}
	_, err := exec.LookPath("asd")
	return err == nil
}
