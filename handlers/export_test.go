package handlers

import (
	"encoding/json"
	"net/http"

	"github.com/gorilla/mux"
)

// Example is an example of the description, for the tests that send it.
type Example struct {
	Operation, Method, Summary, Target, Body string
	Header                                   []string
	After                                    []Example
}

// DescribedExamples are all examples of the description, in no order between operations.
func DescribedExamples() []Example {
	var all []Example
	for _, o := range describe().operations {
		for _, e := range o.examples {
			all = append(all, exported(o.id, o.method, e))
		}
	}
	return all
}

func exported(operation, method string, e example) Example {
	out := Example{operation, method, e.summary, apiPrefix + e.target, e.body, e.header, nil}
	for _, before := range e.after {
		with := before.method
		if with == "" {
			with = "POST"
		}
		out.After = append(out.After, exported(operation, with, before))
	}
	return out
}

// Exchange is an example with what was answered, and the file that has them all.
type Exchange = exchange

// RecordedFile is the file with all of them, by operation.
const RecordedFile = recordedFile

// Description is the description of the API as it is answered.
func Description() ([]byte, error) {
	return json.Marshal(describeAPI((&Server{}).describedRoutes(), "test").Document)
}

// APIRoutes are the routes of the API, and those that are described: each a method and a path.
func (s *Server) APIRoutes() (served, described []string) {
	for _, rt := range s.describedRoutes() {
		served = append(served, rt.method+" "+rt.path)
	}
	for key := range describe().operations {
		described = append(described, key)
	}
	return served, described
}

// OpenAPIPath is a path of the route table as OpenAPI writes it.
func OpenAPIPath(path string) string { return openAPIPath(path) }

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
