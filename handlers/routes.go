package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"dailyroster/assets"
	"dailyroster/signin"
)

const apiPrefix = "/api/v1"

// action answers a request, or gives the error that is to be answered.
type action func(http.ResponseWriter, *http.Request) error

// route is one line of the route table. It says who may use it; a route that does not
// say so does not compile.
type route struct {
	method, path string
	needs        right
	do           action
}

// pages is the part of the site for people.
func (s *Server) pages() []route {
	return []route{
		{"GET", "/", read, s.home},

		{"GET", "/teams", read, s.teamsPage},
		{"POST", "/teams", administer, s.makeTeam},
		{"GET", "/teams/{team}", read, s.rosterPage},
		{"GET", "/teams/{team}/grid", read, s.gridPage},
		{"POST", "/teams/{team}/grid", edit, s.setDays},
		{"GET", "/teams/{team}/grid/table", read, s.gridTable},
		{"GET", "/teams/{team}/oncall", read, s.onCallBanner},
		{"GET", "/teams/{team}/history", read, s.historyPage},
		{"POST", "/teams/{team}/undo", edit, s.undoChanges},
		{"GET", "/teams/{team}/rotations", read, s.rotationsPage},
		{"POST", "/teams/{team}/rotations", edit, s.saveRotation},
		{"POST", "/teams/{team}/fill", edit, s.fillTeam},
		{"GET", "/teams/{team}/fairness", read, s.fairnessPage},
		{"GET", "/teams/{team}/fairness.csv", read, s.fairnessCSV},
		{"GET", "/teams/{team}/holidays", read, s.holidaysPage},
		{"GET", "/teams/{team}/import", read, s.importPage},
		{"GET", "/teams/{team}/days.csv", read, s.exportCSV},
		{"GET", "/teams/{team}/days.ics", read, s.exportCalendar},
		{"GET", "/teams/{team}/settings", read, s.settingsPage},
		{"POST", "/teams/{team}/settings", edit, s.saveSettings},
		{"POST", "/teams/{team}/remove", administer, s.removeTeam},

		{"GET", "/teams/{team}/days/{date}", read, s.dayRow},
		{"GET", "/teams/{team}/days/{date}/edit", edit, s.dayForm},
		{"PUT", "/teams/{team}/days/{date}", edit, s.saveDay},
		{"POST", "/teams/{team}/days/{date}", edit, s.postDay},
		{"DELETE", "/teams/{team}/days/{date}", edit, s.clearDay},

		{"GET", "/teams/{team}/days/{date}/exchange", edit, s.exchangePage},
		{"POST", "/teams/{team}/exchanges", edit, s.postExchange},
		{"POST", "/teams/{team}/exchanges/{exchange}", edit, s.answerExchange},

		{"GET", "/people", read, s.peoplePage},
		{"POST", "/people", editPeople, s.addPerson},
		{"GET", "/people/{person}", read, s.personPage},
		{"POST", "/people/{person}", editPerson, s.savePerson},
		{"POST", "/people/{person}/absences", editPerson, s.addAbsence},
		{"POST", "/people/{person}/absences/remove", editPerson, s.removeAbsence},
		{"GET", "/people/{person}/deactivate", editPeople, s.deactivatePage},
		{"POST", "/people/{person}/deactivate", editPeople, s.deactivatePerson},
		{"GET", "/people/{person}/deactivated", editPeople, s.deactivatedPage},
		{"POST", "/people/{person}/activate", editPeople, s.activatePerson},
		{"GET", "/people/{person}/calendar", editPerson, s.calendarPage},
		{"POST", "/people/{person}/remove", editPeople, s.removePerson},

		{"GET", "/teams/{team}/tokens", editInPerson, s.teamTokensPage},
		{"POST", "/teams/{team}/tokens", editInPerson, s.makeTeamToken},
		{"POST", "/teams/{team}/tokens/{token}/revoke", editInPerson, s.revokeTeamToken},
		{"GET", "/tokens", readInPerson, s.tokensPage},
		{"POST", "/tokens", readInPerson, s.makeOwnToken},
		{"POST", "/tokens/{token}/revoke", readInPerson, s.revokeOwnToken},

		{"GET", feedPrefix + "{secret}" + feedSuffix, open, s.feed}, // the secret in the path is what lets in
		{"GET", "/teams/{team}/feeds", editInPerson, s.teamFeedsPage},
		{"POST", "/teams/{team}/feeds", editInPerson, s.makeTeamFeed},
		{"POST", "/teams/{team}/feeds/{feed}/revoke", editInPerson, s.revokeTeamFeed},
		{"GET", "/people/{person}/feeds", editPersonInPerson, s.personFeedsPage},
		{"POST", "/people/{person}/feeds", editPersonInPerson, s.makePersonFeed},
		{"POST", "/people/{person}/feeds/{feed}/revoke", editPersonInPerson, s.revokePersonFeed},

		{"GET", "/signin", open, s.signIn},
		{"GET", signin.CallbackPath, open, s.signInCallback},
		{"POST", "/signout", open, s.signOut},
		{"GET", "/signed-out", open, s.signedOut},

		{"GET", "/coverage", read, s.coveragePage},
		{"GET", "/coverage.csv", read, s.coverageCSV},
		{"GET", "/cluster", read, s.clusterPage},
		{"GET", "/api", read, s.apiPage},
	}
}

