// Package info asks one node of a cluster about itself.
package info

import (
	"net"
	"strconv"
	"strings"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
)

// timeout is how long opening a connection may take, and how long an answer.
const timeout = 300 * time.Millisecond

// Conn asks one node about itself, over a connection of its own: the client's
// would be shared with its tending of the cluster, which a slow node would then stall.
// It is for one goroutine at a time.
type Conn struct {
	Address string    // host:port
	Opened  time.Time // when the connection was that is used
	conn    *as.Connection
}

// Ask sends one request with all the names. A connection that failed is dropped, and
// opened anew by the next Ask. Each of opening and asking may take 300 ms. An error of the
// network is wrapped by one of the client's.
func (c *Conn) Ask(names ...string) (map[string]string, error) {
	if c.conn == nil {
		h, err := HostOf(c.Address)
		if err != nil {
			return nil, err
		}
		p := as.NewClientPolicy()
		p.Timeout = timeout
		conn, aerr := as.NewConnection(p, h)
		if aerr != nil {
			return nil, aerr
		}
		c.conn, c.Opened = conn, time.Now()
	}
	if err := c.conn.SetTimeout(time.Now().Add(timeout), timeout); err != nil {
		c.Close()
		return nil, err
	}
	answers, err := c.conn.RequestInfo(names...)
	if err != nil {
		c.Close()
		return nil, err
	}
	return answers, nil
}

// Close ends the connection, if there is one. The next Ask opens another.
func (c *Conn) Close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// Values are the name=value pairs of one answer, separated by semicolons.
type Values map[string]string

// Parse reads an answer. What is not a pair in it is left out.
func Parse(answer string) Values {
	values := Values{}
	for pair := range strings.SplitSeq(answer, ";") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			values[name] = value
		}
	}
	return values
}

// Number is a value as a number, 0 where there is none.
func (v Values) Number(name string) int64 {
	n, err := strconv.ParseInt(v[name], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// IsTrue reports whether a value is "true".
func (v Values) IsTrue(name string) bool { return v[name] == "true" }

// HostOf is an address, host:port, as the client wants it.
func HostOf(address string) (*as.Host, error) {
	name, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	return as.NewHost(name, n), nil
}
