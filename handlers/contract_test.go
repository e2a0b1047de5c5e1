package handlers_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"

	"dailyroster/handlers"
)

const descriptionPath = "/api/v1/openapi.json"

// contract is the description of the API, to hold requests and answers against.
type contract struct {
	doc    *openapi3.T
	router routers.Router
	// fits has what was found to be as described, as a hash: it takes longer to find that out
	// than to answer, and much is asked and answered many times.
	fits sync.Map
}

// theContract is the contract, read once: it is the same for every server.
var theContract = sync.OnceValues(func() (*contract, error) {
	for _, kind := range []string{"text/calendar", "text/csv", "text/vcard", "application/jsonl"} {
		openapi3filter.RegisterBodyDecoder(kind, openapi3filter.RegisteredBodyDecoder("text/plain"))
	}
	text, err := handlers.Description()
	if err != nil {
		return nil, err
	}
	return parseContract(text)
})

// parseContract reads a description. For the tests it says more than for programs, which
// shall take fields that come later: objects have no fields but those described.
func parseContract(text []byte) (*contract, error) {
	var loose any
	if err := json.Unmarshal(text, &loose); err != nil {
		return nil, err
	}
	closeObjects(loose)
	text, err := json.Marshal(loose)
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	router, err := gorillamux.NewRouter(doc)
	return &contract{doc: doc, router: router}, err
}

func closeObjects(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, has := node["additionalProperties"]; node["type"] == "object" && node["properties"] != nil && !has {
			node["additionalProperties"] = false
		}
		for key, inner := range node {
			if key != "examples" {
				closeObjects(inner)
			}
		}
	case []any:
		for _, inner := range node {
			closeObjects(inner)
		}
	}
}

// ServeHTTP is that of the server, held against the description of the API. So every test
// of the API is one of the description too.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) { serveHeld(s.t, s.Server, w, r) }

// serveHeld lets a server answer. What belongs to the API is held against its description.
func serveHeld(t testing.TB, server http.Handler, w http.ResponseWriter, r *http.Request) {
	t.Helper()
	_, benchmark := t.(*testing.B)
	if benchmark || r.URL.Path != "/api/v1" && !strings.HasPrefix(r.URL.Path, "/api/v1/") {
		server.ServeHTTP(w, r)
		return
	}
	held, err := theContract()
	if err != nil {
		t.Errorf("the description of the API: %v", err)
		server.ServeHTTP(w, r)
		return
	}
	sent, err := io.ReadAll(r.Body)
	if err != nil {
		t.Errorf("%s %s: its body: %v", r.Method, r.URL, err)
	}
	r.Body = io.NopCloser(bytes.NewReader(sent))
	got := httptest.NewRecorder()
	server.ServeHTTP(got, r)
	if err := held.check(r, sent, got); err != nil {
		t.Errorf("%s %s is not as the description says: %v\nsent %.500s\ngot %d %.1000s", r.Method, r.URL, err, sent, got.Code, got.Body)
	}
	for name, values := range got.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(got.Code)
	_, _ = w.Write(got.Body.Bytes())
}

// check holds a request and its answer against the description: the answer must be one
// that is described, body and headers, and a request that was not refused must be too.
func (c *contract) check(r *http.Request, sent []byte, got *httptest.ResponseRecorder) error {
	body, err := bodyOf(got)
	if err != nil {
		return err
	}
	like := likeDescribed(r, sent)
	route, params, err := c.router.FindRoute(like)
	switch {
	case errors.Is(err, routers.ErrPathNotFound):
		return c.problem(got, body, http.StatusNotFound, http.StatusForbidden)
	case errors.Is(err, routers.ErrMethodNotAllowed):
		return c.problem(got, body, http.StatusMethodNotAllowed, http.StatusForbidden)
	case err != nil:
		return err
	}
	if takes := route.Operation.RequestBody; takes != nil {
		for kind := range takes.Value.Content {
			like.Header.Set("Content-Type", kind)
		}
	}
	described := route.Operation.Responses.Status(got.Code)
	if described == nil {
		return fmt.Errorf("the status %d is not described", got.Code)
	}
	input := &openapi3filter.RequestValidationInput{
		Request: like, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
	}
	if got.Code < 300 { // the server does not look at the type of a body that it takes
		err := c.once(func() error { return openapi3filter.ValidateRequest(r.Context(), input) }, like.Method, like.URL, like.Header, string(sent))
		if err != nil {
			return fmt.Errorf("the request was taken: %w", err)
		}
	}
	if err := c.headersDescribed(got.Header(), described.Value); err != nil {
		return err
	}
	if r.Method == http.MethodHead || described.Value.Content == nil {
		if len(body) > 0 && r.Method != http.MethodHead {
			return fmt.Errorf("a body is not described")
		}
		return nil
	}
	// Without the headers, which were looked at.
	withoutHeaders, operation, on := *described.Value, *route.Operation, *route
	withoutHeaders.Headers = nil
	operation.Responses = openapi3.NewResponses(openapi3.WithStatus(got.Code, &openapi3.ResponseRef{Value: &withoutHeaders}))
	on.Operation, input.Route = &operation, &on
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: got.Code, Header: got.Header(),
		Options: &openapi3filter.Options{IncludeResponseStatus: true, MultiError: true},
	}
	validate := func() error { return openapi3filter.ValidateResponse(r.Context(), answer.SetBodyBytes(body)) }
	return c.once(validate, route.Method, route.Path, got.Code, got.Header().Get("Content-Type"), withoutID(body, got))
}

