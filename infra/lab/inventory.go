//go:build linux

package main

import (
	"context"
	"net"
	"net/netip"
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

// groups are the hosts by the names of their groups.
func (p plan) groups() map[string][]planned {
	return map[string][]planned{"database": p.database, "front": p.front, "edge": p.edge}
}

// withEdge adds the host that holds the virtual IP in keepalived's place, where the inventory has none.
func (p *plan) withEdge(o options) {
	switch {
	case !o.haproxy():
		p.edge = nil
	case p.edge == nil:
		p.edge = []planned{{"edge", edgeAddress}}
	}
}

// A configurer writes the configuration of every host, as it is written on real ones.
type configurer interface {
	// plan reads the example inventory.
	plan(ctx context.Context, o options) (plan, error)
	// apply writes what the lab adds to it, and then the configuration.
	apply(ctx context.Context, p plan, o options, root func(host string) string) error
}

// overlays are what the lab adds to the example inventory for each host, by group and name.
func (p plan) overlays(o options, root func(host string) string) map[string]map[string]map[string]any {
	all := map[string]map[string]map[string]any{}
	for group, hosts := range p.groups() {
		all[group] = map[string]map[string]any{}
		for _, h := range hosts {
			all[group][h.name] = overlayOf(h, o, root(h.name))
		}
	}
	return all
}

// overlayOf is what the lab adds to the example inventory for a host: that it is a folder of this
// machine, with nothing to install and no systemd.
func overlayOf(h planned, o options, root string) map[string]any {
	v := map[string]any{
		"address":                h.address,
		"nginx_worker_processes": "1",
		"aerospike_user":         "root",
		"aerospike_connections":  1024,
		// It is taken of the disk, or of the memory. The server writes in blocks of 8 MiB, of which a
		// few are begun and hardly used after each start.
		"aerospike_filesize":              "512M",
		"aerospike_stop_writes_avail_pct": 20,
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
		v[role+"_manage_service"] = false
	}
	for _, role := range []string{"nginx", "keepalived", "haproxy"} {
		v[role+"_install"] = false
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
