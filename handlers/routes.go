package handlers

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"dailyroster/assets"
	"dailyroster/desk"
	"dailyroster/handlers/web"
)

// health is the routes for machines that watch this one.
func (s *Server) health() []web.Route {
	return []web.Route{
		web.Get("/livez", web.Open, s.livez).Costs(web.First),
		web.Get("/readyz", web.Open, s.readyz).Costs(web.First),
	}
}

func (s *Server) router() *mux.Router {
	r := mux.NewRouter()
	// allowed has the methods of every path, for the Allow header of a 405.
	allowed := map[string][]string{}
	add := func(prefix string, routes []web.Route, handle func(web.Action) http.Handler) {
		for _, rt := range routes {
			methods := []string{rt.Method}
			if rt.Method == http.MethodGet {
				methods = append(methods, http.MethodHead)
			}
			r.Handle(prefix+rt.Path, s.metrics.measured(prefix+rt.Path, handle(s.gate.Serve(rt)))).Methods(methods...)
			allowed[prefix+rt.Path] = append(allowed[prefix+rt.Path], methods...)
		}
	}
	pages := func(do web.Action) http.Handler { return s.limit(s.pages.Handler(do), maxBody) }
	for _, routes := range [][]web.Route{
		s.pages.Routes(), s.rotate.Routes(), s.past.Routes(), s.app.Routes(), s.start.Routes(), s.notices.Routes(), s.health(),
	} {
		add("", routes, pages)
	}
	add("", s.pages.Uploads(), func(do web.Action) http.Handler { return s.limit(s.pages.Handler(do), web.MaxUpload) })
	for _, rt := range s.pages.Streams() { // not measured: they last as long as somebody looks
		r.Handle(rt.Path, s.pages.Handler(s.gate.Serve(rt))).Methods(rt.Method)
		allowed[rt.Path] = []string{rt.Method}
	}
	add("", s.pages.Downloads(), s.pages.Handler)
	add(web.APIPrefix, s.api.Downloads(), s.api.Handler)
	add(web.APIPrefix, s.api.Routes(), func(do web.Action) http.Handler { return s.limit(s.api.Handler(do), maxBody) })
	add(web.APIPrefix, s.api.Uploads(), func(do web.Action) http.Handler { return s.limit(s.api.Handler(do), web.MaxUpload) })
	add("", s.hooks.Routes(), func(do web.Action) http.Handler { return s.limit(s.api.Handler(do), maxBody) })
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
		return web.MethodNotAllowed(r.Method, allow)
	})
	r.NotFoundHandler = s.either(func(http.ResponseWriter, *http.Request) error { return desk.NotFound("There is no such page.") })
	return r
}

// either answers for paths that are no route, like the part of the site where they would be.
func (s *Server) either(do web.Action) http.Handler {
	return s.metrics.measured(otherRoute, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			s.api.Handler(s.gate.Guarded(web.Open, do)).ServeHTTP(w, r)
			return
		}
		s.pages.Handler(s.gate.Guarded(web.Open, do)).ServeHTTP(w, r)
	}))
}
