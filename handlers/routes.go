package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"dailyroster/assets"
)

const apiPrefix = "/api/v1"

// action answers a request, or gives the error that is to be answered.
type action func(http.ResponseWriter, *http.Request) error

// route is one line of the route table.
type route struct {
	method, path string
	do           action
}

// pages is the part of the site for people.
func (s *Server) pages() []route {
	return []route{
		{"GET", "/", s.home},

		{"GET", "/teams", s.teamsPage},
		{"POST", "/teams", s.makeTeam},
		{"GET", "/teams/{team}", s.rosterPage},
		{"GET", "/teams/{team}/grid", s.gridPage},
		{"POST", "/teams/{team}/grid", s.setDays},
		{"GET", "/teams/{team}/grid/table", s.gridTable},
		{"GET", "/teams/{team}/oncall", s.onCallBanner},
		{"GET", "/teams/{team}/history", s.historyPage},
		{"POST", "/teams/{team}/undo", s.undoChanges},
		{"GET", "/teams/{team}/rotations", s.rotationsPage},
		{"POST", "/teams/{team}/rotations", s.saveRotation},
		{"POST", "/teams/{team}/fill", s.fillTeam},
		{"GET", "/teams/{team}/fairness", s.fairnessPage},
		{"GET", "/teams/{team}/fairness.csv", s.fairnessCSV},
		{"GET", "/teams/{team}/holidays", s.holidaysPage},
		{"GET", "/teams/{team}/import", s.importPage},
		{"GET", "/teams/{team}/days.csv", s.exportCSV},
		{"GET", "/teams/{team}/days.ics", s.exportCalendar},
		{"GET", "/teams/{team}/settings", s.settingsPage},
		{"POST", "/teams/{team}/settings", s.saveSettings},
		{"POST", "/teams/{team}/remove", s.removeTeam},

		{"GET", "/teams/{team}/days/{date}", s.dayRow},
		{"GET", "/teams/{team}/days/{date}/edit", s.dayForm},
		{"PUT", "/teams/{team}/days/{date}", s.saveDay},
		{"POST", "/teams/{team}/days/{date}", s.postDay},
		{"DELETE", "/teams/{team}/days/{date}", s.clearDay},

		{"GET", "/teams/{team}/days/{date}/exchange", s.exchangePage},
		{"POST", "/teams/{team}/exchanges", s.postExchange},
		{"POST", "/teams/{team}/exchanges/{exchange}", s.answerExchange},

		{"GET", "/people", s.peoplePage},
		{"POST", "/people", s.addPerson},
		{"GET", "/people/{person}", s.personPage},
		{"POST", "/people/{person}", s.savePerson},
		{"POST", "/people/{person}/absences", s.addAbsence},
		{"POST", "/people/{person}/absences/remove", s.removeAbsence},
		{"GET", "/people/{person}/deactivate", s.deactivatePage},
		{"POST", "/people/{person}/deactivate", s.deactivatePerson},
		{"GET", "/people/{person}/deactivated", s.deactivatedPage},
		{"POST", "/people/{person}/activate", s.activatePerson},
		{"GET", "/people/{person}/calendar", s.calendarPage},
		{"POST", "/people/{person}/remove", s.removePerson},

		{"GET", "/coverage", s.coveragePage},
		{"GET", "/coverage.csv", s.coverageCSV},
		{"GET", "/cluster", s.clusterPage},
	}
}

// uploads are the pages' forms that bring a calendar, or what was chosen of one.
func (s *Server) uploads() []route {
	return []route{
		{"POST", "/teams/{team}/import", s.previewImport},
		{"POST", "/teams/{team}/holidays", s.uploadHolidays},
		{"POST", "/teams/{team}/holidays/remove", s.removeHolidays},
		{"POST", "/people/{person}/calendar", s.uploadCalendar},
	}
}

// streams are answers that go on until somebody leaves.
func (s *Server) streams() []route {
	return []route{
		{"GET", "/teams/{team}/events", s.events},
	}
}

// exports give out everything, which takes as long as there is much.
func (s *Server) exports() []route {
	return []route{
		{"GET", "/export.jsonl", s.exportAll},
		{"GET", apiPrefix + "/export", s.exportAll},
	}
}

