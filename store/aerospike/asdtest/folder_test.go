package asdtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// What a test that was killed has left is removed, and nothing else.
func TestRemoveOrphans(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	parent := t.TempDir()
	for name, stays := range map[string]bool{
		"asdtest-" + strconv.Itoa(ended.Process.Pid) + "-1": false,
		"asdtest-" + strconv.Itoa(os.Getpid()) + "-2":       true,
		"asdtest-x-3":  true,
		"asdtest-0-4":  true,
		"other-1234-5": true,
	} {
		dir := filepath.Join(parent, name)
		if err := os.MkdirAll(filepath.Join(dir, "data"), 0o750); err != nil {
			t.Fatal(err)
		}
		removeOrphans(parent)
		if _, err := os.Stat(dir); (err == nil) != stays {
			t.Errorf("%s: got %v, want it to stay: %t", name, err, stays)
		}
	}
}

func TestRoom(t *testing.T) {
	dir := t.TempDir()
	if !hasRoom(dir, 1) || hasRoom(dir, 1<<62) || hasRoom(filepath.Join(dir, "none"), 1) {
		t.Error("hasRoom: want room for a byte, none for 4 EiB, and none where no folder is")
	}
	if takesDirectWrites(filepath.Join(dir, "none")) {
		t.Error("takesDirectWrites: want false where no folder is")
	}
}
