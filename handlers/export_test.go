package handlers

import (
	"net/http"

	"github.com/gorilla/mux"
)

// Routes gives every route that the server answers as "GET /path", whether it stands in
// the route table or not.
func (s *Server) Routes() ([]string, error) {
	var all []string
	err := s.router().Walk(func(rt *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := rt.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := rt.GetMethods()
		if err != nil {
			return err
		}
		for _, m := range methods {
			if m != "HEAD" {
				all = append(all, m+" "+path)
			}
		}
		return nil
	})
	return all, err
}

// StillMayRead is what a stream asks at every ping.
func (s *Server) StillMayRead(r *http.Request) bool { return s.stillMayRead(r) }
