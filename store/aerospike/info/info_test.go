package info_test

import (
	"errors"
	"net"
	"syscall"
	"testing"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/store/aerospike/info"
)

// The client's error says that no process is at an address.
func TestRefusedIsTold(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	conn := &info.Conn{Address: address}
	_, err = conn.Ask("node")
	if _, ok := errors.AsType[as.Error](err); !ok || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got %v, want the client's error that says so", err)
	}
}

// What is no pair of a name and a value is left out, and what is no number is none.
func TestParse(t *testing.T) {
	v := info.Parse("cluster_size=3;alone;cluster_is_member=true;build=8.1.0.3;cluster_key=")
	if n := v.Number("cluster_size"); n != 3 {
		t.Errorf("got %d as cluster_size, want 3", n)
	}
	if v.Number("build") != 0 || v.Number("alone") != 0 {
		t.Errorf("got %d and %d as numbers, want 0", v.Number("build"), v.Number("alone"))
	}
	if !v.IsTrue("cluster_is_member") || v.IsTrue("cluster_key") || v.IsTrue("alone") {
		t.Errorf("got %v as what is true, want cluster_is_member alone", v)
	}
	if len(v) != 4 {
		t.Errorf("got %d values, want 4", len(v))
	}
}
