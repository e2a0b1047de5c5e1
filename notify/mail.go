package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/wneessen/go-mail"
)

// How a connection to a mail server is encrypted.
const (
	SecuritySTARTTLS = "starttls" // after a word in the clear, on port 587 as a rule
	SecurityTLS      = "tls"      // from the first byte, on port 465 as a rule
	SecurityNone     = "none"     // never
)

const (
	mailTime    = 20 * time.Second // for an answer of the mail server
	mailsAtOnce = 8                // connections
	mailsPerOne = 50               // mails on one connection: servers have limits
	keptTime    = 5 * time.Second  // that a connection waits for another mail
	maxMailText = 256 << 10
)

// MailConfig is how mail leaves. The server is the operator's own, so no guard stands before it.
type MailConfig struct {
	Address  string // of the mail server, host:port
	Security string // one of the constants
	User     string // "" is none
	Password string
	From     string // such as "Daily Roster <roster@example.org>"

	Timeout     time.Duration    // for one answer of the server; 0 is 20 s
	Connections int              // how many at once; 0 is 8
	RootCAs     *x509.CertPool   // who may vouch for the server; nil is whom the machine trusts
	Now         func() time.Time // nil is time.Now
}

// Validate refuses what cannot work, naming the field as the flags do.
func (c *MailConfig) Validate() error {
	host, port, err := net.SplitHostPort(c.Address)
	if n, e := strconv.Atoi(port); err != nil || e != nil || host == "" || n < 1 || n > 65535 || strings.ContainsAny(host, " /@") {
		return fmt.Errorf("smtp: %q is not the address of a mail server; write it like mail.example.org:587", c.Address)
	}
	switch c.Security {
	case SecuritySTARTTLS, SecurityTLS:
	case SecurityNone:
		if c.User != "" && !isLoopback(host) {
			return errors.New("smtp-security: with none, the password would travel in the clear; choose starttls or tls")
		}
	default:
		return fmt.Errorf("smtp-security: %q is neither starttls, tls nor none", c.Security)
	}
	if c.User == "" && c.Password != "" {
		return errors.New("smtp-user: there is a password, but no user name")
	}
	if c.User != "" && c.Password == "" {
		return errors.New("smtp-password: there is a user name, but no password")
	}
	if _, err := parseFrom(c.From); err != nil {
		return err
	}
	return nil
}

// parseFrom reads the sender of all mails.
func parseFrom(text string) (*netmail.Address, error) {
	if text == "" {
		return nil, errors.New("mail-from: it is missing; write it like Daily Roster <roster@example.org>")
	}
	from, err := netmail.ParseAddress(text)
	if err != nil || strings.ContainsFunc(text, isBreak) {
		return nil, fmt.Errorf("mail-from: %q is not an address; write it like roster@example.org, or Daily Roster <roster@example.org>", text)
	}
	return from, nil
}

func isBreak(r rune) bool { return r == '\r' || r == '\n' || r == 0 }

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf })
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

// A Mailer sends mails. It keeps a few connections to the server for a few seconds, so that many
// mails that are due at once leave quickly.
type Mailer struct {
	config MailConfig
	host   string
	port   int
	from   *netmail.Address
	places chan struct{}
	idle   chan *mailConn // with connections that wait for another mail
}

