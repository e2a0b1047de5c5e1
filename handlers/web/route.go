package web

import (
	"net/http"
)

// APIPrefix begins the path of every route of the API.
const APIPrefix = "/api/v1"

// Action answers a request, or returns the error to answer with.
type Action func(http.ResponseWriter, *http.Request) error

// Route is one line of a list of routes. It always says who may use it: the functions that
// make one ask for a right.
type Route struct {
	Method, Path string
	Needs        Right
	Do           Action
	Price        Price
	// IsHeavy reports whether a request is Heavy although the route is not; nil is never.
	IsHeavy func(*http.Request) bool
}

// Get makes a route that reads what is at the path.
func Get(path string, needs Right, do Action) Route {
	return Route{Method: http.MethodGet, Path: path, Needs: needs, Do: do}
}

// Post makes a route that sends something to the path.
func Post(path string, needs Right, do Action) Route {
	return Route{Method: http.MethodPost, Path: path, Needs: needs, Do: do}
}

// Put makes a route that replaces what is at the path.
func Put(path string, needs Right, do Action) Route {
	return Route{Method: http.MethodPut, Path: path, Needs: needs, Do: do}
}

// Delete makes a route that removes what is at the path.
func Delete(path string, needs Right, do Action) Route {
	return Route{Method: http.MethodDelete, Path: path, Needs: needs, Do: do}
}

// AnswerText writes plain text as the answer.
func AnswerText(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
	return nil
}