// api is the part for programs, below apiPrefix.
func (s *Server) api() []route {
	return []route{
		{"GET", "/oncall", s.apiOnCallAll},
		{"GET", "/coverage", s.apiCoverage},
		{"GET", "/cluster", s.apiCluster},

		{"GET", "/teams", s.apiTeams},
		{"POST", "/teams", s.apiMakeTeam},
		{"GET", "/teams/{team}", s.apiTeam},
		{"PUT", "/teams/{team}", s.apiPutTeam},
		{"DELETE", "/teams/{team}", s.apiRemoveTeam},

		{"GET", "/teams/{team}/oncall", s.apiOnCall},
		{"GET", "/teams/{team}/changes", s.apiChanges},
		{"POST", "/teams/{team}/fill", s.apiFill},
		{"POST", "/teams/{team}/undo", s.apiUndo},
		{"GET", "/teams/{team}/fairness", s.apiFairness},
		{"GET", "/teams/{team}/holidays", s.apiHolidays},
		{"DELETE", "/teams/{team}/holidays", s.apiRemoveHolidays},

		{"GET", "/teams/{team}/days", s.apiDays},
		{"GET", "/teams/{team}/days.csv", s.exportCSV},
		{"GET", "/teams/{team}/days.ics", s.exportCalendar},
		{"POST", "/teams/{team}/days", s.apiAssign},
		{"GET", "/teams/{team}/days/{date}", s.apiDay},
		{"PUT", "/teams/{team}/days/{date}", s.apiPutDay},
		{"DELETE", "/teams/{team}/days/{date}", s.apiClearDay},

		{"GET", "/teams/{team}/exchanges", s.apiExchanges},
		{"POST", "/teams/{team}/exchanges", s.apiMakeExchange},
		{"GET", "/teams/{team}/exchanges/{exchange}", s.apiExchange},
		{"POST", "/teams/{team}/exchanges/{exchange}/{answer:agree|decline|withdraw}", s.apiAnswerExchange},

		{"GET", "/people", s.apiPeople},
		{"POST", "/people", s.apiMakePerson},
		{"GET", "/people/{person}", s.apiPerson},
		{"PUT", "/people/{person}", s.apiPutPerson},
		{"DELETE", "/people/{person}", s.apiRemovePerson},
		{"GET", "/people/{person}/shifts", s.apiShifts},
		{"POST", "/people/{person}/deactivate", s.apiDeactivate},
		{"POST", "/people/{person}/activate", s.apiActivate},
		{"GET", "/people/{person}/absences", s.apiAbsences},
	}
}

// apiUploads take a calendar, text/calendar.
func (s *Server) apiUploads() []route {
	return []route{
		{"PUT", "/teams/{team}/holidays", s.apiPutHolidays},
		{"PUT", "/people/{person}/absences", s.apiPutAbsences},
	}
}

// health is the part for machines that watch this one.
func (s *Server) health() []route {
	return []route{
		{"GET", "/livez", s.livez},
		{"GET", "/readyz", s.readyz},
	}
}

func (s *Server) router() http.Handler {
	r := mux.NewRouter()
	// allowed is every method of every path, for the Allow header of a 405.
	allowed := map[string][]string{}
	add := func(prefix string, routes []route, handle func(action) http.Handler) {
		for _, rt := range routes {
			methods := []string{rt.method}
			if rt.method == http.MethodGet {
				methods = append(methods, http.MethodHead)
			}
			r.Handle(prefix+rt.path, s.metrics.measured(rt, prefix, handle(rt.do))).Methods(methods...)
			allowed[prefix+rt.path] = append(allowed[prefix+rt.path], methods...)
		}
	}
	add("", s.pages(), func(do action) http.Handler { return s.limit(s.page(do), maxBody) })
	add("", s.uploads(), func(do action) http.Handler { return s.limit(s.page(do), maxUpload) })
	for _, rt := range s.streams() { // not measured: they take as long as somebody looks
		r.Handle(rt.path, s.page(rt.do)).Methods(rt.method)
		allowed[rt.path] = []string{rt.method}
	}
	add("", s.exports(), s.either)
	add(apiPrefix, s.api(), func(do action) http.Handler { return s.limit(s.problem(do), maxBody) })
	add(apiPrefix, s.apiUploads(), func(do action) http.Handler { return s.limit(s.problem(do), maxUpload) })
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
		return methodNotAllowed(r.Method, allow)
	})
	r.NotFoundHandler = s.either(func(http.ResponseWriter, *http.Request) error { return notFound("page") })
	return r
}

// either answers for paths that are no route, in the manner of the part of the site
// where they would be.
func (s *Server) either(do action) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			s.problem(do).ServeHTTP(w, r)
			return
		}
		s.page(do).ServeHTTP(w, r)
	})
}
