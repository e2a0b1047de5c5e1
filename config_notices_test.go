package main

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dailyroster/notify"
	"dailyroster/roster/notice"
)

func TestMain(m *testing.M) {
	http.DefaultTransport = notify.NewOutlet(http.DefaultTransport) // as main does
	os.Exit(m.Run())
}

// What cannot work is said before anything is opened, by the setting's name, and without a secret.
func TestNoticeSettings(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	mail := map[string]string{
		"ROSTER_SMTP": "mail.example.org:587", "ROSTER_SMTP_USER": "roster", "ROSTER_SMTP_PASSWORD": "hidden-password", "ROSTER_MAIL_FROM": "roster@example.org",
	}
	for _, c := range []struct {
		base   map[string]string
		change string // NAME=value
		want   string
	}{
		{mail, "ROSTER_SMTP=mail.example.org", `smtp: "mail.example.org" is not the address`},
		{mail, "ROSTER_SMTP=", "smtp: there are other settings of email"},
		{mail, "ROSTER_SMTP_SECURITY=ssl", "--smtp-security must be one of"},
		{mail, "ROSTER_SMTP_SECURITY=none", "smtp-security: with none, the password"},
		{mail, "ROSTER_SMTP_USER=", "smtp-user: there is a password"},
		{mail, "ROSTER_SMTP_PASSWORD=", "smtp-password: there is a user name"},
		{mail, "ROSTER_MAIL_FROM=", "mail-from: it is missing"},
		{mail, "ROSTER_MAIL_FROM=Daily Roster", `mail-from: "Daily Roster" is not an address`},
		{nil, "ROSTER_SMTP_PASSWORD_FILE=" + missing, "smtp-password-file: "},
		{nil, "ROSTER_SLACK_TOKEN_FILE=" + missing, "slack-token-file: "},
		{nil, "ROSTER_SLACK_SIGNING_SECRET_FILE=" + missing, "slack-signing-secret-file: "},
		{nil, "ROSTER_MATTERMOST_TOKEN_FILE=" + missing, "mattermost-token-file: "},
		{nil, "ROSTER_SLACK_TOKEN=hidden one\nhidden two", "slack-token: it is one word"},
		{nil, "ROSTER_NOTICE_HOSTS=https://ntfy.intern", `notice-hosts: "https://ntfy.intern" is not a host`},
	} {
		name, value, _ := strings.Cut(c.change, "=")
		err := run(t.Context(), []string{"serve"}, func(asked string) string {
			switch asked {
			case name:
				return value
			case "ROSTER_STORE":
				return "bolt://" + t.TempDir() + "/roster.db"
			}
			return c.base[asked]
		}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: got %v, want %q", c.change, err, c.want)
		}
	}
}

// Secrets come from the environment or from files, with the line break that an editor leaves.
func TestNoticeSecrets(t *testing.T) {
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "secret")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var c Config
	c.SMTP, c.SMTPSecurity, c.SMTPUser, c.MailFrom = "mail.example.org:587", "starttls", "roster", "roster@example.org"
	c.SMTPPasswordFile, c.SlackTokenFile = file(" pass word \n"), file("xoxb-1\n")
	c.SlackSigningSecretFile, c.MattermostTokenFile = file("in the file\n"), file("one\ntwo\n\n")
	c.readSecrets(func(name string) string { return map[string]string{"ROSTER_SLACK_SIGNING_SECRET": "signing"}[name] })
	out, err := c.notices()
	if err != nil {
		t.Fatal(err)
	}
	if out.mailer == nil || out.slack == nil || out.slackSigningSecret != "signing" || strings.Join(out.mattermostTokens, " ") != "one two" {
		t.Errorf("got %q, %q, mail %v, Slack %v", out.slackSigningSecret, out.mattermostTokens, out.mailer != nil, out.slack != nil)
	}
}

// Without settings there is no email, and webhooks and chats go to public addresses alone.
func TestNoNoticeSettings(t *testing.T) {
	for _, c := range []struct {
		hosts []string
		good  bool
	}{{nil, false}, {[]string{"ntfy.intern:8080"}, true}} {
		out, err := (&NoticeConfig{NoticeHosts: c.hosts}).notices()
		if err != nil {
			t.Fatal(err)
		}
		ways, err := out.ways()
		if err != nil {
			t.Fatal(err)
		}
		if ways.Email != nil || ways.Group != nil || ways.Webhook == nil || ways.Chat == nil {
			t.Error("got other ways than webhooks and chats")
		}
		if err := ways.Check(notice.WayWebhook, "http://ntfy.intern:8080/x"); (err == nil) != c.good {
			t.Errorf("a webhook inside with hosts %q: got %v, want good %v", c.hosts, err, c.good)
		}
		if err := ways.Check(notice.WayChat, "ntfy://ntfy.sh/x"); err != nil {
			t.Errorf("a public chat: got %v", err)
		}
		out.close()
	}
}
