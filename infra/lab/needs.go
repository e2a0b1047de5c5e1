//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func needRoot() error {
	if os.Geteuid() != 0 {
		return errors.New("only root may make network namespaces: sudo go tool task lab")
	}
	return nil
}

// A need is a program that the lab runs, and how a user gets it.
type need struct{ program, from string }

// missing names each program that is not there, all at once, or is nil.
func missing(needs []need) error {
	var lines []string
	for _, n := range needs {
		if _, err := find(n.program); err != nil {
			lines = append(lines, fmt.Sprintf("  %s: %s", n.program, n.from))
		}
	}
	if lines == nil {
		return nil
	}
	return fmt.Errorf("some programs are missing:\n%s", strings.Join(lines, "\n"))
}

func needs(o options) []need {
	configure := need{"ansible-playbook", "apt install ansible-core, or pipx install ansible-core"}
	if o.With == "salt" {
		configure = need{"salt-call", "pipx install salt, or Salt's own packages"}
	}
	list := []need{
		{"ip", "apt install iproute2"},
		{"nsenter", "apt install util-linux"},
		configure,
		{"nginx", "apt install nginx-light"},
		{o.Edge, "apt install " + o.Edge},
	}
	if o.aerospike() {
		list = append(list, need{o.ASD, "the Aerospike server, Community Edition 8: take it from " +
			"https://aerospike.com/download/server/community/, then put it on the PATH or name it with --asd or the variable ASD"})
	}
	return list
}

// find looks for a program on the PATH and where Debian puts those of root.
func find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err == nil {
		return filepath.Abs(path)
	}
	if !strings.ContainsRune(program, '/') {
		for _, folder := range []string{"/usr/local/sbin", "/usr/sbin", "/sbin"} {
			if path, err := exec.LookPath(filepath.Join(folder, program)); err == nil {
				return path, nil
			}
		}
	}
	return "", err
}

// infraFolder finds the folder with the roles, from anywhere in the repository.
func infraFolder() (string, error) {
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		infra := filepath.Join(folder, "infra")
		if _, err := os.Stat(filepath.Join(infra, "site.yml")); err == nil {
			return infra, nil
		}
		if folder == filepath.Dir(folder) {
			return "", errors.New("infra/site.yml is in none of the folders above: run this in the project")
		}
		folder = filepath.Dir(folder)
	}
}
