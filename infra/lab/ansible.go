//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// ansible runs the roles. Everything it writes of its own goes below folder.
type ansible struct {
	infra, folder string
	namespace     string // where it runs: with an eth0 as a host has it, and away from every port of the machine
}

func (a ansible) example() string { return a.infra + "/inventory/example/hosts.yml" }

func (a ansible) overlay() string { return filepath.Join(a.folder, "lab.json") }

func (a ansible) command(ctx context.Context, argv ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = a.infra
	cmd.Env = append(os.Environ(),
		"ANSIBLE_CONFIG="+filepath.Join(a.infra, "ansible.cfg"), "ANSIBLE_FORKS=6", "ANSIBLE_NOCOLOR=1",
		"ANSIBLE_LOCAL_TEMP="+filepath.Join(a.folder, "ansible"), "ANSIBLE_REMOTE_TEMP="+filepath.Join(a.folder, "ansible"),
		"LC_ALL=C.UTF-8")
	return cmd
}

// plan reads the example inventory.
func (a ansible) plan(ctx context.Context, o options) (plan, error) {
	program, err := find("ansible-inventory")
	if err != nil {
		return plan{}, err
	}
	var stderr bytes.Buffer
	cmd := a.command(ctx, program, "-i", a.example(), "--list")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return plan{}, fmt.Errorf("ansible-inventory: %w: %s", err, stderr.String())
	}
	var inventory struct {
		Meta struct {
			HostVars map[string]struct {
				Address       string `json:"address"`
				VirtualIP     string `json:"virtual_ip"`
				NetworkPrefix int    `json:"network_prefix"`
			} `json:"hostvars"`
		} `json:"_meta"`
		Front, Database, Edge struct{ Hosts []string }
	}
	if err := json.Unmarshal(out, &inventory); err != nil {
		return plan{}, fmt.Errorf("ansible-inventory: %w", err)
	}
	var p plan
	group := func(names []string) (hosts []planned) {
		for _, name := range names {
			vars := inventory.Meta.HostVars[name]
			p.virtualIP, p.prefix = vars.VirtualIP, vars.NetworkPrefix
			hosts = append(hosts, planned{name, vars.Address})
		}
		return hosts
	}
	p.front = group(inventory.Front.Hosts)
	if o.aerospike() {
		p.database = group(inventory.Database.Hosts)
	}
	p.edge = group(inventory.Edge.Hosts)
	p.withEdge(o)
	return p, nil
}

// writeOverlay writes the variables of the lab as a second inventory.
func (a ansible) writeOverlay(p plan, o options, root func(host string) string) error {
	groups := map[string]any{}
	for group, hosts := range p.overlays(o, root) {
		for _, vars := range hosts {
			vars["ansible_connection"], vars["ansible_become"] = "local", false
			vars["ansible_python_interpreter"] = "{{ ansible_playbook_python }}"
		}
		groups[group] = map[string]any{"hosts": hosts}
	}
	text, err := json.MarshalIndent(map[string]any{"all": map[string]any{"children": groups}}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(a.overlay(), text, 0o600)
}

// apply writes the configuration of every host, by the roles.
func (a ansible) apply(ctx context.Context, p plan, o options, root func(host string) string) error {
	if err := a.writeOverlay(p, o, root); err != nil {
		return err
	}
	program, err := find("ansible-playbook")
	if err != nil {
		return err
	}
	nsenter, err := find("nsenter")
	if err != nil {
		return err
	}
	var names []string
	for _, h := range p.hosts() {
		names = append(names, h.name)
	}
	cmd := a.command(ctx, nsenter, "--net="+namespacePath(a.namespace), "--",
		program, "-i", a.example(), "-i", a.overlay(), "--limit", strings.Join(names, ","),
		"-e", "one_host_at_a_time=100%", "site.yml")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("ansible-playbook: %w:\n%s", err, out)
	}
	return os.WriteFile(filepath.Join(a.folder, "ansible.log"), out, 0o600)
}
