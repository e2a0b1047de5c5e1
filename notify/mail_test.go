package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // texts may have any
	"github.com/emersion/go-message/mail"

	"dailyroster/notify/smtptest"
)

const mailPromise = "mail through a real server"

// mailer sends through a server with STARTTLS and a password.
func mailer(t *testing.T, server *smtptest.Server, change func(*MailConfig)) *Mailer {
	t.Helper()
	config := MailConfig{
		Address: server.STARTTLS, Security: SecuritySTARTTLS, User: smtptest.User, Password: smtptest.Password,
		From: "Daily Roster <roster@roster.example>", RootCAs: server.RootCAs, Timeout: 5 * time.Second,
	}
	if change != nil {
		change(&config)
	}
	m, err := NewMailer(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(m.Close)
	return m
}

// A part is one of a mail, as its reader sees it.
type part struct{ kind, disposition, text string }

// read takes a mail apart.
func read(t *testing.T, text []byte) (mail.Header, []part) {
	t.Helper()
	entity, err := message.Read(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in the mail:\n%s", err, text)
	}
	var parts []part
	err = entity.Walk(func(_ []int, e *message.Entity, err error) error {
		if err != nil || e.MultipartReader() != nil {
			return err
		}
		body, err := io.ReadAll(e.Body)
		parts = append(parts, part{e.Header.Get("Content-Type"), e.Header.Get("Content-Disposition"), string(body)})
		return err
	})
	if err != nil {
		t.Fatalf("%v in the mail:\n%s", err, text)
	}
	return mail.Header{Header: entity.Header}, parts
}

func TestMailThroughARealServer(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	now := time.Date(2026, 11, 29, 8, 30, 0, 0, time.UTC)
	for name, change := range map[string]func(*MailConfig){
		"starttls": nil,
		"tls":      func(c *MailConfig) { c.Address, c.Security = server.TLS, SecurityTLS },
		"none":     func(c *MailConfig) { c.Address, c.Security, c.User, c.Password = server.Plain, SecurityNone, "", "" },
	} {
		t.Run(name, func(t *testing.T) {
			m := mailer(t, server, func(c *MailConfig) {
				c.Now = func() time.Time { return now }
				if change != nil {
					change(c)
				}
			})
			to := name + "@" + smtptest.Domain
			if err := m.Send(t.Context(), to, testMessage()); err != nil {
				t.Fatal(err)
			}
			header, parts := read(t, server.Await(to, 1)[0])
			for key, want := range map[string]string{
				"From": `"Daily Roster" <roster@roster.example>`, "To": "<" + to + ">", "Subject": testMessage().Subject,
				"Message-Id": "<" + testMessage().ID + "@roster.example>", "Date": "Sun, 29 Nov 2026 08:30:00 +0000",
				"Auto-Submitted": "auto-generated", "Mime-Version": "1.0",
				"List-Unsubscribe": "<https://roster.example.org/unsubscribe/abcdef>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
			} {
				got, err := header.Text(key)
				if err != nil || got != want || len(header.Values(key)) != 1 {
					t.Errorf("%s: got %q, %v, %d times, want %q", key, got, err, len(header.Values(key)), want)
				}
			}
			if len(parts) != 3 {
				t.Fatalf("got %d parts, want 3: %+v", len(parts), parts)
			}
			for i, want := range []part{
				{"text/plain", "", strings.ReplaceAll(testMessage().Text, "\n", "\r\n")}, {"text/html", "", testMessage().HTML},
				{"text/calendar", "attachment", string(testMessage().Calendar)},
			} {
				kind, params, err := mime.ParseMediaType(parts[i].kind)
				if err != nil || kind != want.kind || !strings.EqualFold(params["charset"], "utf-8") {
					t.Errorf("part %d: got %q, %v", i+1, parts[i].kind, err)
				}
				if kind == "text/calendar" && params["method"] != "PUBLISH" {
					t.Errorf("the calendar file is %q, without its method", parts[i].kind)
				}
				if got := strings.TrimRight(parts[i].text, "\r\n"); got != strings.TrimRight(want.text, "\r\n") {
					t.Errorf("part %d: got %q, want %q", i+1, got, want.text)
				}
				disposition, params, _ := mime.ParseMediaType(parts[i].disposition)
				if disposition != want.disposition || disposition != "" && params["filename"] != "shift.ics" {
					t.Errorf("part %d: disposition %q", i+1, parts[i].disposition)
				}
			}
		})
	}
}

func TestPlainMailHasOnePart(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	m := mailer(t, server, nil)
	const to = "ana@" + smtptest.Domain
	if err := m.Send(t.Context(), to, Message{ID: "0123456789", Subject: "A gap", Text: "Ops has a gap."}); err != nil {
		t.Fatal(err)
	}
	header, parts := read(t, server.Await(to, 1)[0])
	if len(parts) != 1 || strings.TrimSpace(parts[0].text) != "Ops has a gap." {
		t.Errorf("got %+v, want one part", parts)
	}
	if header.Has("List-Unsubscribe") || header.Has("List-Unsubscribe-Post") {
		t.Error("there is nothing to unsubscribe from")
	}
}

// Names and notes come from people. None of them makes a header.
func TestMailHeadersCannotBeInjected(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	m := mailer(t, server, nil)
	for i, c := range []struct{ subject, want string }{
		{"Shift\r\nBcc: eve@example.org\r\n\r\nBody", "Shift Bcc: eve@example.org Body"},
		{"Shift\nBcc: eve@example.org", "Shift Bcc: eve@example.org"},
		{"Shift\rX-Evil: 1\x00\x1b", "Shift X-Evil: 1"},
		{"Schicht für Jürgen Großmann – 張偉 🎉", "Schicht für Jürgen Großmann – 張偉 🎉"},
		{"=?utf-8?q?Bcc=3A_eve?=", "= ?utf-8?q?Bcc=3A_eve?="},
		{strings.Repeat("długi ", 200), strings.TrimSpace(strings.Repeat("długi ", 28)) + "…"},
		{strings.Repeat("x", 3000), strings.Repeat("x", 197) + "…"},
		{"bad \xff utf-8", "bad � utf-8"},
	} {
		to := fmt.Sprintf("ana%d@%s", i, smtptest.Domain)
		if err := m.Send(t.Context(), to, Message{ID: "0123456789", Subject: c.subject, Text: "x"}); err != nil {
			t.Errorf("%.60q: %v", c.subject, err)
			continue
		}
		text := server.Await(to, 1)[0]
		header, _ := read(t, text)
		if got, err := header.Subject(); err != nil || got != c.want {
			t.Errorf("subject: got %.300q, %v, want %.300q", got, err, c.want)
		}
		if header.Has("Bcc") || header.Has("X-Evil") {
			t.Errorf("a header was injected:\n%s", text)
		}
		head, _, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n\n")
		for line := range strings.Lines(head) {
			if len(line) > 998 || strings.ContainsFunc(line, func(r rune) bool { return r > 126 || r == '\r' }) {
				t.Errorf("a line of the header that no mail may have: %q", line)
			}
		}
	}
	if got := len(server.Mails("eve@" + smtptest.Domain)); got != 0 {
		t.Errorf("eve has %d mails", got)
	}
	for _, to := range []string{
		"", "ana", "ana@example.org\r\nBcc: eve@example.org", "ana@example.org, eve@example.org", "Ana <ana@example.org>", "<ana@example.org>",
		"ana@example.org\n", "ana@example.org> SIZE=1\r\nRCPT TO:<eve@example.org", "ana @example.org",
	} {
		err := m.Send(t.Context(), to, Message{ID: "0123456789", Subject: "x", Text: "x"})
		if _, permanent := errors.AsType[*PermanentError](err); !permanent {
			t.Errorf("the address %q: got %v, want a permanent refusal", to, err)
		}
	}
}

func TestAddressesThatTheServerRefuses(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	m := mailer(t, server, nil)
	for to, permanent := range map[string]bool{smtptest.Refused: true, "ana@elsewhere.example": true, smtptest.Later: false} {
		err := m.Send(t.Context(), to, testMessage())
		if _, got := errors.AsType[*PermanentError](err); err == nil || got != permanent {
			t.Errorf("%s: got %v, want permanent %v", to, err, permanent)
		}
		if err := m.Send(t.Context(), "ana@"+smtptest.Domain, testMessage()); err != nil {
			t.Errorf("after %s: %v", to, err)
		}
	}
	server.Await("ana@"+smtptest.Domain, 3)
}

// What the operator can mend is worth another try, and no text has the password in it.
func TestMailSettingsThatFail(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	for want, change := range map[string]func(*MailConfig){
		"535":                 func(c *MailConfig) { c.Password = "wrong-horse-battery" },
		"unknown authority":   func(c *MailConfig) { c.RootCAs = nil },
		"STARTTLS":            func(c *MailConfig) { c.Address = server.Plain },
		"SMTP AUTH":           func(c *MailConfig) { c.Address, c.Security = server.Plain, SecurityNone },
		"authentication":      func(c *MailConfig) { c.User, c.Password = "", "" },
		"connection refused":  func(c *MailConfig) { c.Address = "localhost:1" },
		"no such host":        func(c *MailConfig) { c.Address = "mail.invalid:587" },
		"first record does n": func(c *MailConfig) { c.Security = SecurityTLS },
	} {
		m := mailer(t, server, change)
		err := m.Send(t.Context(), "ana@"+smtptest.Domain, testMessage())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "horse") {
			t.Errorf("got %v, want an error with %q", err, want)
		}
		if _, permanent := errors.AsType[*PermanentError](err); permanent {
			t.Errorf("%v is permanent", err)
		}
	}
}

