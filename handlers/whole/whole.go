// Package whole sends an answer whole or not at all. A process may be killed at any moment, and
// a proxy that has the first part of an answer can ask no other instance for it: it has to cut
// off whoever waits. So an answer is kept until it is complete, and then leaves in one write,
// which the kernel carries out even if the process ends meanwhile.
//
// net/http alone sends an answer in pieces: of 2 KiB while it comes, and of 4 KiB with what is
// left behind.
package whole

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strconv"
)

// most is the size in bytes up to which an answer is kept. Longer ones leave as they come.
const most = 256 << 10

// Handler is next with answers that are sent when it returns: when it panics instead, nothing was
// sent. A flush sends what there is, and the rest as it comes. On connections of another listener
// than that of Listen the answer is sent in two or three writes.
func Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a := &answer{ResponseWriter: w}
		next.ServeHTTP(a, r)
		a.send(r.Context())
	})
}

// answer keeps what is written.
type answer struct {
	http.ResponseWriter
	status int // 0: none yet
	body   bytes.Buffer
	leaves bool // what is written is sent at once
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	switch {
	case a.leaves, status < http.StatusOK: // as 103 Early Hints, of which there may be several
		a.ResponseWriter.WriteHeader(status)
	case a.status == 0:
		a.status = status
	}
}

// Write implements http.ResponseWriter.
func (a *answer) Write(p []byte) (int, error) {
	if !a.leaves {
		a.WriteHeader(http.StatusOK) // if no other was said
		if a.body.Len()+len(p) <= most {
			return a.body.Write(p)
		}
		if err := a.leave(); err != nil {
			return 0, err
		}
	}
	return a.ResponseWriter.Write(p)
}

// FlushError is for http.ResponseController.
func (a *answer) FlushError() error {
	if !a.leaves {
		a.WriteHeader(http.StatusOK) // if no other was said
		if err := a.leave(); err != nil {
			return err
		}
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController set deadlines.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// leave sends what was kept, and from now on what is written.
func (a *answer) leave() error {
	a.leaves = true
	a.ResponseWriter.WriteHeader(a.status)
	_, err := a.body.WriteTo(a.ResponseWriter)
	return err
}

// send sends a complete answer.
func (a *answer) send(ctx context.Context) {
	if a.leaves || a.status == 0 {
		return
	}
	if a.body.Len() == 0 { // net/http sends it in one write
		a.ResponseWriter.WriteHeader(a.status)
		return
	}
	a.Header().Set("Content-Length", strconv.Itoa(a.body.Len()))
	if c, ok := ctx.Value(connKey{}).(*conn); ok {
		const header = 4 << 10 // of most
		c.hold(a.body.Len() + header)
		defer c.release()
	}
	// If it cannot be sent, nobody is there to be told.
	_ = a.leave()
	_ = http.NewResponseController(a.ResponseWriter).Flush()
}

type connKey struct{}

// Context is for http.Server.ConnContext: with it, Handler knows the connection of a request.
func Context(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// Listen is l with connections that can send an answer in one write.
func Listen(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

// Accept implements net.Listener.
func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	// Of one write, the kernel takes at once what has room.
	if sized, ok := c.(interface{ SetWriteBuffer(bytes int) error }); ok {
		_ = sized.SetWriteBuffer(most) // only less of it is taken at once otherwise
	}
	return &conn{Conn: c}, nil
}

// conn is used by one goroutine at a time, that which serves its request.
type conn struct {
	net.Conn
	held bool
	kept []byte
}

// Write implements net.Conn.
func (c *conn) Write(p []byte) (int, error) {
	if c.held {
		c.kept = append(c.kept, p...)
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// CloseWrite is what net/http calls before it closes, so that the client gets what was sent.
func (c *conn) CloseWrite() error {
	if half, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return half.CloseWrite()
	}
	return nil
}

// hold keeps what is written from now on, some size bytes.
func (c *conn) hold(size int) { c.held, c.kept = true, make([]byte, 0, size) }

// release writes what was kept. If that fails, so will whatever net/http does next.
func (c *conn) release() {
	c.held = false
	if len(c.kept) > 0 {
		_, _ = c.Conn.Write(c.kept)
	}
	c.kept = nil
}