// uploads are the pages' forms that bring a calendar, or what was chosen of one.
func (s *Server) uploads() []route {
	return []route{
		{"POST", "/teams/{team}/import", edit, s.previewImport},
		{"POST", "/teams/{team}/holidays", edit, s.uploadHolidays},
		{"POST", "/teams/{team}/holidays/remove", edit, s.removeHolidays},
		{"POST", "/people/{person}/calendar", editPerson, s.uploadCalendar},
	}
}

// streams are answers that go on until somebody leaves.
func (s *Server) streams() []route {
	return []route{
		{"GET", "/teams/{team}/events", read, s.events},
	}
}

// exports give out everything, which takes as long as there is much.
func (s *Server) exports() []route {
	return []route{
		{"GET", "/export.jsonl", administer, s.exportAll},
	}
}

// apiExports are the same for programs, below apiPrefix.
func (s *Server) apiExports() []route {
	return []route{
		{"GET", "/export", administer, s.exportAll},
	}
}

// api is the part for programs, below apiPrefix.
func (s *Server) api() []route {
	return []route{
		{"GET", "/oncall", read, s.apiOnCallAll},
		{"GET", "/coverage", read, s.apiCoverage},
		{"GET", "/cluster", read, s.apiCluster},
		{"GET", "/openapi.json", read, s.apiDescription},

		{"GET", "/teams", read, s.apiTeams},
		{"POST", "/teams", administer, s.apiMakeTeam},
		{"GET", "/teams/{team}", read, s.apiTeam},
		{"PUT", "/teams/{team}", edit, s.apiPutTeam},
		{"DELETE", "/teams/{team}", administer, s.apiRemoveTeam},

		{"GET", "/teams/{team}/oncall", read, s.apiOnCall},
		{"GET", "/teams/{team}/changes", read, s.apiChanges},
		{"POST", "/teams/{team}/fill", edit, s.apiFill},
		{"POST", "/teams/{team}/undo", edit, s.apiUndo},
		{"GET", "/teams/{team}/fairness", read, s.apiFairness},
		{"GET", "/teams/{team}/holidays", read, s.apiHolidays},
		{"DELETE", "/teams/{team}/holidays", edit, s.apiRemoveHolidays},

		{"GET", "/teams/{team}/days", read, s.apiDays},
		{"GET", "/teams/{team}/days.csv", read, s.exportCSV},
		{"GET", "/teams/{team}/days.ics", read, s.exportCalendar},
		{"POST", "/teams/{team}/days", edit, s.apiAssign},
		{"GET", "/teams/{team}/days/{date}", read, s.apiDay},
		{"PUT", "/teams/{team}/days/{date}", edit, s.apiPutDay},
		{"DELETE", "/teams/{team}/days/{date}", edit, s.apiClearDay},

		{"GET", "/teams/{team}/exchanges", read, s.apiExchanges},
		{"POST", "/teams/{team}/exchanges", edit, s.apiMakeExchange},
		{"GET", "/teams/{team}/exchanges/{exchange}", read, s.apiExchange},
		{"POST", "/teams/{team}/exchanges/{exchange}/{answer:agree|decline|withdraw}", edit, s.apiAnswerExchange},

		{"GET", "/people", read, s.apiPeople},
		{"POST", "/people", editPeople, s.apiMakePerson},
		{"GET", "/people/{person}", read, s.apiPerson},
		{"PUT", "/people/{person}", editPerson, s.apiPutPerson},
		{"DELETE", "/people/{person}", editPeople, s.apiRemovePerson},
		{"GET", "/people/{person}/shifts", read, s.apiShifts},
		{"POST", "/people/{person}/deactivate", editPeople, s.apiDeactivate},
		{"POST", "/people/{person}/activate", editPeople, s.apiActivate},
		{"GET", "/people/{person}/absences", read, s.apiAbsences},

		{"GET", "/teams/{team}/tokens", editInPerson, s.apiTeamTokens},
		{"POST", "/teams/{team}/tokens", editInPerson, s.apiMakeTeamToken},
		{"DELETE", "/teams/{team}/tokens/{token}", editInPerson, s.apiRevokeTeamToken},
		{"GET", "/tokens", readInPerson, s.apiTokens},
		{"POST", "/tokens", readInPerson, s.apiMakeToken},
		{"DELETE", "/tokens/{token}", readInPerson, s.apiRevokeToken},
	}
}

