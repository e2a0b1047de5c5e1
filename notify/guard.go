package notify

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/net/idna"

	"dailyroster/words/said"
)

const (
	dialTime      = 10 * time.Second
	maxRedirects  = 3
	maxHeaderSize = 64 << 10
	idleTime      = 30 * time.Second // that a connection is kept for the next message
)

// A Guard keeps requests within the public internet. People who may edit a team choose where its
// notices go, and the server could reach what they cannot (server-side request forgery). So
// every connection is held against the address that it really goes to: after names are looked
// up, and after every redirect. It uses no proxy, as the addresses behind one are unknown.
type Guard struct {
	allowed  []string // as host or host:port, in lower case
	resolver *net.Resolver
	client   *http.Transport
}

// NewGuard makes a guard that lets everything through to the named hosts: ntfy.example.org, or
// ntfy.example.org:8080 for one port alone.
func NewGuard(allow []string) (*Guard, error) {
	g := &Guard{}
	for _, text := range allow {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		host, err := hostKey(text)
		if err != nil {
			return nil, err
		}
		g.allowed = append(g.allowed, host)
	}
	g.client = &http.Transport{
		DialContext: g.dial, ForceAttemptHTTP2: true, TLSHandshakeTimeout: dialTime,
		MaxResponseHeaderBytes: maxHeaderSize, IdleConnTimeout: idleTime, MaxIdleConnsPerHost: 4, MaxIdleConns: 100,
	}
	return g, nil
}

// hostKey writes a host, with or without a port, in the one way in which it is compared.
func hostKey(text string) (string, error) {
	bad := said.New("%.100q is not a host; write it like ntfy.example.org, or ntfy.example.org:8080", text)
	if ip, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return ip.Unmap().String(), nil
	}
	u, err := url.Parse("//" + text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(text, "*?#/@ ") {
		return "", bad
	}
	host, err := hostName(u.Hostname())
	if err != nil {
		return "", bad
	}
	if u.Port() != "" {
		return net.JoinHostPort(host, u.Port()), nil
	}
	return host, nil
}

// hostName is a name as it is looked up, or an address.
func hostName(name string) (string, error) {
	if ip, err := netip.ParseAddr(name); err == nil {
		return ip.Unmap().String(), nil
	}
	return idna.Lookup.ToASCII(strings.TrimSuffix(strings.ToLower(name), "."))
}

// allows reports whether a setting names a host.
func (g *Guard) allows(host, port string) bool {
	name, err := hostName(host)
	return err == nil && (slices.Contains(g.allowed, name) || slices.Contains(g.allowed, net.JoinHostPort(name, port)))
}

// allowsURL reports whether a setting names the host of a URL.
func (g *Guard) allowsURL(u *url.URL) bool {
	port := u.Port()
	if port == "" && u.Scheme == "http" {
		port = "80"
	} else if port == "" {
		port = "443"
	}
	return g.allows(u.Hostname(), port)
}

// errRefused is what the guard says of an address, without telling what it is: whoever typed the
// name shall not learn how names are looked up inside.
var errRefused = said.New("it is in a private network, and no setting names its host (--notice-hosts)")

func (g *Guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: dialTime, Resolver: g.resolver}
	if !g.allows(host, port) {
		d.ControlContext = func(_ context.Context, _, actual string, _ syscall.RawConn) error {
			to, err := netip.ParseAddrPort(actual)
			if err != nil || !public(to.Addr()) {
				return errRefused
			}
			return nil
		}
	}
	conn, err := d.DialContext(ctx, network, address)
	if err != nil {
		return nil, asDialError(err)
	}
	return conn, nil
}

// asDialError leaves the address out of a refusal.
func asDialError(err error) error {
	if errors.Is(err, errRefused) {
		return errRefused
	}
	return err
}

// CheckURL refuses a URL to which no request may go: another scheme than https, unless a setting
// names its host, and addresses that are not public. It looks nothing up.
func (g *Guard) CheckURL(u *url.URL) error {
	if g.allowsURL(u) {
		if u.Scheme != "https" && u.Scheme != "http" {
			return said.New("%.20q is neither https nor http", u.Scheme)
		}
		return nil
	}
	if u.Scheme != "https" {
		return said.New("it is not encrypted: it has to begin with https, unless a setting names its host (--notice-hosts)")
	}
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil && !public(ip) {
		return errRefused
	}
	return nil
}

// notPublic are the networks that IANA lists as not globally reachable, as far as the methods of
// netip.Addr do not know them, and those that lead to IPv4 addresses of any kind.
func notPublic() []netip.Prefix {
	return []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/8"),
		netip.MustParsePrefix("100.64.0.0/10"), // shared with a provider's customers
		netip.MustParsePrefix("192.0.0.0/24"),
		netip.MustParsePrefix("192.0.2.0/24"), // for documentation, like two others and one of IPv6
		netip.MustParsePrefix("192.88.99.0/24"),
		netip.MustParsePrefix("198.18.0.0/15"), // for measurements
		netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"),
		netip.MustParsePrefix("240.0.0.0/4"),
		netip.MustParsePrefix("2001::/23"), // Teredo and others
		netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"), // 6to4
		netip.MustParsePrefix("3fff::/20"),
	}
}

// public reports whether an address is one of the public internet.
func public(ip netip.Addr) bool {
	ip = ip.Unmap().WithZone("")
	if nat64 := netip.MustParsePrefix("64:ff9b::/96"); nat64.Contains(ip) { // an IPv4 address, where there is only IPv6
		b := ip.As16()
		ip = netip.AddrFrom4([4]byte(b[12:]))
	}
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return false
	}
	if ip.Is6() && !netip.MustParsePrefix("2000::/3").Contains(ip) {
		return false
	}
	return !slices.ContainsFunc(notPublic(), func(p netip.Prefix) bool { return p.Contains(ip) })
}
