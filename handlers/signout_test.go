package handlers_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/handlers"
	"dailyroster/roster/credential"
	"dailyroster/signin"
	"dailyroster/store"
)

// Signing out everywhere ends the sessions that there are: here at once, elsewhere within a
// minute, and not those that begin later.
func TestSignOutEverywhere(t *testing.T) {
	p := newPair(t)
	laptop, phone, bo := p.as(t, editor), p.as(t, editor), p.as(t, reader)
	phone.instance = 1
	token := laptop.newToken(t, "/api/v1/tokens", `{"name":"bot","scope":"read"}`)
	watching := httptest.NewRequestWithContext(t.Context(), "GET", "/teams/other/events", http.NoBody)
	watching.Header = phone.header
	p.advance(time.Second)
	phone.send(t, "GET", "/people", "").want(http.StatusOK)
	wantText(t, laptop.send(t, "GET", "/tokens", "").want(http.StatusOK).html(), "form[action='/signout/everywhere']", "Sign out everywhere")
	laptop.send(t, "POST", "/signout/everywhere", "", "Sec-Fetch-Site", "cross-site").want(http.StatusForbidden)
	out := laptop.send(t, "POST", "/signout/everywhere", "").want(http.StatusSeeOther)
	if got := out.Header().Get("Set-Cookie"); out.Header().Get("Location") != "/signed-out" || !strings.Contains(got, "Max-Age=0") {
		t.Errorf("signing out: sent to %s with the cookie %q, want it dropped", out.Header().Get("Location"), got)
	}
	laptop.send(t, "GET", "/people", "").want(http.StatusUnauthorized)
	p.advance(time.Minute)
	phone.send(t, "GET", "/api/v1/people", "").wantProblem(http.StatusUnauthorized, "not-signed-in", "")
	if p.sites[1].StillMayRead(watching) {
		t.Error("a stream of the phone goes on")
	}
	p.as(t, editor).send(t, "GET", "/people", "").want(http.StatusOK)
	bo.send(t, "GET", "/people", "").want(http.StatusOK)
	p.withToken(token.Token).send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
}

// An admin signs anybody out, by what the sign-in calls them or by their verified email.
func TestAdminsSignOthersOut(t *testing.T) {
	p := newPair(t)
	root := p.as(t, admin)
	feigned := p.as(t, signin.Identity{Subject: "bo@example.org"})
	sub := p.as(t, signin.Identity{Subject: "m:1", Name: "Mallory"})
	bo := p.as(t, reader)
	p.advance(time.Second)
	bo.send(t, "POST", "/signouts", "who=root").want(http.StatusForbidden)
	if n := bo.send(t, "GET", "/tokens", "").html().Find("form[action='/signouts']").Length(); n != 0 {
		t.Error("a reader is offered to sign others out")
	}
	wantText(t, root.send(t, "POST", "/signouts", "who=+").want(http.StatusUnprocessableEntity).html(), "form[action='/signouts']", "not the name of somebody")
	at := root.send(t, "POST", "/signouts", "who=+BO@Example.org+").want(http.StatusSeeOther).Header().Get("Location")
	wantText(t, root.send(t, "GET", at, "").want(http.StatusOK).html(), ".notice", "Signed out")
	bo.send(t, "GET", "/people", "").want(http.StatusUnauthorized)
	feigned.send(t, "GET", "/people", "").want(http.StatusOK) // is called like an address and has none
	root.send(t, "POST", "/signouts", "who=m:1").want(http.StatusSeeOther)
	sub.send(t, "GET", "/people", "").want(http.StatusUnauthorized)
	root.send(t, "GET", "/people", "").want(http.StatusOK)
	all, err := p.store.SignOuts(t.Context())
	if err != nil || len(all) != 2 || all[1].ID != "subject:m:1" || all[1].Actor != "Root" || all[1].ActorID != "person:root" {
		t.Errorf("what is kept: got %+v, %v, want both, and who did it", all, err)
	}
}

// asked counts how often a store was asked who was signed out, and can be away.
type asked struct {
	store.Store
	times atomic.Int64
	down  atomic.Bool
}

func (a *asked) SignOut(ctx context.Context, id credential.SignOutID) (credential.SignOut, error) {
	a.times.Add(1)
	if a.down.Load() {
		return credential.SignOut{}, &store.UnavailableError{Err: context.DeadlineExceeded}
	}
	return a.Store.SignOut(ctx, id)
}

// Sessions cost the store one question a minute for each name of a person, and go on while
// it does not answer.
func TestSessionsCostLittle(t *testing.T) {
	p := newPair(t)
	behind := &asked{Store: p.store}
	cfg := p.sites[0].Config
	cfg.Store = behind
	p.sites[0] = handlers.New(t.Context(), cfg)
	ana := p.as(t, editor)
	for minute := range int64(3) {
		for range 4 {
			ana.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
			p.advance(15 * time.Second)
		}
		if got, most := behind.times.Load(), 2*(minute+1); got > most { // by subject and by email
			t.Errorf("in minute %d: the store was asked %d times, want at most %d", minute, got, most)
		}
	}
	behind.down.Store(true)
	ana.send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
	p.as(t, reader).send(t, "GET", "/api/v1/oncall", "").want(http.StatusOK)
	behind.down.Store(false)
	bo := p.as(t, reader)
	p.advance(time.Second)
	p.as(t, admin).send(t, "POST", "/signouts", "who=bo").want(http.StatusSeeOther)
	bo.send(t, "GET", "/api/v1/oncall", "").want(http.StatusUnauthorized)
}
