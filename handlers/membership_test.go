package handlers_test

import (
	"net/http"
	"testing"

	"dailyroster/signin"
)

// Whoever is called like an admin's or an editor's address, without having it, is neither.
func TestAddressesAreNotNames(t *testing.T) {
	p := newPair(t)
	w := p.newWorld(t, "")
	team := "/api/v1/teams/" + string(w.team)
	p.as(t, admin).send(t, "PUT", team, `{"name":"T","editors":["ed@example.org"]}`).want(http.StatusOK)
	for _, c := range []struct {
		who  signin.Identity
		want int
	}{
		{signin.Identity{Subject: "root@example.org"}, http.StatusForbidden},
		{signin.Identity{Subject: "ed@example.org", Email: "other@example.org"}, http.StatusForbidden},
		{signin.Identity{Subject: "x", Email: "ed@example.org"}, http.StatusOK},
	} {
		p.as(t, c.who).send(t, "PUT", team+"/days/2026-11-26", `{"note":"x"}`).want(c.want)
	}
}
