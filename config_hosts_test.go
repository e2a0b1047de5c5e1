package main

import "testing"

// The names of the site are those of --hosts, and those that other settings have.
func TestHostSettings(t *testing.T) {
	for _, c := range []struct {
		config HostConfig
		listen string
		known  string
	}{
		{HostConfig{Hosts: []string{"on-call", "Roster.example.org"}}, "127.0.0.1:8080", "roster.example.org:8080"},
		{HostConfig{PublicURL: "https://Roster.example.org:8443"}, "127.0.0.1:8080", "roster.example.org:8443"},
		{HostConfig{}, "Front1.example.org:8080", "front1.example.org:8080"},
		{HostConfig{}, "192.0.2.7:8080", "192.0.2.7:8080"},
	} {
		hosts, err := c.config.hosts(c.listen)
		if err != nil || !hosts.Has(c.known) {
			t.Errorf("%+v, listening at %s: got %q, %v, want it to have %s", c.config, c.listen, hosts, err, c.known)
		}
		if hosts.Has("rebound.example:8080") || hosts.Has("") {
			t.Errorf("%+v: got %q, which has a name that nobody gave", c.config, hosts)
		}
	}
	if hosts, err := (&HostConfig{}).hosts(":8080"); err != nil || len(hosts) != 0 {
		t.Errorf("listening everywhere: got %q, %v, want no name", hosts, err)
	}
}
