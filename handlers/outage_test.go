package handlers_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/lastknown"
)

// outage is a real store that can be cut off, as a cluster without a majority is.
type outage struct {
	store.Store
	down atomic.Bool
}

func (o *outage) refuse() error {
	if o.down.Load() {
		return &store.UnavailableError{Err: context.DeadlineExceeded}
	}
	return nil
}

func (o *outage) Save(ctx context.Context, team roster.TeamID, e roster.Edit) (store.Saved, error) {
	if err := o.refuse(); err != nil {
		return store.Saved{}, err
	}
	return o.Store.Save(ctx, team, e)
}

func (o *outage) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	if err := o.refuse(); err != nil {
		return store.Sight{}, err
	}
	return o.Store.Look(ctx, l)
}

func (o *outage) PutPerson(ctx context.Context, p roster.Person, basedOn roster.Revision) error {
	if err := o.refuse(); err != nil {
		return err
	}
	return o.Store.PutPerson(ctx, p, basedOn)
}

func (o *outage) Ping(ctx context.Context) error {
	if err := o.refuse(); err != nil {
		return err
	}
	return o.Store.Ping(ctx)
}

func TestOutage(t *testing.T) {
	behind := &outage{Store: newSite(t).store}
	s := siteOn(t, lastknown.New(behind, time.Now))
	s.send(t, "PUT", "/api/v1/teams/ops/days/2026-11-23", `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	s.send(t, "GET", "/", "").want(http.StatusOK)
	s.send(t, "GET", "/teams/ops"+inView, "").want(http.StatusOK)
	behind.down.Store(true)

	for _, path := range []string{"/", "/teams/ops"} {
		res := s.send(t, "GET", path, "").want(http.StatusOK)
		doc := res.html()
		wantText(t, doc, ".stale", "This is the last known roster, from less than a minute ago. You cannot edit it now.")
		wantText(t, doc, "#oncall", "Ana Ruiz")
		wantText(t, doc, "#foot", "not answering")
		if res.Header().Get("X-Roster-As-Of") == "" {
			t.Errorf("%s in an outage: got no X-Roster-As-Of", path)
		}
	}
	for _, path := range []string{"/api/v1/teams/ops/oncall", "/api/v1/oncall"} {
		res := s.send(t, "GET", path, "", "Accept", "text/plain").want(http.StatusOK)
		if res.Body.String() != "Ana Ruiz\n" || res.Header().Get("X-Roster-As-Of") == "" {
			t.Errorf("%s in an outage: got %q as of %q, want Ana Ruiz and when that was known", path, res.Body, res.Header().Get("X-Roster-As-Of"))
		}
	}

	res := s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz"}}`)
	res.wantProblem(http.StatusServiceUnavailable, "unavailable", "")
	if res.Header().Get("Retry-After") == "" || strings.Contains(res.Body.String(), "deadline") {
		t.Errorf("an edit in an outage: got Retry-After %q and %s, want one and no inner detail", res.Header().Get("Retry-After"), res.Body)
	}
	for _, name := range []string{"Ana Ruiz", "Somebody New"} {
		fields := formOf(t, s.htmx(t, "GET", day+"/edit"+inView, "").want(http.StatusOK).html())
		fields.Set("primary", name)
		doc := s.htmx(t, "PUT", day+inView, fields.Encode()).want(http.StatusServiceUnavailable).html()
		if doc.Find("tr").Length() != 0 || attr(doc, "#status", "hx-swap-oob") != "true" {
			t.Errorf("%s for htmx: want the status line alone, so that the form stays as it is", name)
		}
		page := s.send(t, "POST", day+inView, fields.Encode()).want(http.StatusServiceUnavailable).html()
		again := formOf(t, page.Find("tr#day-2026-11-24"))
		if again.Get("primary") != name || again.Get("change") != fields.Get("change") {
			t.Errorf("%s without JavaScript: got %v, want the text and the change id kept", name, again)
		}
		wantText(t, page, "tr#day-2026-11-24", "does not answer")
	}
	s.send(t, "GET", "/api/v1/teams/ops/days?from=2030-01-01&to=2030-01-02", "").wantProblem(http.StatusServiceUnavailable, "unavailable", "")
	s.send(t, "GET", "/readyz", "").want(http.StatusServiceUnavailable)
	s.send(t, "GET", "/livez", "").want(http.StatusOK)

	behind.down.Store(false)
	s.send(t, "GET", "/readyz", "").want(http.StatusOK)
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	s.Drain()
	s.send(t, "GET", "/readyz", "").want(http.StatusServiceUnavailable)
	s.send(t, "GET", "/", "").want(http.StatusOK)
}

// outageAfter is a store that is cut off after so many edits.
type outageAfter struct {
	*outage
	saves int
}

func (o *outageAfter) Save(ctx context.Context, team roster.TeamID, e roster.Edit) (store.Saved, error) {
	o.saves--
	if o.saves < 0 {
		return store.Saved{}, &store.UnavailableError{Err: context.DeadlineExceeded}
	}
	return o.outage.Save(ctx, team, e)
}
