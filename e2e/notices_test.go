package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"dailyroster/notify/smtptest"
)

// As docs/notices.md says, an operator sets up email with a real mail server, a webhook and a chat
// on servers inside, and sends a test to each by the page. What fails says why, without a secret.
func TestWaysOfNotices(t *testing.T) {
	mails := smtptest.Start(t, "tests of notices, from the page to a mail server, a webhook and a chat")
	var mu sync.Mutex
	requests := map[string][]*http.Request{}
	bodies := map[string]string{}
	inside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		requests[r.URL.Path], bodies[r.URL.Path] = append(requests[r.URL.Path], r), string(body)
		if strings.HasPrefix(r.URL.Path, "/full/") {
			w.WriteHeader(http.StatusInsufficientStorage)
		}
	}))
	defer inside.Close()
	host := strings.TrimPrefix(inside.URL, "http://")

	t.Setenv("SSL_CERT_FILE", mails.CertFile)
	t.Setenv("ROSTER_SMTP_PASSWORD", smtptest.Password)
	s := startOn(t, "bolt:"+storeFile(t), "app-under-test", "--smtp="+mails.STARTTLS, "--smtp-user="+smtptest.User,
		"--mail-from=Daily Roster <roster@example.org>", "--notice-hosts="+host, "--public-url=http://roster.example.org")
	const formType = "application/x-www-form-urlencoded"
	post := func(path string, fields url.Values) (int, string) {
		return s.call(t, "POST", path, fields.Encode(), "Content-Type", formType, "Sec-Fetch-Site", "same-origin")
	}
	// An email to a person.
	for id, email := range map[string]string{"ana": "ana@" + smtptest.Domain, "bo": smtptest.Refused} {
		if status, body := s.call(t, "POST", "/api/v1/people", fmt.Sprintf(`{"name":%q,"email":%q}`, id, email)); status >= 300 {
			t.Fatalf("POST of a person: got %d %s", status, body)
		}
	}
	if status, body := post("/people/ana/notices/test", nil); status != http.StatusOK {
		t.Errorf("a test to Ana: got %d %s", status, words(body))
	}
	if text := string(mails.Await("ana@"+smtptest.Domain, 1)[0]); !strings.Contains(text, "From: \"Daily Roster\" <roster@example.org>") {
		t.Errorf("the mail:\n%s", text)
	}
	if status, body := post("/people/bo/notices/test", nil); status != http.StatusBadGateway || !strings.Contains(body, "no such mailbox") {
		t.Errorf("a test to an address that is refused: got %d %s, want 502 and why", status, words(body))
	}

	// A webhook, whose secret the page shows once.
	channel := url.Values{"name": {"Hook"}, "way": {"webhook"}, "address": {inside.URL + "/hook/hidden-token"}, "kind": {"now"}}
	status, body := post("/teams/daily-roster/notices/channels", channel)
	secret := regexp.MustCompile(`whsec_[A-Za-z0-9+/=]+`).FindString(strings.ReplaceAll(body, "&#43;", "+"))
	if status != http.StatusOK || secret == "" {
		t.Fatalf("a webhook: got %d and the secret %q: %s", status, secret, words(body))
	}
	verifier, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	channel = url.Values{"name": {"Chat"}, "way": {"chat"}, "address": {"generic://" + host + "/chat/hidden-token?disabletls=yes"}, "kind": {"now"}}
	if status, body := post("/teams/daily-roster/notices/channels", channel); status != http.StatusOK {
		t.Fatalf("a chat: got %d %s", status, words(body))
	}
	channel = url.Values{"name": {"Full"}, "way": {"chat"}, "address": {"generic://" + host + "/full/hidden-token?disabletls=yes"}, "kind": {"now"}}
	if status, body := post("/teams/daily-roster/notices/channels", channel); status != http.StatusOK {
		t.Fatalf("a chat that is full: got %d %s", status, words(body))
	}
	_, body = s.call(t, "GET", "/teams/daily-roster/notices", "")
	if strings.Contains(body, "hidden-token") || strings.Contains(body, secret) {
		t.Error("the page shows a secret")
	}
	failed := 0
	for _, action := range regexp.MustCompile(`/teams/daily-roster/notices/[a-z0-9]+/test`).FindAllString(body, -1) {
		switch status, body := post(action, nil); {
		case status == http.StatusBadGateway && strings.Contains(body, "507 Insufficient Storage") && !strings.Contains(body, "hidden-token"):
			failed++
		case status != http.StatusOK:
			t.Errorf("%s: got %d %s", action, status, words(body))
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if failed != 1 || len(requests["/hook/hidden-token"]) != 1 || len(requests["/chat/hidden-token"]) != 1 {
		t.Fatalf("%d tests failed, want 1; the servers have %v", failed, bodies)
	}
	if err := verifier.Verify([]byte(bodies["/hook/hidden-token"]), requests["/hook/hidden-token"][0].Header); err != nil {
		t.Errorf("the signature of the webhook: %v", err)
	}

	// Where no setting names a host, it stays out of reach.
	for way, address := range map[string]string{
		"webhook": "https://localhost/x", "chat": "generic://localhost:1/x", "other": "https://169.254.169.254/latest",
	} {
		way = strings.Replace(way, "other", "webhook", 1)
		fields := url.Values{"name": {"Inside " + address}, "way": {way}, "address": {address}, "kind": {"now"}}
		status, body := post("/teams/daily-roster/notices/channels", fields)
		if strings.Contains(address, "169.254") {
			if status != http.StatusUnprocessableEntity || !strings.Contains(body, "private network") {
				t.Errorf("%s: got %d, want 422 and why", address, status)
			}
			continue
		}
		if status != http.StatusOK {
			t.Errorf("%s: got %d %s", address, status, words(body))
		}
	}
	_, body = s.call(t, "GET", "/teams/daily-roster/notices", "")
	refused := 0
	for _, action := range regexp.MustCompile(`/teams/daily-roster/notices/[a-z0-9]+/test`).FindAllString(body, -1) {
		if _, body := s.call(t, "POST", action, "", "Content-Type", formType, "Sec-Fetch-Site", "same-origin"); strings.Contains(body, "private network") {
			refused++
		}
	}
	if refused != 2 {
		t.Errorf("%d tests were refused, want 2", refused)
	}
	if log := s.log.tail(1 << 20); strings.Contains(log, "hidden-token") || strings.Contains(log, smtptest.Password) {
		t.Errorf("the log has a secret:\n%s", log)
	}
}

// words are those of the main part of a page.
func words(page string) string {
	_, page, _ = strings.Cut(page, "<main")
	text := strings.Join(strings.Fields(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(page, " ")), " ")
	return text[:min(len(text), 600)]
}
