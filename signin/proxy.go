package signin

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
)

// Proxy believes the headers of named proxies, which have asked the person who they are.
// It ignores the same headers from anywhere else.
type Proxy struct {
	From    []netip.Prefix // addresses of the proxies
	Headers ProxyHeaders
}

var _ Method = (*Proxy)(nil)

// ProxyHeaders are the names of the headers that say who it is. Only User must be sent;
// Groups has commas between.
type ProxyHeaders struct{ User, Name, Email, Groups string }

// ParsePrefixes reads addresses such as 192.0.2.1 and networks such as 2001:db8::/32.
func ParsePrefixes(texts []string) ([]netip.Prefix, error) {
	all := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		text = strings.TrimSpace(text)
		if address, err := netip.ParseAddr(text); err == nil {
			address = address.Unmap()
			all = append(all, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("%q is neither an address nor a network; write it like 192.0.2.1 or 192.0.2.0/24", text)
		}
		all = append(all, prefix.Masked())
	}
	return all, nil
}

// Who implements Method. A header that came twice counts as missing, because one of the
// two may be the client's own.
func (p *Proxy) Who(r *http.Request) (Identity, bool) {
	if !p.trusts(r.RemoteAddr) {
		return Identity{}, false
	}
	var i Identity
	for _, field := range []struct {
		header string
		into   *string
	}{{p.Headers.User, &i.Subject}, {p.Headers.Name, &i.Name}, {p.Headers.Email, &i.Email}} {
		switch values := r.Header.Values(field.header); {
		case field.header == "" || len(values) == 0:
		case len(values) > 1:
			return Identity{}, false
		case readable(values[0]):
			*field.into = values[0]
		}
	}
	switch lines := r.Header.Values(p.Headers.Groups); {
	case p.Headers.Groups == "" || len(lines) == 0:
	case len(lines) > 1:
		return Identity{}, false
	default:
		for group := range strings.SplitSeq(lines[0], ",") {
			if group = strings.TrimSpace(group); readable(group) {
				i.Groups = append(i.Groups, group)
			}
		}
	}
	return i, i.Subject != ""
}

func (p *Proxy) trusts(remote string) bool {
	peer, err := netip.ParseAddrPort(remote)
	if err != nil {
		return false
	}
	address := peer.Addr().Unmap().WithZone("")
	for _, prefix := range p.From {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}
