package drill

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// newConnections is the setting that the nodes get one after the other, and then lose again: how
// many connections each takes. A new version of the server would be brought the same way.
const newConnections = "12345"

var connections = regexp.MustCompile(`(?m)^(\s*proto-fd-max) (\d+)$`)

// upgradeNodes gives each node another setting while the others serve, and then its own again.
func upgradeNodes(s *Script) {
	dbs := s.Hosts(asd)
	own := s.configure(dbs[0], newConnections)
	for _, value := range []string{newConnections, own} {
		for _, db := range dbs {
			s.Stop(db, asd)
			s.configure(db, value)
			s.Start(db, asd)
			s.UntilStable()
			s.Work(2 * time.Second)
		}
		s.haveConnections(value)
	}
}

// configure writes a value into the configuration of a node, and gives the one that was there. The
// node reads it when it starts.
func (s *Script) configure(db, value string) (was string) {
	if s.err != nil {
		return ""
	}
	h, _ := s.state.Host(db)
	path := filepath.Join(h.Root, "etc", "aerospike", "aerospike.conf")
	text, err := os.ReadFile(path)
	if err != nil {
		s.err = err
		return ""
	}
	found := connections.FindSubmatch(text)
	if found == nil {
		s.err = fmt.Errorf("%s has no proto-fd-max", path)
		return ""
	}
	s.err = os.WriteFile(path, connections.ReplaceAll(text, []byte("${1} "+value)), 0o600)
	return string(found[2])
}

// haveConnections wants every node to run with the setting.
func (s *Script) haveConnections(value string) {
	if s.err != nil {
		return
	}
	dbs, with := s.Hosts(asd), 0
	for _, db := range dbs {
		values, err := s.node(db).Info(s.ctx, "get-config:context=service")
		if err == nil && strings.Contains(values[0]+";", "proto-fd-max="+value+";") {
			with++
		}
	}
	s.verdicts = append(s.verdicts, Verdict{
		What: "nodes that run with " + value + " connections", Bound: fmt.Sprint(len(dbs)), Measured: fmt.Sprint(with), OK: with == len(dbs),
	})
}