// The end of the context ends a mail, whatever the server is doing.
func TestMailServerThatHangs(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	m := mailer(t, server, func(c *MailConfig) { c.Timeout = time.Minute })
	const to = "ana@" + smtptest.Domain
	if err := m.Send(t.Context(), to, testMessage()); err != nil { // leaves a connection
		t.Fatal(err)
	}
	before := runtime.NumGoroutine()
	server.Freeze()
	for range 2 { // on the connection that was kept, and on a new one
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		begin := time.Now()
		err := m.Send(ctx, to, testMessage())
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 2*time.Second {
			t.Errorf("got %v after %s, want the deadline", err, time.Since(begin))
		}
	}
	server.Thaw()
	if err := m.Send(t.Context(), to, testMessage()); err != nil {
		t.Errorf("after it hung: %v", err)
	}
	m.Close()
	awaitGoroutines(t, before)
}

// A kept connection that has died meanwhile costs no mail.
func TestMailServerThatIsStartedAnew(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	m := mailer(t, server, nil)
	const to = "ana@" + smtptest.Domain
	if err := m.Send(t.Context(), to, testMessage()); err != nil {
		t.Fatal(err)
	}
	server.Stop()
	if err := m.Send(t.Context(), to, testMessage()); err == nil {
		t.Error("without a server: got nil")
	}
	server.Restart()
	if err := m.Send(t.Context(), to, testMessage()); err != nil {
		t.Fatal(err)
	}
	if len(m.idle) != 1 {
		t.Fatalf("%d connections wait, want 1", len(m.idle))
	}
	server.Stop()
	server.Restart()
	if err := m.Send(t.Context(), to, testMessage()); err != nil {
		t.Errorf("on a connection that the server has ended: %v", err)
	}
	server.Await(to, 3)
}

