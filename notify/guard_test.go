package notify

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"testing"
	"time"
)

func TestPublicAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"8.8.8.8": true, "1.1.1.1": true, "172.15.255.255": true, "172.32.0.1": true, "100.63.0.1": true, "100.128.0.1": true,
		"2606:4700::1111": true, "2a00:1450::1": true, "::ffff:8.8.8.8": true, "64:ff9b::808:808": true,

		"127.0.0.1": false, "127.9.9.9": false, "10.0.0.1": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.1.1": false,
		"169.254.169.254": false, "100.64.0.1": false, "100.127.255.255": false, "0.0.0.0": false, "0.1.2.3": false,
		"224.0.0.1": false, "239.255.255.255": false, "240.0.0.1": false, "255.255.255.255": false, "192.0.0.1": false,
		"192.0.2.1": false, "198.51.100.1": false, "203.0.113.1": false, "198.18.0.1": false, "198.19.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd12:3456::1": false, "ff02::1": false,
		"::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false,
		"64:ff9b::7f00:1": false, "64:ff9b::a00:1": false, "64:ff9b:1::1": false, "2002:7f00:1::": false, "2001::1": false,
		"2001:db8::1": false, "fec0::1": false, "100::1": false, "3fff::1": false,
	} {
		if got := public(netip.MustParseAddr(text)); got != want {
			t.Errorf("public(%s): got %v, want %v", text, got, want)
		}
	}
}

func TestHostsThatAreNamed(t *testing.T) {
	g := guardFor(t, " Ntfy.Example.org. ", "push.example.org:8443", "192.0.2.7", "[::1]:8080", "fd00::5", "bücher.example", "")
	for _, c := range []struct {
		host, port string
		want       bool
	}{
		{"ntfy.example.org", "443", true}, {"NTFY.example.org.", "80", true}, {"sub.ntfy.example.org", "443", false},
		{"push.example.org", "8443", true}, {"push.example.org", "443", false},
		{"192.0.2.7", "1", true}, {"::ffff:192.0.2.7", "1", true}, {"192.0.2.8", "1", false},
		{"::1", "8080", true}, {"::1", "80", false}, {"fd00::5", "9", true},
		{"xn--bcher-kva.example", "443", true}, {"bücher.example", "443", true},
	} {
		if got := g.allows(c.host, c.port); got != c.want {
			t.Errorf("allows(%s, %s): got %v, want %v", c.host, c.port, got, c.want)
		}
	}
	for _, bad := range []string{"https://wiki.example.org", "*.example.org", "wiki/x", "u@wiki", "a b", ":80", "?", "wiki:port"} {
		if _, err := NewGuard([]string{bad}); err == nil {
			t.Errorf("the host %q: got nil, want a refusal", bad)
		}
	}
}

func TestGuardedURLs(t *testing.T) {
	g := guardFor(t, "localhost:8080", "hooks.example.org")
	for text, want := range map[string]bool{
		"https://example.org/x": true, "http://example.org/x": false, "ftp://example.org": false, "ftp://hooks.example.org": false,
		"http://localhost:8080/": true, "http://localhost/": false, "https://hooks.example.org": true, "http://hooks.example.org": true,
		"https://127.0.0.1/": false, "https://[::1]/": false, "https://[::ffff:10.0.0.1]/": false, "https://8.8.8.8/": true,
	} {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := g.CheckURL(u); (err == nil) != want {
			t.Errorf("CheckURL(%s): got %v, want allowed %v", text, err, want)
		}
	}
}

// What counts is the address that is dialled, whatever the name looks like.
func TestNamesOfPrivateAddresses(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	reached := make(chan struct{}, 100)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			reached <- struct{}{}
			_ = conn.Close()
		}
	}()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	g := guardFor(t, "named.example.org", "other.example.org:1")
	useNames(t, g, map[string][]string{
		"loopback.example.org": {"127.0.0.1"}, "loopback6.example.org": {"::1"}, "mapped.example.org": {"::ffff:127.0.0.1"},
		"mixed.example.org": {"127.0.0.1", "10.1.2.3", "fd00::1"}, "metadata.example.org": {"169.254.169.254"},
		"shared.example.org": {"100.64.1.1"}, "unspecified.example.org": {"0.0.0.0"}, "unspecified6.example.org": {"::"},
		"named.example.org": {"127.0.0.1"}, "other.example.org": {"127.0.0.1"},
	})
	for _, host := range []string{
		"loopback.example.org", "loopback6.example.org", "mapped.example.org", "mixed.example.org", "metadata.example.org",
		"shared.example.org", "unspecified.example.org", "unspecified6.example.org", "other.example.org",
		"localhost", "127.0.0.1", "127.1.2.3", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1", "10.0.0.1", "192.168.0.1", "fe80::1",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		conn, err := g.dial(ctx, "tcp", net.JoinHostPort(host, port))
		cancel()
		if err == nil {
			_ = conn.Close()
		}
		if !errors.Is(err, errRefused) {
			t.Errorf("%s: got %v, want a refusal", host, err)
		}
	}
	if len(reached) > 0 {
		t.Errorf("%d connections were made", len(reached))
	}
	conn, err := g.dial(t.Context(), "tcp", net.JoinHostPort("named.example.org", port))
	if err != nil {
		t.Fatalf("a host that is named: %v", err)
	}
	_ = conn.Close()
	<-reached
}
