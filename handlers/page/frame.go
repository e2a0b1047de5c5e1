package page

import (
	"net/http"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// frame is what stands around a page's content.
func (s *Site) frame(r *http.Request, title string, team *roster.Team) views.Frame {
	asOf := store.AgeOf(r.Context()).Oldest()
	return views.Frame{
		Title: title, Team: team, Assets: s.Files, Who: s.who(r), May: s.may(r, team), AsOf: asOf, Now: s.Now(), Request: web.RequestID(r.Context()),
		Foot: views.Foot{ServedBy: s.Instance, Version: s.Version, Store: s.Store.Name(), StoreOK: asOf.IsZero()},
	}
}

// may is what the caller may do on a page; team is the page's team, if it has one. A page does
// not offer what its reader may not do.
func (s *Site) may(r *http.Request, team *roster.Team) views.May {
	c := web.CallerOf(r.Context())
	return views.May{Edit: team != nil && c.MayEdit(team), Editors: team != nil && s.SignIn != nil && c.InPerson() && c.IsMember(team), Admin: c.IsAdmin(), InPerson: c.InPerson()}
}

// who is the caller as every page shows them.
func (s *Site) who(r *http.Request) views.Who {
	c := web.CallerOf(r.Context())
	w := views.Who{NoSignIn: s.SignIn == nil, Door: s.Door() != nil, InPerson: c.InPerson()}
	if c.Person != nil && c.Token == nil {
		w.Name = web.NameOf(*c.Person)
	}
	return w
}
