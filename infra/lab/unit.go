//go:build linux

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"
)

// A unit is what the files of a systemd service say that the lab does in systemd's place.
// The rest, such as that a service is started again, is left undone: a drill decides.
type unit struct {
	environment                   []string
	startPre, startPost, stopPost []string

	notifies     bool          // it says what becomes of it
	watchdog     time.Duration // how long it may be silent, 0 for ever
	restarts     bool          // it is started again when it ends by itself
	restartPause time.Duration
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
			case name == "ExecStartPre":
				u.startPre = append(u.startPre, value)
			case name == "ExecStartPost":
				u.startPost = append(u.startPost, value)
			case name == "ExecStopPost":
				u.stopPost = append(u.stopPost, value)
			case name == "Type":
				u.notifies = value == "notify"
			case name == "WatchdogSec":
				if u.watchdog, err = timeSpan(value); err != nil {
					return unit{}, fmt.Errorf("%s: %w", path, err)
				}
			case name == "Restart":
				u.restarts = value != "no"
			case name == "RestartSec":
				if u.restartPause, err = timeSpan(value); err != nil {
					return unit{}, fmt.Errorf("%s: %w", path, err)
				}
			}
		}
	}
	return u, nil
}

// timeSpan reads a time as units have it, as far as the roles use them: "900ms", "1min", or a number
// of seconds.
func timeSpan(text string) (time.Duration, error) {
	if seconds, err := strconv.Atoi(text); err == nil {
		return time.Duration(seconds) * time.Second, nil
	}
	return time.ParseDuration(strings.Replace(text, "min", "m", 1))
}