// NewMailer makes a sender. It connects to nothing yet.
func NewMailer(config MailConfig) (*Mailer, error) {
	if err := config.Validate(); err != nil {
		return nil, err
	}
	if config.Timeout <= 0 {
		config.Timeout = mailTime
	}
	if config.Connections <= 0 {
		config.Connections = mailsAtOnce
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	host, text, err := net.SplitHostPort(config.Address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, err
	}
	from, err := parseFrom(config.From)
	if err != nil {
		return nil, err
	}
	return &Mailer{
		config: config, host: host, port: port, from: from,
		places: make(chan struct{}, config.Connections), idle: make(chan *mailConn, config.Connections),
	}, nil
}

// CheckAddress says what is wrong with the address of a receiver.
func CheckAddress(to string) error {
	parsed, err := netmail.ParseAddress(to)
	if err != nil || parsed.Name != "" || parsed.Address != to || strings.ContainsFunc(to, isBreak) {
		return fmt.Errorf("%.100q is not an email address", to)
	}
	return nil
}

// Send sends a message to an address once. nil means that the mail server has accepted it. That
// a server refuses an address is a *PermanentError; that it refuses the sender is not, as the
// operator can mend it.
func (m *Mailer) Send(ctx context.Context, to string, message Message) error {
	composed, err := m.compose(to, message)
	if err != nil {
		return err
	}
	select {
	case m.places <- struct{}{}:
		defer func() { <-m.places }()
	case <-ctx.Done():
		return m.failed(ctx.Err())
	}
	for {
		conn, kept, err := m.connection(ctx)
		if err != nil {
			return m.failed(err)
		}
		err = conn.send(ctx, composed, isASCII(to) && isASCII(m.from.Address))
		if err == nil {
			m.keep(conn)
			return nil
		}
		refusal, isSend := errors.AsType[*mail.SendError](err)
		answered := isSend && refusal.ErrorCode() >= 400 && refusal.ErrorCode() != 421 // and the connection is fine
		if answered && conn.client.HasConnection() && refusal.Reason != mail.ErrSMTPData && refusal.Reason != mail.ErrWriteContent {
			m.keep(conn)
		} else {
			conn.end()
		}
		// A server may end a connection that it has kept for a while. Nothing was sent on it
		// before the server had agreed to take a mail.
		if kept && !answered && isSend && (refusal.Reason == mail.ErrConnCheck || refusal.Reason == mail.ErrSMTPMailFrom) && ctx.Err() == nil {
			continue
		}
		if ctx.Err() != nil {
			return m.failed(ctx.Err())
		}
		return m.refused(err)
	}
}

// Close ends the connections that are kept.
func (m *Mailer) Close() {
	for {
		select {
		case conn := <-m.idle:
			conn.end()
		default:
			return
		}
	}
}

// compose writes the mail.
func (m *Mailer) compose(to string, message Message) (*mail.Msg, error) {
	if err := message.check(); err != nil {
		return nil, err
	}
	if err := CheckAddress(to); err != nil {
		return nil, &PermanentError{reason: err.Error()}
	}
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	msg.FromMailAddress(m.from)
	if err := msg.To(to); err != nil {
		return nil, &PermanentError{reason: fmt.Sprintf("%.100q is not an email address", to), cause: err}
	}
	msg.Subject(strings.ReplaceAll(message.subject(), "=?", "= ?")) // which would begin an encoded word
	msg.SetDateWithValue(m.config.Now())
	msg.SetMessageIDWithValue(message.ID + "@" + m.from.Address[strings.LastIndex(m.from.Address, "@")+1:])
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if message.Unsubscribe != "" {
		u, err := url.Parse(message.Unsubscribe)
		if err != nil || u.Scheme != "https" || u.Host == "" || len(message.Unsubscribe) > maxURL/2 || strings.ContainsAny(message.Unsubscribe, "<>\r\n\" ") {
			return nil, &PermanentError{reason: "the URL to unsubscribe is no https URL"}
		}
		if err := msg.SetListUnsubscribeOneClick(u.String()); err != nil {
			return nil, &PermanentError{reason: "the URL to unsubscribe is no https URL", cause: err}
		}
	}
	msg.SetBodyString(mail.TypeTextPlain, cut(strings.ToValidUTF8(message.Text, "�"), maxMailText))
	if message.HTML != "" {
		if len(message.HTML) > maxMailText {
			return nil, &PermanentError{reason: fmt.Sprintf("the message has more than %d kB of HTML", maxMailText>>10)}
		}
		msg.AddAlternativeString(mail.TypeTextHTML, strings.ToValidUTF8(message.HTML, "�"))
	}
	if message.Calendar != nil {
		err := msg.AttachReader("shift.ics", bytes.NewReader(message.Calendar), mail.WithFileContentType("text/calendar; charset=utf-8; method=PUBLISH"))
		if err != nil {
			return nil, &PermanentError{reason: "the calendar file cannot be attached", cause: err}
		}
	}
	return msg, nil
}

// failed is what is said of the server where it gave no answer.
func (m *Mailer) failed(err error) error {
	return &attemptError{reason: m.safe("the mail server " + m.config.Address + ": " + err.Error()), cause: err}
}

// refused is what is said of an answer of the server.
func (m *Mailer) refused(err error) error {
	refusal, ok := errors.AsType[*mail.SendError](err)
	if !ok {
		return m.failed(err)
	}
	reason := m.safe("the mail server: " + refusal.Error())
	if code := refusal.ErrorCode(); code >= 500 && (refusal.Reason == mail.ErrSMTPRcptTo || refusal.Reason == mail.ErrSMTPDataClose) {
		return &PermanentError{reason: reason, cause: err}
	}
	return &attemptError{reason: reason, cause: err}
}

// safe makes a text of the server fit to show.
func (m *Mailer) safe(text string) string {
	if m.config.Password != "" {
		text = strings.ReplaceAll(text, m.config.Password, "…")
	}
	return cut(oneLine(text), maxReason)
}

// tlsConfig is how the server is known.
func (m *Mailer) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: m.host, MinVersion: tls.VersionTLS12, RootCAs: m.config.RootCAs}
}
