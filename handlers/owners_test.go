package handlers_test

import (
	"net/http"
	"testing"
	"time"

	"dailyroster/roster/credential"
)

// A personal token rests while nobody knows any more what its owner may do, and works again
// once they have signed in.
func TestTokensRestWithoutTheirOwners(t *testing.T) {
	p := newPair(t)
	token := p.as(t, editor).newToken(t, "/api/v1/tokens", `{"name":"bot","scope":"edit","days":366}`)
	ofTeam := p.as(t, editor).newToken(t, "/api/v1/teams/other/tokens", `{"name":"CI","scope":"edit","days":366}`)
	bot := p.withToken(token.Token)
	p.advance(30*24*time.Hour - time.Second)
	bot.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
	p.advance(time.Second)
	got := bot.send(t, "GET", "/api/v1/oncall", "")
	got.wantProblem(http.StatusUnauthorized, "ended-token", "")
	var problem struct{ Detail string }
	got.json(&problem)
	if want := "The owner of this token has not signed in since 23 November 2026, so what they may do now is not known. It works again when they have."; problem.Detail != want {
		t.Errorf("what is said: got %q, want %q", problem.Detail, want)
	}
	p.withToken(ofTeam.Token).send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
	p.as(t, editor).send(t, "GET", "/people", "").want(http.StatusOK)
	waitFor(t, "the token after its owner came back", func() bool {
		return bot.send(t, "GET", "/api/v1/oncall", "").Code == http.StatusOK
	})
	p.advance(29 * 24 * time.Hour)
	bot.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
}

// What an older session says of somebody does not undo what a newer one said.
func TestOlderIdentitiesDoNotComeBack(t *testing.T) {
	p := newPair(t)
	token := p.as(t, editor).newToken(t, "/api/v1/tokens", `{"name":"bot","scope":"edit"}`)
	groups := func() int {
		is, err := p.store.Token(t.Context(), credential.TokenID(token.ID))
		if err != nil {
			t.Fatal(err)
		}
		return len(is.Owner.Groups)
	}
	older := p.as(t, editor)
	p.advance(time.Hour)
	left := editor
	left.Groups = nil
	p.as(t, left).send(t, "GET", "/people", "").want(http.StatusOK)
	waitFor(t, "the token of who left the team", func() bool { return groups() == 0 })
	p.advance(time.Hour)
	older.send(t, "GET", "/people", "").want(http.StatusOK) // on a site that has not seen it since
	older.instance = 1
	older.send(t, "GET", "/people", "").want(http.StatusOK)
	for range 20 {
		time.Sleep(10 * time.Millisecond) // what is noted is noted in the background
		if groups() != 0 {
			t.Fatal("an older session gave the token its owner's groups back")
		}
	}
	p.advance(time.Hour)
	p.as(t, editor).send(t, "GET", "/people", "").want(http.StatusOK)
	waitFor(t, "the token of who is in the team again", func() bool { return groups() == 1 })
}
