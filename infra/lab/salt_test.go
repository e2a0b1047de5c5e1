//go:build linux

package main

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dailyroster/check/testreport"
	"dailyroster/infra/lab/control"
)

// states is what salt-call says of the states of a host.
type states struct {
	Local map[string]struct {
		Result  bool           `json:"result"`
		Changes map[string]any `json:"changes"`
		Comment string         `json:"comment"`
	}
}

// salt is Salt beside a lab, whoever configured it.
func (r *running) salt(t *testing.T) salt {
	t.Helper()
	infra, err := infraFolder()
	r.must(t, err)
	return salt{infra: infra, folder: t.TempDir(), namespace: r.name + "-client"}
}

// planOf is the lab's topology, as it says itself.
func (r *running) planOf(t *testing.T) (p plan, roots map[string]string) {
	t.Helper()
	roots = map[string]string{}
	for _, h := range r.state(t).Hosts {
		roots[h.Name] = h.Root
		one := planned{h.Name, h.Address}
		switch {
		case strings.HasPrefix(h.Name, "db"):
			p.database = append(p.database, one)
		case strings.HasPrefix(h.Name, "front"):
			p.front = append(p.front, one)
		default:
			p.edge = append(p.edge, one)
		}
	}
	return p, roots
}

// checkSalt lets Salt look at hosts that Ansible has configured: it finds every file as it would have
// written it, byte for byte, with the same owner and mode.
func (r *running) checkSalt(t *testing.T) {
	const what = "Salt writes the same files as Ansible"
	if _, err := find("salt-call"); err != nil {
		testreport.Skip(t, what, "there is no salt-call: pipx install salt")
	}
	s := r.salt(t)
	p, roots := r.planOf(t)
	state := r.state(t)
	o := options{Edge: state.Edge, Store: "bolt", Roster: filepath.Join(programs.folder, "roster")}
	if p.database != nil {
		o.Store = "aerospike"
	}
	pillar, err := s.overlay(p, o, func(host string) string { return roots[host] })
	r.must(t, err)
	files := 0
	for _, h := range p.hosts() {
		var said states
		r.must(t, s.ask(t.Context(), &said, h.name, "state.apply", "pillar="+pillar))
		for id, one := range said.Local {
			if strings.HasPrefix(id, "file_") {
				files++
			}
			if !one.Result || len(one.Changes) > 0 {
				changes, _ := json.Marshal(one.Changes)
				t.Errorf("%s, %s: got %v, %s, changes %s, want none", h.name, id, one.Result, one.Comment, changes)
			}
		}
	}
	if least := 6 * len(p.hosts()); files < least {
		t.Errorf("got %d files and folders, want at least %d", files, least)
	}
	testreport.Ran(t, what)
}

// TestSaltLab is a lab that Salt has configured, which Ansible finds as it would have written it.
func TestSaltLab(t *testing.T) {
	r := up(t, "ts", "a lab that is configured by Salt", needs(options{With: "salt", Edge: control.Keepalived}), "--with", "salt", "--store", "bolt")
	t.Run("answers", r.checkAnswers)
	t.Run("a second run changes nothing", r.checkSalt)
	t.Run("Ansible would change nothing", func(t *testing.T) {
		infra, err := infraFolder()
		r.must(t, err)
		p, roots := r.planOf(t)
		o := options{Edge: control.Keepalived, Store: "bolt", Roster: filepath.Join(programs.folder, "roster")}
		r.must(t, ansible{infra: infra, folder: runFolder(r.name)}.writeOverlay(p, o, func(host string) string { return roots[host] }))
		_, recap, _ := strings.Cut(r.ansible(t, "--limit", "front"), "PLAY RECAP")
		if strings.Count(recap, "changed=0 ") != len(p.front) {
			t.Errorf("got %s, want changed=0 for each", recap)
		}
	})
	for name, c := range map[string]struct{ pillar, says string }{
		"a misspelt name":      {`{"vars":{"nginx_read_timeuot":"3s"}}`, "nginx_read_timeuot, which no role knows; is it nginx_read_timeout?"},
		"a value of no choice": {`{"vars":{"roster_sign_in":"odic"}}`, "roster_sign_in is 'odic', not one of none, proxy, oidc"},
		"another type":         {`{"vars":{"nginx_edits_burst":"many"}}`, "nginx_edits_burst is 'many', which is no int"},
		"a group of no role":   {`{"hosts":{"fornt":{"front1":{}}}}`, "daily_roster:hosts:fornt in the pillar is no group"},
		"a value of itself":    {`{"vars":{"roster_zone":"{{ roster_zone }}"}}`, "roster_zone is made of itself"},
	} {
		t.Run(name+" is refused", func(t *testing.T) {
			cmd, err := r.salt(t).command(t.Context(), "front1", "state.apply", "test=True", `pillar={"daily_roster":`+c.pillar+`}`)
			r.must(t, err)
			out, err := cmd.CombinedOutput()
			if _, ended := err.(*exec.ExitError); !ended || !strings.Contains(string(out), c.says) { //nolint:errorlint // it is its own
				t.Errorf("got %v, %s, want it refused with %q", err, out, c.says)
			}
		})
	}
}
