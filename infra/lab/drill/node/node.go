// Package node asks an Aerospike node directly, past the application and past its client.
package node

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
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
type Node struct {
	Address string // its own and the port, as 192.168.64.19:3000
}

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

// answerTime is how long a node may take to answer.
const answerTime = 300 * time.Millisecond

// exchange sends one message on a connection of its own and gives the answer's body.
func (n Node) exchange(ctx context.Context, kind byte, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", n.Address)
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
		return nil, fmt.Errorf("%s answered %d of %d questions", n.Address, len(values), len(names))
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

// Free is how much of its space the node has left, in percent.
func (n Node) Free(ctx context.Context) (int, error) { return n.number(ctx, "data_avail_pct") }

// Objects is how many records the node has, as master or as replica.
func (n Node) Objects(ctx context.Context) (int, error) { return n.number(ctx, "objects") }

// number is one that the node says of the namespace.
func (n Node) number(ctx context.Context, name string) (int, error) {
	values, err := n.Info(ctx, "namespace/"+namespace)
	if err != nil {
		return 0, err
	}
	for field := range strings.SplitSeq(values[0], ";") {
		if value, ok := strings.CutPrefix(field, name+"="); ok {
			return strconv.Atoi(value)
		}
	}
	return 0, fmt.Errorf("%s does not say its %s: %.100s", n.Address, name, values[0])
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
	codeNoSpace     = 8
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
			return refused, served, fmt.Errorf("%s answered with result code %d", n.Address, code)
		}
	}
	return refused, served, nil
}

// A message to a node: see as_msg in the server's source.
const (
	headerSize             = 22
	read, readAll, doWrite = 1, 2, 1
	updateOnly             = 1 << 3
	fieldNamespace         = 0
	fieldSet               = 1
	fieldDigest            = 4
	opWrite                = 2
	particleInt            = 1
	particleBlob           = 4
)

// noRecord is the digest of a record that there is not.
func noRecord() []byte {
	digest := make([]byte, 20)
	_, _ = rand.Read(digest) // never fails
	return digest
}

// message is one about a record, in a set if that has a name. A write has the value of its only bin.
func message(set string, digest []byte, flags [2]byte, particle byte, value []byte) []byte {
	header := make([]byte, headerSize)
	header[0], header[2], header[3] = headerSize, flags[0], flags[1]
	binary.BigEndian.PutUint32(header[14:], uint32(answerTime.Milliseconds())) // for the transaction
	fields := uint16(0)
	var rest []byte
	field := func(kind byte, data []byte) {
		fields++
		rest = binary.BigEndian.AppendUint32(rest, uint32(len(data)+1))
		rest = append(append(rest, kind), data...)
	}
	field(fieldNamespace, []byte(namespace))
	if set != "" {
		field(fieldSet, []byte(set))
	}
	field(fieldDigest, digest)
	binary.BigEndian.PutUint16(header[18:], fields)
	if value == nil {
		header[1] = read | readAll
		return slices.Concat(header, rest)
	}
	binary.BigEndian.PutUint16(header[20:], 1) // operations
	bin := []byte("drill")
	rest = binary.BigEndian.AppendUint32(rest, uint32(4+len(bin)+len(value)))
	rest = append(rest, opWrite, particle, 0, byte(len(bin)))
	return slices.Concat(header, rest, bin, value)
}

// touch reads, or updates if it exists, a record with a random digest.
func (n Node) touch(ctx context.Context, write bool) (code byte, err error) {
	if !write {
		return n.send(ctx, message("", noRecord(), [2]byte{}, 0, nil))
	}
	return n.send(ctx, message("", noRecord(), [2]byte{doWrite, updateOnly}, particleInt, binary.BigEndian.AppendUint64(nil, 1)))
}

// send sends a message and gives the result code.
func (n Node) send(ctx context.Context, m []byte) (code byte, err error) {
	answer, err := n.exchange(ctx, protoMessage, m)
	if err != nil {
		return 0, err
	}
	if len(answer) < headerSize {
		return 0, fmt.Errorf("%s answered with %d bytes", n.Address, len(answer))
	}
	return answer[5], nil
}

// ballastSet is the set of the records that only take space.
const ballastSet = "drill_ballast"

// Fill writes one of the records that are of no use, of so many bytes, and tells whether there was no
// space for it. A node that has to do much beside may not take it, which is an error.
func (n Node) Fill(ctx context.Context, record, size int) (full bool, err error) {
	digest := sha256.Sum256(fmt.Append(nil, ballastSet, record))
	code, err := n.send(ctx, message(ballastSet, digest[:20], [2]byte{doWrite, 0}, particleBlob, make([]byte, size)))
	switch {
	case err != nil:
		return false, err
	case code == codeNoSpace:
		return true, nil
	case code != 0:
		return false, fmt.Errorf("%s answered with result code %d", n.Address, code)
	}
	return false, nil
}

// Empty takes away all that Fill has written, on all nodes. With a node that starts again it comes
// back, unless the same records are written again since.
func (n Node) Empty(ctx context.Context) error {
	values, err := n.Info(ctx, "truncate:namespace="+namespace+";set="+ballastSet)
	if err == nil && !strings.EqualFold(values[0], "ok") {
		err = fmt.Errorf("%s does not truncate: %s", n.Address, values[0])
	}
	return err
}
