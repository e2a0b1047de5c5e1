package notify

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// A nameServer is a real one on loopback, for names that the test makes up.
type nameServer struct {
	addresses map[string][]string // by name; "*" is every other name

	mu    sync.Mutex
	asked []string
}

// useNames lets a guard look names up at a name server of the test.
func useNames(t *testing.T, g *Guard, addresses map[string][]string) *nameServer {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	s := &nameServer{addresses: addresses}
	go s.serve(conn)
	g.resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	return s
}

func (s *nameServer) serve(conn net.PacketConn) {
	text := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(text)
		if err != nil {
			return
		}
		var query dnsmessage.Message
		if query.Unpack(text[:n]) != nil || len(query.Questions) != 1 {
			continue
		}
		asked := query.Questions[0]
		name := strings.TrimSuffix(asked.Name.String(), ".")
		s.mu.Lock()
		s.asked = append(s.asked, name)
		s.mu.Unlock()
		addresses, known := s.addresses[name]
		if !known {
			addresses = s.addresses["*"]
		}
		answer := dnsmessage.Message{Header: dnsmessage.Header{ID: query.ID, Response: true, RecursionAvailable: true}, Questions: query.Questions}
		for _, address := range addresses {
			ip := netip.MustParseAddr(address)
			head := dnsmessage.ResourceHeader{Name: asked.Name, Type: asked.Type, Class: asked.Class}
			switch {
			case ip.Is4() && asked.Type == dnsmessage.TypeA:
				answer.Answers = append(answer.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: ip.As4()}})
			case ip.Is6() && asked.Type == dnsmessage.TypeAAAA:
				answer.Answers = append(answer.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
			}
		}
		packed, err := answer.Pack()
		if err == nil {
			_, _ = conn.WriteTo(packed, from)
		}
	}
}

// names are those that were asked for.
func (s *nameServer) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := slices.Clone(s.asked)
	slices.Sort(names)
	return slices.Compact(names)
}
