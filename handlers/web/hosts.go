package web

import (
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// Hosts are the names of the site, in small letters: what requests may ask for, besides
// localhost and IP addresses. To a browser, a page of another name that resolves to the address
// of this site is one of the same site, and may edit as whoever looks at it could (DNS
// rebinding). The name is what tells it apart.
type Hosts []string

var hostNames = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$`)

// ParseHosts reads names as settings have them.
func ParseHosts(texts []string) (Hosts, error) {
	hosts := Hosts{}
	for _, text := range texts {
		name := HostName(strings.TrimSpace(text))
		_, notAddress := netip.ParseAddr(name)
		if notAddress != nil && (strings.Contains(text, ":") || !hostNames.MatchString(name)) {
			return nil, fmt.Errorf("%q is not the name of a host; write it like roster.example.org", text)
		}
		hosts = append(hosts, name)
	}
	return hosts, nil
}

// Has reports whether a request with this Host header asks for the site. An address that is
// written as such resolves to nothing else, so no name hides behind it.
func (h Hosts) Has(header string) bool {
	name := HostName(header)
	if _, err := netip.ParseAddr(name); err == nil || name == "localhost" {
		return true
	}
	return name != "" && slices.Contains(h, name)
}

// HostName is a Host header without its port, in small letters.
func HostName(header string) string {
	name := header
	if strings.Contains(header, ":") {
		if host, _, err := net.SplitHostPort(header); err == nil {
			name = host
		}
	}
	if inner, ok := strings.CutPrefix(name, "["); ok {
		name = strings.TrimSuffix(inner, "]")
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}
