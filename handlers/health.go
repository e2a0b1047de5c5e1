package handlers

import (
	"net/http"

	"dailyroster/handlers/web"
)

// livez answers GET /livez: the process runs.
func (s *Server) livez(w http.ResponseWriter, _ *http.Request) error {
	return web.AnswerText(w, http.StatusOK, "ok\n")
}

// readyz answers GET /readyz: the store answers and the process is not stopping. Load
// balancers ask it.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) error {
	if s.draining() {
		return web.AnswerText(w, http.StatusServiceUnavailable, "stopping\n")
	}
	if err := s.Store.Ping(r.Context()); err != nil {
		s.Log.Warn("not ready", "error", err)
		return web.AnswerText(w, http.StatusServiceUnavailable, "the store does not answer\n")
	}
	return web.AnswerText(w, http.StatusOK, "ready\n")
}
