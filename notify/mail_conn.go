package notify

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// A mailConn is a connection to the mail server, signed in.
type mailConn struct {
	maker  *mail.Client
	client *smtp.Client
	raw    net.Conn
	sent   int

	mu     sync.Mutex
	timer  *time.Timer
	ended  bool
	inUse  bool
	closed sync.Once
}

// connection is one that waits, or a new one.
func (m *Mailer) connection(ctx context.Context) (conn *mailConn, kept bool, err error) {
	for {
		select {
		case conn := <-m.idle:
			if conn.take() {
				return conn, true, nil
			}
		default:
			conn, err := m.connect(ctx)
			return conn, false, err
		}
	}
}

// connect makes a connection. The library knows the context only while it dials, and sets a time
// limit for each answer; the end of the context closes the connection.
func (m *Mailer) connect(ctx context.Context) (*mailConn, error) {
	conn := &mailConn{inUse: true}
	stop := func() bool { return true }
	dial := func(dialing context.Context, network, address string) (net.Conn, error) {
		raw, err := (&net.Dialer{}).DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		conn.raw = raw
		stop = context.AfterFunc(ctx, func() { _ = raw.Close() })
		if m.config.Security != SecurityTLS {
			return raw, nil
		}
		secure := tls.Client(raw, m.tlsConfig())
		if err := secure.HandshakeContext(dialing); err != nil {
			_ = raw.Close()
			return nil, err
		}
		return secure, nil
	}
	options := []mail.Option{
		mail.WithPort(m.port), mail.WithTimeout(m.config.Timeout), mail.WithTLSConfig(m.tlsConfig()),
		mail.WithDialContextFunc(dial), mail.WithoutNoop(), mail.WithoutRset(),
	}
	switch m.config.Security {
	case SecurityTLS:
		options = append(options, mail.WithSSL())
	case SecuritySTARTTLS:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	default:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	}
	if m.config.User != "" {
		options = append(options, mail.WithUsername(m.config.User), mail.WithPassword(m.config.Password), mail.WithOpportunisticSMTPAuth(
			mail.SMTPAuthSCRAMSHA256, mail.SMTPAuthSCRAMSHA1, mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthCramMD5))
	}
	maker, err := mail.NewClient(m.host, options...)
	if err != nil {
		return nil, err
	}
	conn.maker = maker
	conn.client, err = maker.DialToSMTPClientWithContext(ctx)
	inTime := stop()
	if err == nil && !inTime {
		err = context.Cause(ctx)
	}
	if err != nil {
		if conn.raw != nil {
			_ = conn.raw.Close()
		}
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, err
	}
	return conn, nil
}

// send sends a mail. The end of the context closes the connection. A mail between plain addresses
// does not ask for SMTPUTF8, which the server of the receiver may not know.
func (c *mailConn) send(ctx context.Context, msg *mail.Msg, plain bool) error {
	stop := context.AfterFunc(ctx, func() { _ = c.raw.Close() })
	defer stop()
	c.sent++
	c.client.SkipSMTPUTF8(plain)
	return c.maker.SendWithSMTPClient(c.client, msg)
}

// keep lets a connection wait for another mail for a while.
func (m *Mailer) keep(conn *mailConn) {
	if conn.sent >= mailsPerOne {
		conn.end()
		return
	}
	conn.mu.Lock()
	conn.inUse = false
	conn.timer = time.AfterFunc(keptTime, conn.expire)
	conn.mu.Unlock()
	select {
	case m.idle <- conn:
	default:
		conn.end()
	}
}

// take takes a connection that waits, unless it has waited too long.
func (c *mailConn) take() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inUse = true
	if c.timer != nil {
		c.timer.Stop()
	}
	return !c.ended
}

// expire ends a connection that has waited too long.
func (c *mailConn) expire() {
	c.mu.Lock()
	if c.inUse {
		c.mu.Unlock()
		return
	}
	c.ended = true
	c.mu.Unlock()
	c.end()
}

// endTime is how long a server may take to say goodbye.
const endTime = time.Second

// end says goodbye and closes.
func (c *mailConn) end() {
	c.closed.Do(func() {
		_ = c.raw.SetDeadline(time.Now().Add(endTime))
		_ = c.client.Quit()
		_ = c.raw.Close()
	})
}