// All notices of a hand-off are due at one instant.
func TestManyMailsAtOnce(t *testing.T) {
	server := smtptest.Start(t, mailPromise)
	address, connections := counting(t, server.STARTTLS)
	m := mailer(t, server, func(c *MailConfig) { c.Address, c.Timeout = address, time.Minute })
	const mails, refused = 500, 10
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	begin := time.Now()
	var wg sync.WaitGroup
	for i := range mails {
		wg.Go(func() {
			msg := testMessage()
			msg.ID = fmt.Sprintf("notice%06d", i)
			if err := m.Send(ctx, fmt.Sprintf("p%d@%s", i, smtptest.Domain), msg); err != nil {
				t.Errorf("mail %d: %v", i, err)
			}
		})
	}
	for range refused {
		wg.Go(func() {
			if err := m.Send(ctx, smtptest.Refused, testMessage()); err == nil {
				t.Error("a refused address: got nil")
			}
		})
	}
	wg.Wait()
	took := time.Since(begin)
	for len(server.Counts()) < mails && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	counts := server.Counts()
	for i := range mails {
		if got := counts[fmt.Sprintf("p%d@%s", i, smtptest.Domain)]; got != 1 {
			t.Errorf("p%d has %d mails, want 1", i, got)
		}
	}
	t.Logf("%d mails left in %s on %d connections", mails, took, connections.Load())
	if got := connections.Load(); got > mails/20 {
		t.Errorf("%d mails took %d connections, so that most have not shared one", mails, got)
	}
}

// counting stands before a server and counts its connections.
func counting(t *testing.T, server string) (address string, connections *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	connections = &atomic.Int32{}
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			to, err := net.Dial("tcp", server)
			if err != nil {
				_ = from.Close()
				continue
			}
			for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
				go func() {
					_, _ = io.Copy(way[0], way[1])
					_ = way[0].Close()
				}()
			}
		}
	}()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return net.JoinHostPort("localhost", port), connections
}

func TestMailSettings(t *testing.T) {
	good := MailConfig{Address: "mail.example.org:587", Security: SecuritySTARTTLS, User: "roster", Password: "hidden-horse", From: "roster@example.org"}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		want   string
		change func(*MailConfig)
	}{
		{"smtp: ", func(c *MailConfig) { c.Address = "mail.example.org" }},
		{"smtp: ", func(c *MailConfig) { c.Address = ":587" }},
		{"smtp: ", func(c *MailConfig) { c.Address = "mail.example.org:smtp" }},
		{"smtp: ", func(c *MailConfig) { c.Address = "smtp://mail.example.org:587" }},
		{"smtp-security: ", func(c *MailConfig) { c.Security = "ssl" }},
		{"in the clear", func(c *MailConfig) { c.Security = SecurityNone }},
		{"smtp-user: ", func(c *MailConfig) { c.User = "" }},
		{"smtp-password: ", func(c *MailConfig) { c.Password = "" }},
		{"mail-from: it is missing", func(c *MailConfig) { c.From = "" }},
		{"mail-from: ", func(c *MailConfig) { c.From = "Daily Roster" }},
		{"mail-from: ", func(c *MailConfig) { c.From = "a@example.org\r\nBcc: eve@example.org" }},
	} {
		config := good
		c.change(&config)
		if _, err := NewMailer(config); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
