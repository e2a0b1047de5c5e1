package handlers_test

import (
	"net/http"
	"strings"
	"testing"
)

// A person's wishes come back as they were sent, stay where an edit says nothing of them, and are
// refused at their field.
func TestWishesInTheAPI(t *testing.T) {
	s := newSite(t)
	const ana = "/api/v1/people/ana"
	s.send(t, "POST", "/api/v1/people", `{"id":"ana","name":"Ana Ruiz","email":"ana@example.org"}`).want(http.StatusCreated)
	if got := s.send(t, "GET", ana, "").want(http.StatusOK).Body.String(); strings.Contains(got, "notices") {
		t.Errorf("who chose nothing: got %s, want no wishes", got)
	}
	const wishes = `"notices":{"notByEmail":["now"],"leadMinutes":[1440,60]}`
	s.send(t, "PUT", ana, `{"name":"Ana Ruiz","email":"ana@example.org","notices":{"notByEmail":["now","now"],"leadMinutes":[60,1440,60]}}`).want(http.StatusOK)
	s.send(t, "PUT", ana, `{"name":"Ana R. Ruiz","email":"ana@example.org"}`).want(http.StatusOK)
	if got := s.send(t, "GET", ana, "").want(http.StatusOK).Body.String(); !strings.Contains(got, wishes) {
		t.Errorf("got %s, want %s in it", got, wishes)
	}
	for _, tc := range []struct{ notices, says string }{
		{`{"notByEmail":["week"]}`, `\"week\" is not a kind of notice`},
		{`{"leadMinutes":[1]}`, "5 minutes to 14 days"},
		{`{"leadMinutes":[10,20,30,40,50,60]}`, "at most 5 lead times"},
	} {
		got := s.send(t, "PUT", ana, `{"name":"Ana Ruiz","notices":`+tc.notices+`}`).want(http.StatusUnprocessableEntity).Body.String()
		if !strings.Contains(got, tc.says) {
			t.Errorf("%s: got %s, want %q in it", tc.notices, got, tc.says)
		}
	}
}

// A channel's address is shown to nobody once it is there, and its secret once.
func TestChannelsKeepTheirSecrets(t *testing.T) {
	s := newSite(t)
	doc := s.send(t, "POST", "/teams/ops/notices/channels", "name=Hook&way=webhook&address=https://hooks.example.org/T0/secret&kind=now").want(http.StatusOK).html()
	if secret := attr(doc, "#secret", "value"); !strings.HasPrefix(secret, "whsec_") {
		t.Errorf("the new channel: got the secret %q, want one of a webhook", secret)
	}
	got := s.send(t, "GET", "/teams/ops/notices", "").want(http.StatusOK).Body.String()
	if strings.Contains(got, "T0") || strings.Contains(got, "whsec_") || !strings.Contains(got, "hooks.example.org") {
		t.Errorf("the page: got %s, want the host of the channel and no secret", got)
	}
	if all := s.send(t, "GET", "/export.jsonl", "").want(http.StatusOK).Body.String(); strings.Contains(all, "T0/secret") || strings.Contains(all, "whsec_") {
		t.Error("the export has a secret of a channel")
	}
}
