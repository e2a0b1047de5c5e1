//go:build linux

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
)

// salt applies the states, as a minion without a master does. Everything that it writes of its own
// goes below folder.
type salt struct {
	infra, folder string
	namespace     string // where it runs, as Ansible does
}

// command is salt-call for a host.
func (s salt) command(ctx context.Context, host string, argv ...string) (*exec.Cmd, error) {
	program, err := find("salt-call")
	if err != nil {
		return nil, err
	}
	own := filepath.Join(s.folder, "salt-"+host)
	if err := os.MkdirAll(own, 0o700); err != nil {
		return nil, err
	}
	config, err := json.Marshal(map[string]any{ // which is YAML, too
		"file_client": "local", "root_dir": own, "id": host, "log_file": filepath.Join(own, "log"),
		"module_dirs":  []string{s.infra + "/salt/states/_modules"}, // else they come with the first states only
		"file_roots":   map[string]any{"base": []string{s.infra + "/salt/states", s.infra}},
		"pillar_roots": map[string]any{"base": []string{s.infra + "/salt/pillar"}},
	})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(own, "minion"), config, 0o600); err != nil {
		return nil, err
	}
	call := slices.Concat([]string{program, "--local", "--config-dir", own, "--out", "json", "--retcode-passthrough"}, argv)
	if s.namespace != "" {
		nsenter, err := find("nsenter")
		if err != nil {
			return nil, err
		}
		call = slices.Concat([]string{nsenter, "--net=" + namespacePath(s.namespace), "--"}, call)
	}
	cmd := exec.CommandContext(ctx, call[0], call[1:]...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1")
	return cmd, nil
}

// ask gives what salt-call says.
func (s salt) ask(ctx context.Context, into any, host string, argv ...string) error {
	cmd, err := s.command(ctx, host, argv...)
	if err != nil {
		return err
	}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("salt-call for %s: %w: %s%s", host, err, stderr.String(), out)
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("salt-call for %s: %w: %.500s", host, err, out)
	}
	return nil
}

func (s salt) plan(ctx context.Context, o options) (plan, error) {
	type hosts map[string]string
	var answer struct {
		Local struct {
			Hosts         struct{ Front, Database, Edge hosts }
			VirtualIP     string `json:"virtual_ip"`
			NetworkPrefix int    `json:"network_prefix"`
		}
	}
	s.namespace = "" // there is no network yet, and none is needed
	if err := s.ask(ctx, &answer, "plan", "daily_roster.topology"); err != nil {
		return plan{}, err
	}
	group := func(all hosts) []planned {
		var list []planned
		for name, address := range all {
			list = append(list, planned{name, address})
		}
		slices.SortFunc(list, func(a, b planned) int { return cmp.Compare(a.name, b.name) })
		return list
	}
	said := answer.Local
	p := plan{virtualIP: said.VirtualIP, prefix: said.NetworkPrefix, front: group(said.Hosts.Front), edge: group(said.Hosts.Edge)}
	if o.aerospike() {
		p.database = group(said.Hosts.Database)
	}
	p.withEdge(o)
	return p, nil
}

// overlay is what the lab adds to the pillar: the same as to Ansible's inventory.
func (s salt) overlay(p plan, o options, root func(host string) string) (string, error) {
	text, err := json.Marshal(map[string]any{"daily_roster": map[string]any{"hosts": p.overlays(o, root)}})
	return string(text), err
}

// apply writes the configuration of every host, by the states, of a few hosts at once.
func (s salt) apply(ctx context.Context, p plan, o options, root func(host string) string) error {
	pillar, err := s.overlay(p, o, root)
	if err != nil {
		return err
	}
	var (
		all  sync.WaitGroup
		mu   sync.Mutex
		errs []error
	)
	for _, h := range p.hosts() {
		all.Go(func() {
			var answer any
			if err := s.ask(ctx, &answer, h.name, "state.apply", "pillar="+pillar); err != nil {
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
			}
		})
	}
	all.Wait()
	return errors.Join(errs...)
}
