package receive

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/smtp"
	"net/textproto"
	"strings"
	"syscall"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

func listenMail(t *testing.T) *Mails {
	t.Helper()
	m, err := ListenMail(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = m.Close() })
	return m
}

func send(m *Mails, to, id string) error {
	return smtp.SendMail(m.Address(), nil, "roster@example.org", []string{to},
		fmt.Appendf(nil, "Message-ID: <%s@example.org>\r\nTo: %s\r\nSubject: =?UTF-8?q?You_are_on_call_=E2=80=93_now?=\r\n\r\nText\r\n", id, to))
}

func TestMails(t *testing.T) {
	m := listenMail(t)
	for _, id := range []string{"one", "two", "two"} {
		if err := send(m, id+"@example.org", id); err != nil {
			t.Fatalf("a mail: got %v, want it taken", err)
		}
	}
	all := m.Since(0)
	if len(all) != 3 || all[1].ID != "<two@example.org>" || all[1].To != "two@example.org" || all[1].Subject != "You are on call – now" || all[1].From != "127.0.0.1" {
		t.Errorf("got %+v, want three mails", all)
	}
	if by := Times(all); len(by["two@example.org"]["<two@example.org>"]) != 2 || len(by) != 2 {
		t.Errorf("by receivers: got %v, want the second twice", by)
	}
	if late := m.Since(2); len(late) != 1 {
		t.Errorf("after the first two: got %v, want one", late)
	}
	// A mail whose sender dies in the middle of it is no mail, and none that is wrong either.
	c, err := net.Dial("tcp", m.Address())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\nMessage-ID: <four@example.org>\r\n")); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(100 * time.Millisecond)
	if all, bad := m.Since(0), m.Bad(); len(all) != 3 || len(bad) != 0 {
		t.Errorf("a mail that was cut off: got %+v and %q, want neither", all[3:], bad)
	}
	var answer *textproto.Error
	if err := send(m, "refused-ana@example.org", "three"); !errors.As(err, &answer) || answer.Code != 451 {
		t.Errorf("a receiver who is refused: got %v, want 451", err)
	}
}

func TestMoods(t *testing.T) {
	m := listenMail(t)
	be := func(mood Mood) {
		t.Helper()
		if err := m.Be(t.Context(), mood); err != nil {
			t.Fatalf("%s: got %v, want nil", mood, err)
		}
	}
	be(Refusing)
	var answer *textproto.Error
	if err := send(m, "a@example.org", "a"); !errors.As(err, &answer) || answer.Code != 451 {
		t.Errorf("a server that refuses: got %v, want 451", err)
	}
	be(Gone)
	if err := send(m, "a@example.org", "a"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a server that is gone: got %v, want the connection refused", err)
	}
	be(Hanging)
	c, err := net.Dial("tcp", m.Address())
	if err != nil {
		t.Fatalf("a server that hangs: got %v, want a connection", err)
	}
	if err := c.SetReadDeadline(time.Now().Add(300 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	if n, err := c.Read(make([]byte, 1)); n != 0 || !errors.Is(err, syscall.ETIMEDOUT) && !isTimeout(err) {
		t.Errorf("a server that hangs: got %d bytes, %v, want it silent", n, err)
	}
	be(Taking)
	if err := c.SetReadDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err == nil || isTimeout(err) {
		t.Errorf("a connection from before: got %v, want it ended", err)
	}
	if err := send(m, "a@example.org", "a"); err != nil || len(m.Since(0)) != 1 {
		t.Errorf("a server that is back: got %v and %v, want one mail", err, m.Since(0))
	}
	m.Slow(300 * time.Millisecond)
	begun := time.Now()
	if err := send(m, "b@example.org", "b"); err != nil || time.Since(begun) < 300*time.Millisecond {
		t.Errorf("a slow server: got %v after %s, want it taken after 300 ms", err, time.Since(begun))
	}
}

func isTimeout(err error) bool {
	timeout, is := errors.AsType[net.Error](err)
	return is && timeout.Timeout()
}

func TestHooks(t *testing.T) {
	h, err := ListenHooks(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	const secret, body = "whsec_c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0", `{"type":"shift.now","timestamp":"2026-11-23T09:00:00Z","data":{}}`
	hook, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	post := func(path, body string, at time.Time) int {
		t.Helper()
		signature, err := hook.Sign("msg_1", at, []byte(`{"type":"shift.now","timestamp":"2026-11-23T09:00:00Z","data":{}}`))
		if err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, h.URL(path), bytes.NewReader([]byte(body)))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set(standardwebhooks.HeaderWebhookID, "msg_1")
		r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, fmt.Sprint(at.Unix()))
		r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
		client := &http.Client{Timeout: 500 * time.Millisecond}
		answer, err := client.Do(r)
		if err != nil {
			return 0
		}
		_ = answer.Body.Close()
		return answer.StatusCode
	}
	h.Expect("/ops", secret)
	for what, c := range map[string]struct {
		path, body string
		at         time.Time
		want       int
	}{
		"an event":           {"/ops", body, time.Now(), http.StatusNoContent},
		"of nobody":          {"/other", body, time.Now(), http.StatusUnauthorized},
		"altered":            {"/ops", strings.Replace(body, "now", "not", 1), time.Now(), http.StatusUnauthorized},
		"an old one":         {"/ops", body, time.Now().Add(-time.Hour), http.StatusUnauthorized},
		"where all is quiet": {HangingPath + "ops", body, time.Now(), 0},
	} {
		if got := post(c.path, c.body, c.at); got != c.want {
			t.Errorf("%s: got %d, want %d", what, got, c.want)
		}
	}
	all := h.Since(0)
	if len(all) != 1 || all[0].ID != "msg_1" || all[0].To != "/ops" || all[0].Subject != "shift.now" {
		t.Errorf("got %+v, want one event", all)
	}
	if len(h.Bad()) != 3 {
		t.Errorf("got %q, want three that were refused", h.Bad())
	}
}
