package node

import (
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
)

// fakeNode answers info as given, and every record with a result code.
func fakeNode(t *testing.T, info map[string]string, code byte) Node {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			answerOnce(conn, info, code)
			_ = conn.Close()
		}
	}()
	return Node{l.Addr().String()}
}

func answerOnce(conn net.Conn, info map[string]string, code byte) {
	header := make([]byte, protoHeader)
	if _, err := io.ReadFull(conn, header); err != nil {
		return
	}
	body := make([]byte, binary.BigEndian.Uint64(header)&(1<<48-1))
	if _, err := io.ReadFull(conn, body); err != nil {
		return
	}
	answer := make([]byte, 22)
	answer[5] = code
	if header[1] == protoInfo {
		var lines strings.Builder
		for name := range strings.FieldsSeq(string(body)) {
			lines.WriteString(name + "\t" + info[name] + "\n")
		}
		answer = []byte(lines.String())
	} else if !fieldsFit(body) {
		answer[5] = 4 // PARAMETER
	}
	out := binary.BigEndian.AppendUint64(nil, uint64(protoVersion)<<56|uint64(header[1])<<48|uint64(len(answer)))
	_, _ = conn.Write(append(out, answer...))
}

// fieldsFit tells whether the lengths in a message add up.
func fieldsFit(m []byte) bool {
	fields, ops := binary.BigEndian.Uint16(m[18:]), binary.BigEndian.Uint16(m[20:])
	rest := m[22:]
	for range fields + ops {
		if len(rest) < 4 {
			return false
		}
		size := int(binary.BigEndian.Uint32(rest))
		if len(rest) < 4+size {
			return false
		}
		rest = rest[4+size:]
	}
	return len(rest) == 0
}

func TestNode(t *testing.T) {
	n := fakeNode(t, map[string]string{
		"cluster-stable:size=1;ignore-migrations=true":  "ERROR:7:cluster not specified size",
		"cluster-stable:size=2;ignore-migrations=true":  "AB",
		"cluster-stable:size=3;ignore-migrations=true":  "ERROR:7:cluster not specified size",
		"cluster-stable:size=2;ignore-migrations=false": "AB",
		"cluster-stable:size=3;ignore-migrations=false": "ERROR:7:cluster not specified size",
	}, codeUnavailable)
	if size, err := n.ClusterSize(t.Context(), 3); err != nil || size != 2 {
		t.Errorf("clusterSize: got %d, %v, want 2", size, err)
	}
	if size, err := n.ClusterSize(t.Context(), 1); err != nil || size != 0 {
		t.Errorf("clusterSize, of a node that says no size: got %d, %v, want %d", size, err, 0)
	}
	if !n.IsStable(t.Context(), 2) || n.IsStable(t.Context(), 3) {
		t.Error("isStable: want a stable cluster of 2 and none of 3")
	}
	if refused, served, err := n.Refuses(t.Context(), 3); refused != 6 || served != 0 || err != nil {
		t.Errorf("refuses: got %d refused, %d served, %v, want 6 refused", refused, served, err)
	}
	serving := fakeNode(t, nil, codeNotFound)
	if refused, served, err := serving.Refuses(t.Context(), 3); refused != 0 || served != 6 || err != nil {
		t.Errorf("refuses, of a node that serves: got %d refused, %d served, %v, want 6 served", refused, served, err)
	}
	if _, err := (Node{"127.0.0.1:1"}).ClusterSize(t.Context(), 3); err == nil {
		t.Error("a node that is not there has a cluster's size")
	}
}
