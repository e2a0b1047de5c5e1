package credential

import (
	"strings"
	"testing"
	"time"
)

func TestTokenText(t *testing.T) {
	random := [32]byte{31: 0xff, 0: 0xfb}
	id, text := NewTokenText("01ARZ3NDEKTSV4RRFFQ69G5FAV", random)
	if id != "01arz3ndektsv4rrffq69g5fav" || text != "roster_01arz3ndektsv4rrffq69g5fav_-wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAP8" {
		t.Errorf("got %s and %s, want the id in lower case and 32 bytes in base64url", id, text)
	}
	got, secret, err := ParseTokenText(text)
	if err != nil || got != id || secret != text[len(text)-43:] {
		t.Errorf("ParseTokenText: got %s, %s, %v, want what it was made of", got, secret, err)
	}
	token := Token{Hash: HashSecret(secret)}
	if !token.Matches(secret) || token.Matches(secret+"x") || token.Matches("") || (&Token{}).Matches("") {
		t.Error("Matches: want true for the secret alone")
	}
	for _, bad := range []string{
		"", "roster_", text[1:], text + "x", text[:len(text)-1], strings.ToUpper(text), strings.Replace(text, "_01", "_0I", 1),
		strings.Replace(text, "_-", "--", 1), strings.Replace(text, "roster_01", "roster_81", 1),
	} {
		if _, _, err := ParseTokenText(bad); err == nil {
			t.Errorf("ParseTokenText(%q): got nil, want an error", bad)
		}
	}
}

func TestTokenLife(t *testing.T) {
	made := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	token := Token{Name: " CI ", Scope: ScopeRead, Made: made, Expires: made.AddDate(0, 0, 10)}
	if err := token.Validate(); err != nil || token.Name != "CI" {
		t.Errorf("Validate: got %v, %q, want the name tidied", err, token.Name)
	}
	feed := Token{Name: "Wall", Scope: ScopeEdit, Feed: &Feed{}, Made: made, Expires: token.Expires}
	if err := feed.Validate(); err != nil || feed.Scope != ScopeFeed || !feed.Expires.IsZero() {
		t.Errorf("Validate of a feed: got %v, %+v, want one that opens a calendar alone, without an end", err, feed)
	}
	if err := (&Token{Name: "x", Scope: ScopeFeed, Made: made, Expires: token.Expires}).Validate(); err == nil {
		t.Error("Validate of the scope feed without one: got nil, want an error")
	}
	oldFeed := feed
	oldFeed.Revoked = made.AddDate(0, 0, 2)
	revoked := token
	revoked.Revoked = made.AddDate(0, 0, 2)
	for _, c := range []struct {
		what            string
		token           Token
		after           time.Duration
		live, forgotten bool
	}{
		{"new", token, 0, true, false},
		{"just before its end", token, 10*24*time.Hour - 1, true, false},
		{"at its end", token, 10 * 24 * time.Hour, false, false},
		{"a month after its end", token, 40 * 24 * time.Hour, false, false},
		{"longer after its end", token, 40*24*time.Hour + 1, false, true},
		{"a feed after years", feed, 3 * 366 * 24 * time.Hour, true, false},
		{"a feed that was revoked", oldFeed, 3 * 24 * time.Hour, false, false},
		{"a month after it was", oldFeed, 32*24*time.Hour + 1, false, true},
		{"revoked", revoked, 3 * 24 * time.Hour, false, false},
		{"a month after it was revoked", revoked, 32*24*time.Hour + 1, false, true},
	} {
		at := made.Add(c.after)
		if live, forgotten := c.token.Live(at), c.token.Forgotten(at); live != c.live || forgotten != c.forgotten {
			t.Errorf("%s: got live %v, forgotten %v, want %v, %v", c.what, live, forgotten, c.live, c.forgotten)
		}
	}
}
