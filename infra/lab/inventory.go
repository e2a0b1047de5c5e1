//go:build linux

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dailyroster/infra/lab/control"
)

const (
	clientAddress = "192.168.64.10" // of a client outside the hosts
	edgeAddress   = "192.168.64.24" // where the example inventory has no edge host

	firstCaller = "192.168.64.128"
	callers     = 48
)

// callerAddresses are further addresses of the client, so that people and programs who ask
// from there have one each, and with it limits of their own.
func callerAddresses() []string {
	var all []string
	for at := netip.MustParseAddr(firstCaller); len(all) < callers; at = at.Next() {
		all = append(all, at.String())
	}
	return all
}

// A plan is the topology as the example inventory has it.
type plan struct {
	virtualIP string
	prefix    int
	database  []planned
	front     []planned
	edge      []planned
}

type planned struct{ name, address string }

func (p plan) hosts() []planned { return slices.Concat(p.database, p.front, p.edge) }

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
	if o.haproxy() {
		p.edge = group(inventory.Edge.Hosts)
		if p.edge == nil {
			p.edge = []planned{{"edge", edgeAddress}}
		}
	}
	return p, nil
}

// writeOverlay writes what the lab adds to the example inventory: that every host is a
// folder of this machine, with nothing to install and no systemd.
func (a ansible) writeOverlay(p plan, o options, root func(host string) string) error {
	vars := func(h planned) map[string]any {
		root := root(h.name)
		v := map[string]any{
			"address":            h.address,
			"ansible_connection": "local", "ansible_become": false, "ansible_python_interpreter": "{{ ansible_playbook_python }}",
			"nginx_worker_processes": "1",
			"aerospike_user":         "root",
			"aerospike_connections":  1024,
			// It is taken of the disk, or of the memory.
			"aerospike_filesize":              "256M",
			"aerospike_stop_writes_avail_pct": 45,
			"roster_binary":                   o.Roster,
			"roster_instance":                 h.name,
			// A program outside the hosts may take mail and web hooks there: the drills do.
			"roster_smtp":          net.JoinHostPort(clientAddress, control.MailPort),
			"roster_smtp_security": "none",
			"roster_mail_from":     "Daily Roster <roster@roster.example.org>",
			"roster_notice_hosts":  []string{clientAddress},
		}
		for _, role := range []string{"aerospike", "roster", "nginx", "keepalived", "haproxy"} {
			v[role+"_root"] = root
			v[role+"_install"] = false
			v[role+"_manage_service"] = false
		}
		if !o.aerospike() {
			v["roster_store"] = "bolt://" + root + "/var/lib/roster/roster.db"
		}
		for _, set := range o.Set {
			name, value, _ := strings.Cut(set, "=")
			v[name] = value
			if n, err := strconv.Atoi(value); err == nil {
				v[name] = n
			}
		}
		return v
	}
	group := func(hosts []planned) map[string]any {
		all := map[string]any{}
		for _, h := range hosts {
			all[h.name] = vars(h)
		}
		return map[string]any{"hosts": all}
	}
	text, err := json.MarshalIndent(map[string]any{"all": map[string]any{"children": map[string]any{
		"database": group(p.database), "front": group(p.front), "edge": group(p.edge),
	}}}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(a.overlay(), text, 0o600)
}

// apply writes the configuration of every host, by the roles.
func (a ansible) apply(ctx context.Context, p plan) error {
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
