package handlers_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"dailyroster/handlers/hooks"
)

const (
	signingSecret = "8f742231b10e8888abcd99yyyzzz85a5"
	commandToken  = "gr6cfre7fjdcpfpfjxtcu5q35a"
)

// siteWithCommands is a siteToReach that chats may ask.
func siteWithCommands(t *testing.T) *site {
	t.Helper()
	s := siteToReach(t)
	cfg := s.Config
	cfg.Commands = hooks.Secrets{Slack: signingSecret, Mattermost: []string{"another", commandToken}}
	s.remake(t, cfg)
	return s
}

// signed are the headers of a command that Slack sent at a time.
func signed(secret, body string, at time.Time) []string {
	stamp := fmt.Sprint(at.Unix())
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	return []string{
		"Content-Type", "application/x-www-form-urlencoded",
		"X-Slack-Request-Timestamp", stamp, "X-Slack-Signature", "v0=" + hex.EncodeToString(mac.Sum(nil)),
	}
}

// typed is what somebody is told who types a command into Slack.
func (s *site) typed(t *testing.T, text string) string {
	t.Helper()
	body := url.Values{"command": {"/oncall"}, "text": {text}}.Encode()
	return repliedTo(t, s.send(t, "POST", "/hooks/slack/oncall", body, signed(signingSecret, body, time.Now())...))
}

func repliedTo(t *testing.T, got answer) string {
	t.Helper()
	var reply struct {
		Type string `json:"response_type"`
		Text string `json:"text"`
	}
	got.want(http.StatusOK).json(&reply)
	if reply.Type != "ephemeral" {
		t.Errorf("got an answer of the type %q, want one for who asked alone", reply.Type)
	}
	return reply.Text
}

// Only a chat with the secret is answered.
func TestCommandsAreVerified(t *testing.T) {
	s := siteWithCommands(t)
	body := "command=%2Foncall&text=ops"
	for what, header := range map[string][]string{
		"no signature":       {"Content-Type", "application/x-www-form-urlencoded"},
		"another secret":     signed("another", body, time.Now()),
		"another body":       signed(signingSecret, body+"x", time.Now()),
		"six minutes ago":    signed(signingSecret, body, time.Now().Add(-6*time.Minute)),
		"in six minutes":     signed(signingSecret, body, time.Now().Add(6*time.Minute)),
		"an empty signature": append(signed(signingSecret, body, time.Now()), "X-Slack-Signature", ""),
	} {
		got := s.send(t, "POST", "/hooks/slack/oncall", body, header...)
		if got.Code != http.StatusUnauthorized || reachedIn(got.Body.String()) {
			t.Errorf("%s: got %d, %s", what, got.Code, got.Body)
		}
	}
	for _, token := range []string{"", "x", commandToken + "x", strings.ToUpper(commandToken)} {
		s.send(t, "POST", "/hooks/mattermost/oncall", "text=ops&token="+token).want(http.StatusUnauthorized)
	}
	if text := repliedTo(t, s.send(t, "POST", "/hooks/mattermost/oncall", "text=ops&token="+commandToken)); !strings.Contains(text, "Ana Ruiz") {
		t.Errorf("with the token: got %q", text)
	}
	bare := newSite(t)
	for _, path := range []string{"/hooks/slack/oncall", "/hooks/mattermost/oncall"} {
		bare.send(t, "POST", path, body+"&token=", signed("", body, time.Now())...).want(http.StatusNotFound)
	}
}

func reachedIn(text string) bool {
	return strings.Contains(text, "Ana") || strings.Contains(text, "901820")
}

// Whoever asks in the chat is told who is on call, until when, who is next, and how to reach
// them; what is not understood is answered in words.
func TestOnCallInTheChat(t *testing.T) {
	s := siteWithCommands(t)
	zone := s.now().In(zoneOf("Europe/Berlin").Location())
	until := time.Date(zone.Year(), zone.Month(), zone.Day()+1, 9, 0, 0, 0, zone.Location()).Format("Mon 2 Jan 15:04 MST")
	full := s.typed(t, "ops")
	for _, part := range []string{
		"On call for Ops:", "\nPrimary: Ana Ruiz until " + until + ", then nobody · +49 (0)30 901-820 · ana+ops@example.org · https://chat.example.org/direct/@ana",
		"\nSecondary: Bo; Chen, &lt;b&gt;ööö", " · (212) 555-0123",
	} {
		if !strings.Contains(full, part) {
			t.Errorf("got %q, want it to have %q", full, part)
		}
	}
	if strings.Contains(full, "<b>") {
		t.Errorf("got %q, want no markup of names", full)
	}
	for _, text := range []string{"", "  OPS ", "Ops"} { // it is the only team
		if got := s.typed(t, text); got != full {
			t.Errorf("%q: got %q, want %q", text, got, full)
		}
	}
	for i := range 30 {
		s.send(t, "POST", "/api/v1/teams", fmt.Sprintf(`{"id":"net-%02d","name":"Network <%02d>"}`, i, i)).want(http.StatusCreated)
	}
	list := s.typed(t, "")
	if n := strings.Count(list, "•"); n != 20 || !strings.HasSuffix(list, "\nand 11 more.") || !strings.Contains(list, "Network &lt;00&gt; (net-00): nobody") {
		t.Errorf("without a team: got %d teams: %q", n, list)
	}
	for text, want := range map[string]string{
		"ospt": "There is no team ospt. Type /oncall for a list.", "opps": "There is no team opps. Did you mean Ops (ops)?",
		"network": "There is no team network. Did you mean Network &lt;00&gt; (net-00) or Network &lt;01&gt; (net-01)",
		"<!here>": "There is no team &lt;!here&gt;.", strings.Repeat("x", 500): "That is too long",
	} {
		if got := s.typed(t, text); !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want it to begin with %q", text, got, want)
		}
	}
	if got := s.typed(t, "net-07"); !strings.HasPrefix(got, "On call for Network &lt;07&gt;:\nPrimary: nobody") {
		t.Errorf("a team with nobody on call: got %q", got)
	}
	markdown := repliedTo(t, s.send(t, "POST", "/hooks/mattermost/oncall", "text=ops&token="+commandToken))
	if !strings.Contains(markdown, `Bo; Chen, \<b\>`) || !strings.Contains(markdown, `\+49 \(0\)30`) {
		t.Errorf("in Markdown: got %q", markdown)
	}
}

// A chat is in no team: where contacts are for teams, it is told names alone.
func TestChatsAreInNoTeam(t *testing.T) {
	p := newPair(t, inTeams, withCommands)
	w := p.newReached(t, "")
	nobody := signedIn{p: p, header: http.Header{}}
	text := repliedTo(t, nobody.send(t, "POST", "/hooks/mattermost/oncall", "text="+string(w.team)+"&token="+commandToken))
	if !strings.Contains(text, "Person ") || reached(text) {
		t.Errorf("got %q, want the name and not how to reach the person", text)
	}
}
