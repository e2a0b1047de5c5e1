//go:build linux

package main

import (
	"errors"
	"io/fs"
	"os"
	"strings"
)

// A unit is what the files of a systemd service say that the lab does in systemd's place.
// The rest, such as that a service is started again, is left undone: a drill decides.
type unit struct {
	environment         []string
	startPost, stopPost []string
}

// readUnit reads unit files and environment files; those that are not there say nothing.
func readUnit(paths ...string) (unit, error) {
	var u unit
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return unit{}, err
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			name, value, ok := strings.Cut(line, "=")
			switch {
			case !ok || strings.HasPrefix(line, "#"):
			case strings.HasSuffix(path, ".env"):
				u.environment = append(u.environment, line)
			case name == "ExecStartPost":
				u.startPost = append(u.startPost, value)
			case name == "ExecStopPost":
				u.stopPost = append(u.stopPost, value)
			}
		}
	}
	return u, nil
}
