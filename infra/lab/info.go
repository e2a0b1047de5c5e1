//go:build linux

package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const infoTime = time.Second

// askInfo asks a database node for one thing, as asinfo does, from within a namespace.
func askInfo(namespace, address, what string) (answer string, err error) {
	enterErr := inNamespace(namespace, func() { answer, err = info(address, what) })
	if enterErr != nil {
		return "", enterErr
	}
	return answer, err
}

// info speaks Aerospike's info protocol: eight bytes, of which the first is the version,
// 2, the second the kind, 1, the rest the length of the text that follows.
func info(address, what string) (string, error) {
	conn, err := net.DialTimeout("tcp4", address, infoTime) //nolint:noctx // it must not leave the thread
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(infoTime)); err != nil {
		return "", err
	}
	const kind, length = 2<<56 | 1<<48, 1<<48 - 1
	ask := binary.BigEndian.AppendUint64(nil, kind|uint64(len(what)+1))
	if _, err := conn.Write(append(ask, what+"\n"...)); err != nil {
		return "", err
	}
	head := make([]byte, 8)
	if _, err := io.ReadFull(conn, head); err != nil {
		return "", err
	}
	size := binary.BigEndian.Uint64(head) & length
	if size > 1<<20 {
		return "", fmt.Errorf("%s does not answer like an Aerospike node", address)
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(conn, text); err != nil {
		return "", err
	}
	_, answer, _ := strings.Cut(strings.TrimSpace(string(text)), "\t")
	return answer, nil
}
