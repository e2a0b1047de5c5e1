package handlers_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"dailyroster/roster"
	"dailyroster/signin"
	"dailyroster/store/storetest"
)

// offered is an offer of the team other: Bo asks Cleo to take Tuesday.
type offered struct {
	*pair
	cleo, bo, editor signedIn
}

const otherExchanges = "/api/v1/teams/other/exchanges"

type answeredJSON struct {
	ID, State string
	Answers   []struct {
		Person                 *struct{ ID string }
		Answer, Actor, ActorID string
		OnBehalf               bool
	}
}

func newOffered(t *testing.T) offered {
	t.Helper()
	p := newPair(t)
	for _, name := range []string{"Bo", "Cleo", "Dora"} {
		id := strings.ToLower(name)
		err := p.store.PutPerson(t.Context(), roster.Person{
			ID: roster.PersonID(id), Name: name, Email: id + "@example.org", Active: true, Revision: storetest.NewID(),
		}, "")
		if err != nil {
			t.Fatal(err)
		}
	}
	o := offered{pair: p, editor: p.as(t, editor)}
	o.bo = p.as(t, signin.Identity{Subject: "u-bo", Name: "Bo", Email: "Bo@example.org"})
	o.cleo = p.as(t, signin.Identity{Subject: "u-cleo", Name: "Cleo", Email: "cleo@example.org"})
	o.editor.send(t, "PUT", "/api/v1/teams/other", `{"name":"Other","agreeFirst":true}`).want(http.StatusOK)
	o.editor.send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"assignments":{"primary":"bo"}}`).want(http.StatusOK)
	return o
}

// make is the offer, which Ana makes for Bo.
func (o offered) make(t *testing.T) answeredJSON {
	t.Helper()
	var e answeredJSON
	body := `{"kind":"give","seat":{"date":"2026-11-24","role":"primary"},"to":"cleo","by":"bo"}`
	o.editor.send(t, "POST", otherExchanges, body).want(http.StatusCreated).json(&e)
	return e
}

func (e answeredJSON) told() string {
	var lines []string
	for _, a := range e.Answers {
		line := a.Answer + " " + a.Person.ID + " by " + a.Actor + " " + a.ActorID
		if a.OnBehalf {
			line += " on behalf"
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

// With a sign-in one answers an exchange for oneself. An editor may answer for others, and
// is kept and shown as who did.
func TestAnsweringForOthers(t *testing.T) {
	o := newOffered(t)
	const asked, askedText = "asked bo by Ana Ruiz person:ana on behalf", "Asked for by Ana Ruiz for Bo."
	stranger := signin.Identity{Subject: "z", Email: "z@example.org"}
	first := o.make(t)
	if got := first.told(); first.State != "waiting" || got != asked {
		t.Errorf("a new one: got %s, %q, want it to wait, %q", first.State, got, asked)
	}
	agree := otherExchanges + "/" + first.ID + "/agree"
	o.as(t, stranger).send(t, "POST", agree, `{"person":"cleo"}`).wantProblem(http.StatusForbidden, "forbidden", "")
	o.as(t, signin.Identity{Subject: "cleo", Name: "Cleo"}).send(t, "POST", agree, `{"person":"cleo"}`).wantProblem(http.StatusForbidden, "forbidden", "")
	o.bo.send(t, "POST", agree, `{"person":"cleo"}`).wantProblem(http.StatusForbidden, "forbidden", "")
	o.bo.send(t, "POST", "/teams/other/exchanges/"+first.ID, "answer=agree&person=cleo").want(http.StatusForbidden)
	if n := o.bo.send(t, "GET", "/teams/other?from=2026-11-23&days=7", "").html().Find("#offers form").Length(); n != 1 {
		t.Errorf("who asked sees %d buttons, want Withdraw alone", n)
	}
	if n := o.as(t, stranger).send(t, "GET", "/teams/other?from=2026-11-23&days=7", "").html().Find("#offers form").Length(); n != 0 {
		t.Errorf("whom it does not concern sees %d buttons, want none", n)
	}
	own := o.cleo.send(t, "GET", "/people/cleo", "").want(http.StatusOK).html()
	wantText(t, own, "main", askedText)
	action, fields := formWith(t, own, "answer", "agree")
	o.cleo.send(t, "POST", action, fields.Encode()).want(http.StatusSeeOther)
	var e answeredJSON
	o.cleo.send(t, "GET", otherExchanges+"/"+first.ID, "").want(http.StatusOK).json(&e)
	if got, want := e.told(), asked+"; agreed cleo by Cleo person:u-cleo"; e.State != "done" || got != want {
		t.Errorf("agreed by oneself: got %s, %q, want done, %q", e.State, got, want)
	}
	o.cleo.send(t, "POST", agree, `{"person":"cleo"}`).want(http.StatusOK) // again

	o.editor.send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"assignments":{"primary":"bo"}}`).want(http.StatusOK)
	for how, want := range map[string]string{"agree": "Agreed by Ana Ruiz for Cleo.", "decline": "Declined by Ana Ruiz for Cleo."} {
		o.editor.send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"assignments":{"primary":"bo"}}`).want(http.StatusOK)
		e := o.make(t)
		back := o.editor.send(t, "POST", "/teams/other/exchanges/"+e.ID, url.Values{"answer": {how}, "person": {"cleo"}}.Encode()).want(http.StatusSeeOther)
		at, _, _ := strings.Cut(back.Header().Get("Location"), "#")
		wantText(t, o.bo.send(t, "GET", at, "").want(http.StatusOK).html(), ".notice", askedText+" "+want)
		wantText(t, o.cleo.send(t, "GET", "/people/cleo", "").want(http.StatusOK).html(), "main", want)
		o.bo.send(t, "GET", otherExchanges+"/"+e.ID, "").want(http.StatusOK).json(&e)
		if got, want := e.told(), asked+"; "+how; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "cleo by Ana Ruiz person:ana on behalf") {
			t.Errorf("%s by an editor: got %q", how, got)
		}
	}

	// A token with edit right is an editor too, and one's own token is oneself.
	o.editor.send(t, "PUT", "/api/v1/teams/other/days/2026-11-24", `{"assignments":{"primary":"bo"}}`).want(http.StatusOK)
	e = o.make(t)
	token := o.editor.newToken(t, "/api/v1/teams/other/tokens", `{"name":"CI","scope":"edit"}`)
	o.withToken(token.Token).send(t, "POST", otherExchanges+"/"+e.ID+"/decline", `{"person":"cleo"}`).want(http.StatusOK).json(&e)
	if got, want := e.told(), asked+"; declined cleo by team other, token CI token:"+token.ID+" on behalf"; got != want {
		t.Errorf("declined by a token: got %q, want %q", got, want)
	}
	e = o.make(t)
	personal := o.bo.newToken(t, "/api/v1/tokens", `{"name":"Mine","scope":"edit"}`)
	o.withToken(personal.Token).send(t, "POST", otherExchanges+"/"+e.ID+"/withdraw", `{"person":"bo"}`).want(http.StatusOK).json(&e)
	if got, want := e.told(), asked+"; withdrawn bo by Bo, token Mine token:"+personal.ID+" person:u-bo"; got != want {
		t.Errorf("withdrawn by one's own token: got %q, want %q", got, want)
	}
	reads := o.bo.newToken(t, "/api/v1/tokens", `{"name":"Reads","scope":"read"}`)
	o.withToken(reads.Token).send(t, "POST", otherExchanges+"/"+o.make(t).ID+"/withdraw", `{"person":"bo"}`).want(http.StatusForbidden)
}
