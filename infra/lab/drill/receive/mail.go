package receive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"mime"
	"net"
	"net/mail"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Mood is how a mail server is.
type Mood int

// The moods.
const (
	Taking   Mood = iota // it takes every mail
	Refusing             // it answers 451 to each receiver
	Hanging              // it takes connections and says nothing
	Gone                 // its port is closed
)

func (m Mood) String() string {
	return [...]string{"takes mail", "answers 451", "says nothing", "is gone"}[m]
}

// RefusedFor begins the addresses of receivers who are always answered 451.
const RefusedFor = "refused-"

// Mails is a mail server that keeps all mail in memory. It is safe for use by many goroutines.
type Mails struct {
	arrivals
	address string

	mu       sync.Mutex
	mood     Mood
	pause    time.Duration // that each mail takes
	listener net.Listener
	server   *smtp.Server
	serving  sync.WaitGroup
	open     map[net.Conn]bool // all connections
}

// ListenMail starts a mail server.
func ListenMail(ctx context.Context, address string) (*Mails, error) {
	m := &Mails{address: address, open: map[net.Conn]bool{}, mood: Gone}
	return m, m.Be(ctx, Taking)
}

// Address is where it listens.
func (m *Mails) Address() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.address
}

// Slow lets each mail take so long from now on.
func (m *Mails) Slow(pause time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pause = pause
}

// Be changes the mood. All connections end with it.
func (m *Mails) Be(ctx context.Context, mood Mood) error {
	m.mu.Lock()
	was := m.mood
	m.mood = mood
	server, listener := m.server, m.listener
	m.mu.Unlock()
	if was != Gone {
		// It may not have begun to serve, and not know its listener yet.
		_ = listener.Close()
		if err := server.Close(); err != nil && !errors.Is(err, smtp.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
			return err
		}
	}
	m.hangUp()
	m.serving.Wait()
	if mood == Gone {
		return nil
	}
	return m.listen(ctx)
}

// Close ends it.
func (m *Mails) Close() error { return m.Be(context.Background(), Gone) }

// Since gives the mails that came after the first n.
func (m *Mails) Since(n int) []Arrival {
	all, _ := m.since(n)
	return all
}

// Bad are the mails that could not be understood.
func (m *Mails) Bad() []string {
	_, bad := m.since(0)
	return bad
}

func (m *Mails) listen(ctx context.Context) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", m.Address())
	if err != nil {
		return err
	}
	server := smtp.NewServer(smtp.BackendFunc(m.session))
	server.Domain = "mail.drill"
	server.ReadTimeout, server.WriteTimeout = time.Minute, time.Minute
	server.MaxMessageBytes = 1 << 20
	server.ErrorLog = log.New(io.Discard, "", 0) // of connections that end
	m.mu.Lock()
	m.address, m.listener, m.server = listener.Addr().String(), listener, server
	m.mu.Unlock()
	m.serving.Go(func() { _ = server.Serve(&gate{listener, m}) }) // it ends when it is closed
	return nil
}

// hangUp ends all connections.
func (m *Mails) hangUp() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.open {
		_ = c.Close()
	}
	clear(m.open)
}

// gate passes no connection on while the server hangs.
type gate struct {
	net.Listener
	mails *Mails
}

func (g *gate) Accept() (net.Conn, error) {
	for {
		c, err := g.Listener.Accept()
		if err != nil {
			return nil, err
		}
		c = &conn{c, g.mails}
		g.mails.mu.Lock()
		g.mails.open[c] = true
		hanging := g.mails.mood == Hanging
		g.mails.mu.Unlock()
		if !hanging {
			return c, nil
		}
	}
}

// conn is a connection that is known to be open.
type conn struct {
	net.Conn
	mails *Mails
}

func (c *conn) Close() error {
	err := c.Conn.Close()
	if c.mails.mu.TryLock() { // or all of them are being closed
		delete(c.mails.open, c)
		c.mails.mu.Unlock()
	}
	return err
}

func (m *Mails) session(c *smtp.Conn) (smtp.Session, error) {
	from, _, err := net.SplitHostPort(c.Conn().RemoteAddr().String())
	return &session{mails: m, from: from}, err
}

// session is what one connection says.
type session struct {
	mails *Mails
	from  string
	to    []string
	begun time.Time
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	s.begun, s.to = time.Now(), nil
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mails.mu.Lock()
	mood := s.mails.mood
	s.mails.mu.Unlock()
	if mood == Refusing || strings.HasPrefix(to, RefusedFor) {
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "try again later"}
	}
	s.to = append(s.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err // its sender has died
	}
	msg, err := mail.ReadMessage(bytes.NewReader(text))
	if err != nil {
		s.mails.refuse(fmt.Sprintf("to %v: %v", s.to, err))
		return err
	}
	s.mails.mu.Lock()
	pause := s.mails.pause
	s.mails.mu.Unlock()
	time.Sleep(pause)
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil || msg.Header.Get("Message-ID") == "" {
		s.mails.refuse(fmt.Sprintf("to %v: subject %q, Message-ID %q", s.to, msg.Header.Get("Subject"), msg.Header.Get("Message-ID")))
	}
	for _, to := range s.to {
		s.mails.add(Arrival{ID: msg.Header.Get("Message-ID"), To: to, Subject: subject, From: s.from, Begun: s.begun, At: time.Now()})
	}
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }
