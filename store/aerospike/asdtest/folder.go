package asdtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const (
	memory      = "/dev/shm"
	memoryNeeds = 1 << 30 // of each node
)

// folder makes the folder of a cluster of so many nodes, which ends with the test. It is in
// memory, where there is room for it: on disk a node writes down each of the 4,096 partitions
// that move, one after the other, and most of the time of a test would go into waiting for a
// cluster that is whole. What a node has written outlives it in memory, too, however it ends.
func folder(t testing.TB, nodes int) string {
	t.Helper()
	removeOrphans(memory)
	dir, err := os.MkdirTemp(memory, fmt.Sprintf("asdtest-%d-", os.Getpid()))
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if !hasRoom(dir, uint64(nodes)*memoryNeeds) || !takesDirectWrites(dir) {
		return t.TempDir()
	}
	return dir
}

// hasRoom tells whether there is that much free in the folder's file system.
func hasRoom(dir string, bytes uint64) bool {
	var stat syscall.Statfs_t
	err := syscall.Statfs(dir, &stat)
	return err == nil && stat.Bavail*uint64(stat.Bsize) >= bytes
}

// takesDirectWrites tells whether files can be written past the kernel's cache, as production
// does. In memory they can since Linux 6.6.
func takesDirectWrites(dir string) bool {
	path := filepath.Join(dir, "direct")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|syscall.O_DIRECT, 0o600)
	if err != nil {
		return false
	}
	return f.Close() == nil && os.Remove(path) == nil
}

// removeOrphans removes what tests left that were killed, which would keep the memory.
func removeOrphans(parent string) {
	left, err := filepath.Glob(filepath.Join(parent, "asdtest-*-*"))
	if err != nil {
		return // only for a bad pattern
	}
	for _, dir := range left {
		id, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), "asdtest-"), "-")
		pid, err := strconv.Atoi(id)
		if err == nil && pid > 0 && syscall.Kill(pid, 0) == syscall.ESRCH {
			_ = os.RemoveAll(dir)
		}
	}
}
