// Package client asks a Daily Roster server from Go: who is on call, and all else that its API
// does. Most of it is generated from the API's description, which each server has at
// /api/v1/openapi.json:
//
//	c, err := client.Dial("https://roster.example.org", token)
//	…
//	answer, err := c.GetTeamOnCallWithResponse(ctx, "ops", nil)
//	…
//	for _, duty := range answer.JSON200.Roles {
//
// What the server refuses is the error of the call, a *ProblemError.
package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const (
	// timeout is how long an answer may take.
	timeout = 30 * time.Second
	// maxProblem is how much is read of an answer that refuses, in bytes.
	maxProblem = 1 << 20
)

// Dial makes a client of the server at a URL such as https://roster.example.org. The token is
// for sites with a sign-in; "" sends none. Nothing is sent before the first request.
func Dial(server, token string) (*ClientWithResponses, error) {
	options := []ClientOption{WithHTTPClient(&doer{http.Client{Timeout: timeout}})}
	if token != "" {
		options = append(options, WithRequestEditorFn(func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+token)
			return nil
		}))
	}
	return NewClientWithResponses(strings.TrimSuffix(server, "/")+"/api/v1", options...)
}

// ProblemError is what a server refused (RFC 9457).
type ProblemError struct{ Problem }

// Error says what was wrong, field by field.
func (e *ProblemError) Error() string {
	if e.Errors == nil || len(*e.Errors) == 0 {
		return e.Detail
	}
	parts := make([]string, len(*e.Errors))
	for i, f := range *e.Errors {
		parts[i] = strings.TrimSuffix(strings.TrimPrefix(f.Field+": "+f.Detail, ": "), ".")
	}
	return strings.Join(parts, "; ")
}

// doer makes an error of an answer that refuses.
type doer struct{ http.Client }

// Do implements HttpRequestDoer.
func (d *doer) Do(r *http.Request) (*http.Response, error) {
	answer, err := d.Client.Do(r)
	if err != nil || answer.StatusCode < http.StatusBadRequest {
		return answer, err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxProblem))
	if err != nil {
		return nil, err
	}
	refused := &ProblemError{}
	if json.Unmarshal(body, &refused.Problem) != nil || refused.Title == "" {
		return nil, fmt.Errorf("%s answered %s", r.URL.Host, answer.Status)
	}
	return nil, refused
}
