package web

import (
	"slices"
	"testing"
)

func TestHosts(t *testing.T) {
	hosts, err := ParseHosts([]string{"Roster.Example.org", " on-call ", "2001:db8::7"})
	if want := (Hosts{"roster.example.org", "on-call", "2001:db8::7"}); err != nil || !slices.Equal(hosts, want) {
		t.Fatalf("got %q, %v, want %q", hosts, err, want)
	}
	for host, want := range map[string]bool{
		"roster.example.org": true, "ROSTER.example.org:8443": true, "roster.example.org.": true, "roster.example.org.:80": true, "on-call:8080": true,
		"localhost": true, "LocalHost:8080": true, "127.0.0.1:8080": true, "127.9.9.9": true, "[::1]:8080": true, "[::1]": true,
		"192.0.2.7": true, "192.0.2.7:80": true, "[2001:db8::9]:80": true, // addresses, which nobody can make resolve elsewhere
		"": false, ":8080": false, ".": false, "rebound.example": false, "rebound.example:8080": false, "localhost.rebound.example": false,
		"roster.example.org.rebound.example": false, "x.roster.example.org": false, "127.0.0.1.rebound.example": false,
		"127.0.0.1@rebound.example": false, "2130706433": false, "0x7f.1": false, "roster.example.org:80:80": false, "[rebound.example]": false,
	} {
		if got := hosts.Has(host); got != want {
			t.Errorf("%q: got %v, want %v", host, got, want)
		}
	}
	if Hosts(nil).Has("roster.example.org") {
		t.Error("a site without names answers for one")
	}
	for _, bad := range []string{"", "https://roster.example.org", "roster.example.org:80", "*", "*.example.org", "a b", "roster.example.org/", "-x"} {
		if got, err := ParseHosts([]string{bad}); err == nil {
			t.Errorf("%q: got %q, want an error", bad, got)
		}
	}
}