// once holds something against the description, if the same was not found to be as described
// before.
func (c *contract) once(validate func() error, what ...any) error {
	key := sha256.Sum256(fmt.Appendf(nil, "%q", what))
	if _, fits := c.fits.Load(key); fits {
		return nil
	}
	err := validate()
	if err == nil {
		c.fits.Store(key, true)
	}
	return err
}

// withoutID is a body without the id of the request, which no two have: it was looked at in
// the header.
func withoutID(body []byte, got *httptest.ResponseRecorder) string {
	id := got.Header().Get("X-Request-Id")
	if id == "" {
		return string(body)
	}
	return strings.ReplaceAll(string(body), id, "the-request")
}

// problem holds an answer against the described problem of its status, which must be one
// of those given.
func (c *contract) problem(got *httptest.ResponseRecorder, body []byte, statuses ...int) error {
	if !slices.Contains(statuses, got.Code) {
		return fmt.Errorf("it is not described, so it must be refused with one of %v", statuses)
	}
	ref := c.doc.Components.Responses[strings.ReplaceAll(http.StatusText(got.Code), " ", "")]
	if ref == nil {
		return fmt.Errorf("there is no response for %d", got.Code)
	}
	if err := c.headersDescribed(got.Header(), ref.Value); err != nil {
		return err
	}
	if len(body) == 0 { // of HEAD
		return nil
	}
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	return ref.Value.Content["application/problem+json"].Schema.Value.VisitJSON(value, openapi3.EnableJSONSchema2020())
}

// bodyOf is the body, unpacked.
func bodyOf(got *httptest.ResponseRecorder) ([]byte, error) {
	if got.Header().Get("Content-Encoding") != "gzip" {
		return got.Body.Bytes(), nil
	}
	unpacked, err := gzip.NewReader(bytes.NewReader(got.Body.Bytes()))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unpacked)
}

// likeDescribed is the request as the description has it, where the server is more
// lenient and the description says so in words: HEAD is as GET, an empty parameter is as
// none; and in what it does not say: the type of a body is not looked at.
func likeDescribed(r *http.Request, sent []byte) *http.Request {
	like := r.Clone(r.Context())
	if like.Method == http.MethodHead {
		like.Method = http.MethodGet
	}
	query := url.Values{}
	for name, values := range like.URL.Query() {
		if len(values) > 0 && values[0] != "" {
			query[name] = values[:1]
		}
	}
	like.URL.RawQuery = query.Encode()
	for _, name := range []string{"If-Match", "If-None-Match", "Idempotency-Key"} {
		if like.Header.Get(name) == "" {
			like.Header.Del(name)
		}
	}
	like.Body = io.NopCloser(bytes.NewReader(sent))
	return like
}

// told are the headers that tell a program something, so that none may come undescribed.
func told() []string {
	return []string{"ETag", "Location", "Allow", "Retry-After", "WWW-Authenticate", "X-Roster-As-Of", "X-Request-Id", "X-Served-By"}
}

// headersDescribed holds the headers of an answer against those described: none is
// missing, none is there beside them, and each is as its schema says.
func (c *contract) headersDescribed(got http.Header, described *openapi3.Response) error {
	for _, name := range told() {
		value, ref := got.Get(name), described.Headers[name]
		switch {
		case ref == nil && value != "":
			return fmt.Errorf("the header %s: %s is not described", name, value)
		case ref != nil && value == "" && ref.Value.Required:
			return fmt.Errorf("the header %s is missing", name)
		case ref == nil || value == "":
			continue
		}
		var typed any = value
		if ref.Value.Schema.Value.Type.Is("integer") {
			number, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return fmt.Errorf("the header %s: %w", name, err)
			}
			typed = number
		}
		schema := ref.Value.Schema.Value
		err := c.once(func() error { return schema.VisitJSON(typed, openapi3.EnableJSONSchema2020()) }, fmt.Sprintf("%p", schema), value)
		if err != nil {
			return fmt.Errorf("the header %s: %w", name, err)
		}
	}
	for name := range described.Headers {
		if !slices.Contains(told(), name) {
			return fmt.Errorf("the header %s is described, and no test looks at it", name)
		}
	}
	return nil
}