// apiUploads take a calendar, text/calendar.
func (s *Server) apiUploads() []route {
	return []route{
		{"PUT", "/teams/{team}/holidays", edit, s.apiPutHolidays},
		{"PUT", "/people/{person}/absences", editPerson, s.apiPutAbsences},
	}
}

// describedRoutes are all routes of the API.
func (s *Server) describedRoutes() []route {
	return slices.Concat(s.api(), s.apiUploads(), s.apiExports())
}

// health is the part for machines that watch this one.
func (s *Server) health() []route {
	return []route{
		{"GET", "/livez", open, s.livez},
		{"GET", "/readyz", open, s.readyz},
	}
}

func (s *Server) router() *mux.Router {
	r := mux.NewRouter()
	// allowed is every method of every path, for the Allow header of a 405.
	allowed := map[string][]string{}
	add := func(prefix string, routes []route, handle func(action) http.Handler) {
		for _, rt := range routes {
			methods := []string{rt.method}
			if rt.method == http.MethodGet {
				methods = append(methods, http.MethodHead)
			}
			r.Handle(prefix+rt.path, s.metrics.measured(prefix+rt.path, handle(s.guarded(rt.needs, rt.do)))).Methods(methods...)
			allowed[prefix+rt.path] = append(allowed[prefix+rt.path], methods...)
		}
	}
	add("", s.pages(), func(do action) http.Handler { return s.limit(s.page(do), maxBody) })
	add("", s.uploads(), func(do action) http.Handler { return s.limit(s.page(do), MaxUpload) })
	for _, rt := range s.streams() { // not measured: they take as long as somebody looks
		r.Handle(rt.path, s.page(s.guarded(rt.needs, rt.do))).Methods(rt.method)
		allowed[rt.path] = []string{rt.method}
	}
	add("", s.exports(), s.page)
	add(apiPrefix, s.apiExports(), s.problem)
	add(apiPrefix, s.api(), func(do action) http.Handler { return s.limit(s.problem(do), maxBody) })
	add(apiPrefix, s.apiUploads(), func(do action) http.Handler { return s.limit(s.problem(do), MaxUpload) })
	add("", s.health(), func(do action) http.Handler { return s.limit(s.page(do), maxBody) })
	r.Handle("/metrics", s.metrics.handler()).Methods(http.MethodGet, http.MethodHead)
	r.PathPrefix(assets.Prefix).Handler(s.Assets).Methods(http.MethodGet, http.MethodHead)

	byPath := mux.NewRouter()
	for path, methods := range allowed {
		slices.Sort(methods)
		byPath.Path(path).Name(strings.Join(methods, ", "))
	}
	r.MethodNotAllowedHandler = s.either(func(w http.ResponseWriter, r *http.Request) error {
		var match mux.RouteMatch
		allow := "GET, HEAD"
		if byPath.Match(r, &match) && match.Route != nil {
			allow = match.Route.GetName()
		}
		w.Header().Set("Allow", allow)
		return MethodNotAllowed(r.Method, allow)
	})
	r.NotFoundHandler = s.either(func(http.ResponseWriter, *http.Request) error { return NotFound("page") })
	return r
}

// either answers for paths that are no route, in the manner of the part of the site
// where they would be.
func (s *Server) either(do action) http.Handler {
	return s.metrics.measured(otherRoute, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			s.problem(s.guarded(open, do)).ServeHTTP(w, r)
			return
		}
		s.page(s.guarded(open, do)).ServeHTTP(w, r)
	}))
}
