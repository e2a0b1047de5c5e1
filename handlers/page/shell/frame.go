package shell

import (
	"net/http"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/words"
)

// Frame is what stands around a page's content.
func (s *Shell) Frame(r *http.Request, title string, team *roster.Team) views.Frame {
	asOf := store.AgeOf(r.Context()).Oldest()
	notice := ""
	if r.Method == http.MethodGet && r.URL.Query().Has("undone") && r.URL.Query().Get("undone") == "" {
		notice = words.T(r.Context(), "The change is undone.")
	}
	return views.Frame{
		Notice: notice,
		Title:  title, Path: r.URL.Path, Team: team, Assets: s.Files, Who: s.who(r), May: s.May(r, team), AsOf: asOf, Now: s.Now(), Request: web.RequestID(r.Context()),
		Foot: views.Foot{ServedBy: s.Instance, Version: s.Version, Store: s.Store.Name(), StoreOK: asOf.IsZero()},
	}
}

// May is what the caller may do on a page; team is the page's team, if it has one. A page does
// not offer what its reader may not do.
func (s *Shell) May(r *http.Request, team *roster.Team) views.May {
	c := web.CallerOf(r.Context())
	return views.May{Edit: team != nil && c.MayEdit(team), Editors: team != nil && s.SignIn != nil && c.InPerson() && c.IsMember(team), Admin: c.IsAdmin(), InPerson: c.InPerson()}
}

// who is the caller as every page shows them.
func (s *Shell) who(r *http.Request) views.Who {
	c := web.CallerOf(r.Context())
	w := views.Who{NoSignIn: s.SignIn == nil, Door: s.Door() != nil, InPerson: c.InPerson()}
	if c.Person != nil && c.Token == nil {
		w.Name = web.NameOf(*c.Person)
	}
	return w
}
