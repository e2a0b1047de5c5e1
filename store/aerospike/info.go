package aerospike

import (
	"strconv"
	"strings"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
)

// infoConn asks one node about itself, over a connection of its own: the client's
// would be shared with its tending of the cluster, which a slow node would then stall.
type infoConn struct {
	address string
	conn    *as.Connection
	opened  time.Time // when conn was
}

// ask sends one request with all the names. A connection that failed is dropped, and
// opened anew by the next ask. Each of opening and asking may take infoTimeout.
func (c *infoConn) ask(names ...string) (map[string]string, error) {
	if c.conn == nil {
		h, err := hostOf(c.address)
		if err != nil {
			return nil, err
		}
		p := as.NewClientPolicy()
		p.Timeout = infoTimeout
		conn, aerr := as.NewConnection(p, h)
		if aerr != nil {
			return nil, aerr
		}
		c.conn, c.opened = conn, time.Now()
	}
	if err := c.conn.SetTimeout(time.Now().Add(infoTimeout), infoTimeout); err != nil {
		c.close()
		return nil, err
	}
	answers, err := c.conn.RequestInfo(names...)
	if err != nil {
		c.close()
		return nil, err
	}
	return answers, nil
}

func (c *infoConn) close() {
	if c.conn != nil {
		c.conn.Close()
		c.conn = nil
	}
}

// infoValues are the name=value pairs of one answer, separated by semicolons.
type infoValues map[string]string

func parseInfo(answer string) infoValues {
	values := infoValues{}
	for pair := range strings.SplitSeq(answer, ";") {
		if name, value, ok := strings.Cut(pair, "="); ok {
			values[name] = value
		}
	}
	return values
}

// number is a value as a number, 0 where there is none.
func (v infoValues) number(name string) int64 {
	n, err := strconv.ParseInt(v[name], 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (v infoValues) isTrue(name string) bool { return v[name] == "true" }
