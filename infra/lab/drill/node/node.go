// Package node asks an Aerospike node directly, past the application and past its client.
package node

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"dailyroster/infra/lab/control"
)

// Node is an Aerospike node that is asked directly, past the application and past its
// client, which would find another node to ask. The protocol is that of
// https://aerospike.com/docs (as_proto and as_msg in the server's source).
type Node struct{ address string }

// Of is the node on a host of the lab.
func Of(h control.Host) Node { return Node{net.JoinHostPort(h.Address, asdPort)} }

const (
	asdPort   = "3000"
	namespace = "daily_roster"

	protoVersion = 2
	protoInfo    = 1
	protoMessage = 3
	protoHeader  = 8
	maxProto     = 1 << 20
)

// exchange sends one message on a connection of its own and gives the answer's body.
func (n Node) exchange(ctx context.Context, kind byte, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", n.address)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	header := binary.BigEndian.AppendUint64(nil, uint64(protoVersion)<<56|uint64(kind)<<48|uint64(len(body)))
	if _, err := conn.Write(append(header, body...)); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(conn, header); err != nil {
		return nil, err
	}
	size := binary.BigEndian.Uint64(header) & (1<<48 - 1)
	if size > maxProto {
		return nil, fmt.Errorf("an answer of %d bytes", size)
	}
	answer := make([]byte, size)
	_, err = io.ReadFull(conn, answer)
	return answer, err
}

// Info asks what asinfo would, and gives the values in the order of the names.
func (n Node) Info(ctx context.Context, names ...string) ([]string, error) {
	answer, err := n.exchange(ctx, protoInfo, []byte(strings.Join(names, "\n")+"\n"))
	if err != nil {
		return nil, err
	}
	var values []string
	for line := range strings.Lines(string(answer)) {
		_, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		values = append(values, value)
	}
	if len(values) != len(names) {
		return nil, fmt.Errorf("%s answered %d of %d questions", n.address, len(values), len(names))
	}
	return values, nil
}

// ClusterSize is the size of the cluster that the node thinks it is in, of at most so many
// nodes, and agreeing while they agree on a new one. The size is a part of "statistics", too, which
// is dear to make: asked often, it takes from what the node has for the site.
func (n Node) ClusterSize(ctx context.Context, most int) (int, error) {
	var names []string
	for size := 1; size <= most; size++ {
		names = append(names, fmt.Sprintf("cluster-stable:size=%d;ignore-migrations=true", size))
	}
	values, err := n.Info(ctx, names...)
	if err != nil {
		return 0, err
	}
	return slices.IndexFunc(values, isClusterKey) + 1, nil // of none 0, agreeing
}

// Objects is how many records the node has, as master or as replica.
func (n Node) Objects(ctx context.Context) (int, error) {
	values, err := n.Info(ctx, "namespace/"+namespace)
	if err != nil {
		return 0, err
	}
	for field := range strings.SplitSeq(values[0], ";") {
		if value, ok := strings.CutPrefix(field, "objects="); ok {
			return strconv.Atoi(value)
		}
	}
	return 0, fmt.Errorf("%s does not say how many records it has: %.100s", n.address, values[0])
}

// IsStable tells whether the node is in a cluster of that size with all data in place.
func (n Node) IsStable(ctx context.Context, size int) bool {
	values, err := n.Info(ctx, fmt.Sprintf("cluster-stable:size=%d;ignore-migrations=false", size))
	return err == nil && isClusterKey(values[0])
}

// isClusterKey tells the key of a cluster from what else "cluster-stable" may say.
func isClusterKey(value string) bool {
	return value != "" && !strings.HasPrefix(strings.ToUpper(value), "ERROR")
}

// Result codes of the server.
const (
	codeNotFound    = 2
	codeUnavailable = 11 // PARTITION_UNAVAILABLE
)

// Refuses asks the node, n times each, to read a record and to update one, of random
// keys that nobody has, and tells how often it refused to look. A node that serves says
// that there is no such record.
func (n Node) Refuses(ctx context.Context, times int) (refused, served int, err error) {
	for i := range 2 * times {
		code, err := n.touch(ctx, i%2 == 1)
		switch {
		case err != nil:
			return refused, served, err
		case code == codeUnavailable:
			refused++
		case code == codeNotFound:
			served++
		default:
			return refused, served, fmt.Errorf("%s answered with result code %d", n.address, code)
		}
	}
	return refused, served, nil
}

// touch reads, or updates if it exists, a record with a random digest.
func (n Node) touch(ctx context.Context, write bool) (code byte, err error) {
	const (
		headerSize             = 22
		read, readAll, doWrite = 1, 2, 1
		updateOnly             = 1 << 3
		fieldNamespace         = 0
		fieldDigest            = 4
		opWrite, particleInt   = 2, 1
	)
	digest := make([]byte, 20)
	_, _ = rand.Read(digest) // never fails
	header := make([]byte, headerSize)
	header[0] = headerSize
	binary.BigEndian.PutUint32(header[14:], 300) // milliseconds for the transaction
	binary.BigEndian.PutUint16(header[18:], 2)   // fields
	var rest []byte
	field := func(kind byte, data []byte) {
		rest = binary.BigEndian.AppendUint32(rest, uint32(len(data)+1))
		rest = append(append(rest, kind), data...)
	}
	field(fieldNamespace, []byte(namespace))
	field(fieldDigest, digest)
	if write {
		header[2], header[3] = doWrite, updateOnly
		binary.BigEndian.PutUint16(header[20:], 1) // operations
		bin := []byte("drill")
		rest = binary.BigEndian.AppendUint32(rest, uint32(4+len(bin)+8))
		rest = append(rest, opWrite, particleInt, 0, byte(len(bin)))
		rest = append(append(rest, bin...), 0, 0, 0, 0, 0, 0, 0, 1)
	} else {
		header[1] = read | readAll
	}
	answer, err := n.exchange(ctx, protoMessage, slices.Concat(header, rest))
	if err != nil {
		return 0, err
	}
	if len(answer) < headerSize {
		return 0, fmt.Errorf("%s answered with %d bytes", n.address, len(answer))
	}
	return answer[5], nil
}
