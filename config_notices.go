package main

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"dailyroster/notify"
	"dailyroster/notify/slack"
	"dailyroster/roster/notice"
	"dailyroster/telling"
)

// NoticeConfig is how notices leave the house.
type NoticeConfig struct {
	SMTP             string   `name:"smtp" help:"Address of the mail server that sends notices, such as mail.example.org:587. Without one, no email is sent."`
	SMTPSecurity     string   `name:"smtp-security" enum:"starttls,tls,none" default:"starttls" help:"How the connection to the mail server is encrypted: starttls (port 587 as a rule), tls (465), or none."`
	SMTPUser         string   `name:"smtp-user" help:"User name at the mail server. The default is to send without signing in there."`
	SMTPPasswordFile string   `name:"smtp-password-file" type:"path" help:"File with the password for the mail server, which can also come from the environment variable ROSTER_SMTP_PASSWORD."`
	MailFrom         string   `help:"Sender of all emails, such as roster@example.org, or Daily Roster <roster@example.org>. Required with --smtp."`
	NoticeHosts      []string `help:"Hosts, separated by commas, to which webhooks and chats can go although they are in a private network or without encryption, such as ntfy.intern or ntfy.intern:8080. The default is none: notices go only to public addresses with https."`

	SlackTokenFile         string `type:"path" help:"File with the token of a Slack app that keeps user groups, which can also come from the environment variable ROSTER_SLACK_TOKEN. Its scopes are usergroups:read, usergroups:write, users:read and users:read.email."`
	SlackSigningSecretFile string `type:"path" help:"File with the signing secret of the Slack app that has the command /oncall, which can also come from the environment variable ROSTER_SLACK_SIGNING_SECRET."`
	MattermostTokenFile    string `type:"path" help:"File with the tokens of the commands /oncall in Mattermost, one per line, which can also come from the environment variable ROSTER_MATTERMOST_TOKEN."`

	// Read from the environment, never from the command line, where others can see them.
	smtpPassword       secret
	slackToken         secret
	slackSigningSecret secret
	mattermostToken    secret
}

// secrets are the environment variables with secrets, see OIDCConfig.secrets.
func (c *NoticeConfig) secrets() map[string]*secret {
	return map[string]*secret{
		"ROSTER_SMTP_PASSWORD": &c.smtpPassword, "ROSTER_SLACK_TOKEN": &c.slackToken,
		"ROSTER_SLACK_SIGNING_SECRET": &c.slackSigningSecret, "ROSTER_MATTERMOST_TOKEN": &c.mattermostToken,
	}
}

// secrets are the environment variables with secrets of all settings.
func (c *Config) secrets() map[string]*secret {
	all := c.OIDCConfig.secrets()
	maps.Copy(all, c.NoticeConfig.secrets())
	return all
}

// readSecrets takes the secrets that the environment has.
func (c *Config) readSecrets(getenv func(string) string) {
	for name, into := range c.secrets() {
		if text := getenv(name); text != "" {
			into.text = &text
		}
	}
}

// outgoing is what the settings say of the ways out of the house.
type outgoing struct {
	guard  *notify.Guard
	mailer *notify.Mailer // nil without a mail server
	slack  *slack.Client  // nil without a token

	// Who may send the command /oncall; "" and none are nobody.
	slackSigningSecret string
	mattermostTokens   []string
}

// notices reads the settings. It connects to nothing.
func (c *NoticeConfig) notices() (outgoing, error) {
	var out outgoing
	var err error
	if out.guard, err = notify.NewGuard(c.NoticeHosts); err != nil {
		return out, fmt.Errorf("notice-hosts: %w", err)
	}
	if out.mailer, err = c.mail(); err != nil {
		return out, err
	}
	token, err := c.slackToken.orFile(c.SlackTokenFile)
	if err != nil {
		return out, fmt.Errorf("slack-token-file: %w", err)
	}
	if token = strings.TrimSpace(token); token != "" {
		if strings.ContainsAny(token, " \t\r\n") {
			return out, errors.New("slack-token: it is one word, which begins with xoxb- or xoxp-")
		}
		out.slack = slack.New(token)
	}
	signing, err := c.slackSigningSecret.orFile(c.SlackSigningSecretFile)
	if err != nil {
		return out, fmt.Errorf("slack-signing-secret-file: %w", err)
	}
	out.slackSigningSecret = strings.TrimSpace(signing)
	mattermost, err := c.mattermostToken.orFile(c.MattermostTokenFile)
	if err != nil {
		return out, fmt.Errorf("mattermost-token-file: %w", err)
	}
	out.mattermostTokens = strings.Fields(mattermost)
	return out, nil
}

// mail reads the settings of email; nil is none.
func (c *NoticeConfig) mail() (*notify.Mailer, error) {
	password, err := c.smtpPassword.orFile(c.SMTPPasswordFile)
	if err != nil {
		return nil, fmt.Errorf("smtp-password-file: %w", err)
	}
	if c.SMTP == "" {
		if c.MailFrom != "" || c.SMTPUser != "" || password != "" {
			return nil, errors.New("smtp: there are other settings of email, but no mail server; name it like mail.example.org:587")
		}
		return nil, nil
	}
	return notify.NewMailer(notify.MailConfig{
		Address: c.SMTP, Security: c.SMTPSecurity, User: c.SMTPUser, Password: strings.TrimRight(password, "\r\n"), From: c.MailFrom, Now: time.Now,
	})
}

// ways are those that notices can go.
func (out outgoing) ways() (telling.Ways, error) {
	chats, err := notify.NewChats(out.guard, time.Now)
	if err != nil {
		return telling.Ways{}, err
	}
	webhooks := notify.NewWebhooks(out.guard, time.Now)
	ways := telling.Ways{
		Webhook: webhooks.Send, Chat: chats.Send,
		Check: func(way notice.Way, address string) error {
			if way == notice.WayChat {
				return chats.Check(address)
			}
			return webhooks.Check(address)
		},
	}
	if out.mailer != nil {
		ways.Email = out.mailer.Send
	}
	if out.slack != nil {
		ways.Group = out.slack.SetGroup
	}
	return ways, nil
}

// close ends what is kept for the next notice.
func (out outgoing) close() {
	if out.mailer != nil {
		out.mailer.Close()
	}
}
