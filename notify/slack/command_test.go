package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"
)

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// signed is the header of a command of Slack.
func signed(secret, body string, at time.Time) http.Header {
	mac := hmac.New(sha256.New, []byte(secret))
	_, _ = fmt.Fprintf(mac, "v0:%d:%s", at.Unix(), body)
	header := http.Header{}
	header.Set("X-Slack-Request-Timestamp", fmt.Sprint(at.Unix()))
	header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return header
}

func TestSlackSignature(t *testing.T) {
	const body = "token=x&team_domain=example&command=%2Foncall&text=ops"
	now := time.Now()
	odd := signed(signingSecret, body, now)
	odd.Set("X-Slack-Signature", "v1"+odd.Get("X-Slack-Signature")[2:])
	short := signed(signingSecret, body, now)
	short.Set("X-Slack-Signature", short.Get("X-Slack-Signature")[:20])
	moved := signed(signingSecret, body, now.Add(-time.Hour))
	moved.Set("X-Slack-Request-Timestamp", fmt.Sprint(now.Unix()))
	for _, c := range []struct {
		name, secret string
		header       http.Header
		body         string
		good         bool
	}{
		{"good", signingSecret, signed(signingSecret, body, now), body, true},
		{"four minutes old", signingSecret, signed(signingSecret, body, now.Add(-4*time.Minute)), body, true},
		{"six minutes old", signingSecret, signed(signingSecret, body, now.Add(-6*time.Minute)), body, false},
		{"six minutes ahead", signingSecret, signed(signingSecret, body, now.Add(6*time.Minute)), body, false},
		{"another body", signingSecret, signed(signingSecret, body, now), body + "&x=1", false},
		{"another secret", signingSecret, signed("other", body, now), body, false},
		{"an old signature with a new time", signingSecret, moved, body, false},
		{"no secret", "", signed("", body, now), body, false},
		{"no header", signingSecret, http.Header{}, body, false},
		{"another version", signingSecret, odd, body, false},
		{"a short signature", signingSecret, short, body, false},
	} {
		err := VerifySlack(c.secret, c.header, []byte(c.body))
		if (err == nil) != c.good || err != nil && !errors.Is(err, ErrForeign) {
			t.Errorf("%s: got %v, want good %v", c.name, err, c.good)
		}
	}
}

func TestMattermostToken(t *testing.T) {
	tokens := []string{"first-token", "", "second-token"}
	for _, c := range []struct {
		form, header string
		good         bool
	}{
		{"first-token", "", true}, {"second-token", "", true}, {"", "Token second-token", true},
		{"", "", false}, {"other", "", false}, {"first-toke", "", false}, {"first-token ", "", false}, {"other", "Token first-token", false}, {"", "Bearer first-token", false},
	} {
		header := http.Header{}
		header.Set("Authorization", c.header)
		err := VerifyMattermost(tokens, header, url.Values{"token": {c.form}})
		if (err == nil) != c.good {
			t.Errorf("%+v: got %v", c, err)
		}
	}
	if VerifyMattermost(nil, http.Header{}, url.Values{"token": {""}}) == nil || VerifyMattermost([]string{""}, http.Header{}, url.Values{"token": {""}}) == nil {
		t.Error("without a token: got nil")
	}
}
