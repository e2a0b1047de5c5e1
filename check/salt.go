package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// saltVersion is the one that is installed where there is none. 3008.5 wants a package that is not
// everywhere yet.
const saltVersion = "3008.4"

// salt finds salt-call, or installs it from PyPI into a folder of the user's cache, which is kept. It
// gives the folder of the program. The error is a skip.
func (s *step) salt(ctx context.Context) (folder string, err error) {
	s.sharing.Lock()
	defer s.sharing.Unlock()
	if path, ok := lookAny("salt-call"); ok {
		return filepath.Dir(path), nil
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", skip("no salt-call found, and %w", err)
	}
	home := filepath.Join(cache, "daily-roster", "salt-"+saltVersion)
	folder = filepath.Join(home, "bin")
	if _, err := os.Stat(filepath.Join(folder, "salt-call")); err == nil {
		return folder, nil
	}
	if os.Geteuid() != 0 { // who may not build a lab has no use for it
		return "", skip("no salt-call found: pipx install salt")
	}
	if _, err := os.Stat("/etc/debian_version"); err == nil {
		if err := s.aptInstall(ctx, "python3-venv"); err != nil {
			return "", skip("no salt-call found, and %w", err)
		}
	}
	fmt.Fprintln(s.out, "no salt-call found; installing Salt", saltVersion, "from PyPI into", home)
	for _, argv := range [][]string{
		{"python3", "-m", "venv", home},
		{filepath.Join(folder, "pip"), "install", "--quiet", "--disable-pip-version-check", "salt==" + saltVersion},
	} {
		var tail bytes.Buffer
		cmd := s.command(ctx, argv[0], argv[1:]...)
		cmd.Stdout, cmd.Stderr = &tail, &tail
		if err := cmd.Run(); err != nil {
			return "", skip("no salt-call found, and %s failed: %w %s", filepath.Base(argv[0]), err, lastLine(tail.String()))
		}
	}
	return folder, nil
}
