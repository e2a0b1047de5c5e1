package handlers

import (
	"encoding/json"
	"net/http"

	"github.com/gorilla/mux"

	"dailyroster/handlers/api"
	"dailyroster/handlers/web"
)

// Example is an example of the description, for the tests that send it.
type Example struct {
	Operation, Method, Summary, Target, Body string
	Header                                   []string
	After                                    []Example
}

// described is the description of the API as a server without a store gives it.
func described() *api.Description {
	return api.New(web.New(web.Config{Version: "test"}), nil).Described()
}

// DescribedExamples are all examples of the description, in no order between operations.
func DescribedExamples() []Example {
	var all []Example
	for _, o := range described().Operations {
		for _, e := range o.Examples {
			all = append(all, exported(o.ID, o.Method, e))
		}
	}
	return all
}

func exported(operation, method string, e api.Example) Example {
	out := Example{operation, method, e.Summary, web.APIPrefix + e.Target, e.Body, e.Header, nil}
	for _, before := range e.After {
		with := before.Method
		if with == "" {
			with = "POST"
		}
		out.After = append(out.After, exported(operation, with, before))
	}
	return out
}

// Exchange is an example with what was answered, and the file that has them all.
type Exchange = api.Exchange

// RecordedFile is the file with all of them, by operation.
const RecordedFile = "api/describe_examples.json"

// Description is the description of the API as it is answered.
func Description() ([]byte, error) { return json.Marshal(described().Document) }

// APIRoutes are the routes of the API, and those that are described: each a method and a path.
func (s *Server) APIRoutes() (served, inWords []string) {
	d := s.api.Described()
	for _, rt := range d.Routes {
		served = append(served, rt.Method+" "+rt.Path)
	}
	for key := range d.Operations {
		inWords = append(inWords, key)
	}
	return served, inWords
}

// OpenAPIPath is a path of the route table as OpenAPI writes it.
func OpenAPIPath(path string) string { return api.OpenAPIPath(path) }

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
func (s *Server) StillMayRead(r *http.Request) bool { return s.pages.StillMayRead(r) }
