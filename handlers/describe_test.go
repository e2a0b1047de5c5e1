package handlers_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"

	"dailyroster/handlers"
	"dailyroster/store/bolt"
)

var update = flag.Bool("update", false, "write what the description's examples are answered, instead of comparing it")

func TestEveryRouteIsDescribed(t *testing.T) {
	served, described := newSite(t).APIRoutes()
	for _, r := range served {
		if !slices.Contains(described, r) {
			t.Errorf("the route %s is not described; see the comment of package handlers", r)
		}
	}
	for _, r := range described {
		if !slices.Contains(served, r) {
			t.Errorf("%s is described, and is no route", r)
		}
	}
}

// The description is one of OpenAPI, and its examples are as its schemas say.
func TestDescriptionIsValid(t *testing.T) {
	s := newSite(t)
	text := s.send(t, "GET", descriptionPath, "").want(http.StatusOK).Body.Bytes()
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(t.Context(), openapi3.EnableExamplesValidation(), openapi3.EnableSchemaFormatValidation(), openapi3.EnableMultiError()); err != nil {
		t.Error(err)
	}
	ids := map[string]bool{}
	for where, item := range doc.Paths.Map() {
		for method, o := range item.Operations() {
			if ids[o.OperationID] || o.OperationID == "" || o.Summary == "" {
				t.Errorf("%s %s: got the id %q and the summary %q, want both, and an id of its own", method, where, o.OperationID, o.Summary)
			}
			ids[o.OperationID] = true
		}
	}
	for name, schema := range doc.Components.Schemas {
		if schema.Value.Description == "" {
			t.Errorf("the schema %s has no description", name)
		}
		for field, value := range schema.Value.Properties {
			if value.Value.Description == "" && !slices.ContainsFunc(value.Value.OneOf, func(one *openapi3.SchemaRef) bool { return one.Value.Description != "" }) {
				t.Errorf("%s.%s is not said what it is", name, field)
			}
		}
	}
}

// exampleSite is what the examples are sent to: a team, two people, four days, and
// random bytes that are always the same.
func exampleSite(t *testing.T) *site {
	t.Helper()
	data, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	s := siteWith(t, data, rand.NewChaCha8([32]byte{1}))
	s.send(t, "POST", "/api/v1/people", `{"name":"Ana Ruiz","email":"ana@example.org","phone":"+49 30 901820","zone":"Europe/Berlin"}`).want(http.StatusCreated)
	s.send(t, "POST", "/api/v1/people", `{"name":"Bo Chen"}`).want(http.StatusCreated)
	for _, d := range []struct{ date, body string }{ // in this order, so that the random bytes are the same
		{"2026-11-23", `{"assignments":{"primary":"ana-ruiz","secondary":"bo-chen"}}`},
		{"2026-11-24", `{"assignments":{"primary":"ana-ruiz"},"note":"Elections"}`},
		{"2026-11-25", `{"assignments":{"primary":"bo-chen","secondary":"ana-ruiz"}}`},
		{"2026-11-27", `{"assignments":{"primary":"bo-chen"}}`},
	} {
		s.send(t, "PUT", "/api/v1/teams/ops/days/"+d.date, d.body).want(http.StatusOK)
	}
	return s
}

// What the description says that its examples are answered is what they are answered.
// With -update it is made so.
func TestExamples(t *testing.T) {
	got := map[string][]handlers.Exchange{}
	for _, e := range handlers.DescribedExamples() {
		got[e.Operation] = append(got[e.Operation], sendExample(t, e))
	}
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	text = append(text, '\n')
	if *update {
		if err := os.WriteFile(handlers.RecordedFile, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(handlers.RecordedFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(text)); diff != "" {
		t.Errorf("the examples are answered otherwise than the description says; if that is right: go test ./handlers -run TestExamples -update\n%s", diff)
	}
}

func sendExample(t *testing.T, e handlers.Example) handlers.Exchange {
	t.Helper()
	s := exampleSite(t)
	x := handlers.Exchange{Summary: e.Summary, Filled: map[string]string{}, Header: map[string]string{}}
	fill := func(text string) string {
		for name, value := range x.Filled {
			text = strings.ReplaceAll(text, "{"+name+"}", value)
		}
		return text
	}
	for _, before := range e.After {
		made := s.send(t, before.Method, fill(before.Target), before.Body, before.Header...)
		if made.Code >= 300 {
			t.Fatalf("before the example %q of %s: got %d %s, want no problem", e.Summary, e.Operation, made.Code, made.Body)
		}
		var named struct{ ID string }
		made.json(&named)
		if named.ID != "" {
			x.Filled["id"] = named.ID
		}
	}
	target := fill(e.Target)
	if slices.ContainsFunc(append(e.Header, e.Body), func(text string) bool { return strings.Contains(text, "{etag}") }) {
		x.Filled["etag"] = strings.Trim(s.send(t, "GET", target, "").want(http.StatusOK).Header().Get("ETag"), `"`)
	}
	if strings.Contains(e.Body, "{change}") {
		x.Filled["change"] = s.history(t)[0].ID
	}
	header := slices.Clone(e.Header)
	for i := range header {
		header[i] = fill(header[i])
	}
	res := s.send(t, e.Method, target, fill(e.Body), header...)
	if res.Code >= 400 {
		t.Errorf("the example %q of %s: got %d %s, want no problem", e.Summary, e.Operation, res.Code, res.Body)
	}
	x.Status = res.Code
	for _, name := range []string{"ETag", "Location"} {
		if value := res.Header().Get(name); value != "" {
			x.Header[name] = value
		}
	}
	switch kind := res.Header().Get("Content-Type"); kind {
	case "application/json":
		x.JSON = bytes.TrimSpace(res.Body.Bytes())
	case "":
	default:
		x.Text = res.Body.String()
	}
	return x
}

// What holds answers against the description sees what is wrong with them.
func TestContractSees(t *testing.T) {
	s := newSite(t)
	held, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	s.send(t, "PUT", apiDay, `{"assignments":{"primary":"Ana Ruiz"}}`).want(http.StatusOK)
	for name, c := range map[string]struct {
		method, path, sent string
		spoil              func(*httptest.ResponseRecorder)
	}{
		"a field too many":                        {"GET", apiDay, "", replace(`"note":""`, `"note":"","colour":"red"`)},
		"a field too few":                         {"GET", apiDay, "", replace(`"note":"",`, "")},
		"a field too many, further in":            {"GET", apiDay, "", replace(`"name":"Ana Ruiz"`, `"name":"Ana Ruiz","age":7`)},
		"null where there is never one":           {"GET", apiDay, "", replace(`"name":"Ana Ruiz"`, `"name":null`)},
		"another type":                            {"GET", apiDay, "", replace(`"note":""`, `"note":7`)},
		"no date":                                 {"GET", apiDay, "", replace(`"date":"2026-11-24"`, `"date":"tomorrow"`)},
		"no instant":                              {"GET", apiDay, "", replace(`"start":"2026-11-24T09:00:00+01:00"`, `"start":"2026-11-24 09:00"`)},
		"no id":                                   {"GET", apiDay, "", replace(`"id":"ana-ruiz"`, `"id":"Ana Ruiz"`)},
		"a status that is not described":          {"GET", apiDay, "", func(w *httptest.ResponseRecorder) { w.Code = http.StatusTeapot }},
		"a problem of another status":             {"GET", "/api/v1/teams/none", "", func(w *httptest.ResponseRecorder) { w.Code = http.StatusServiceUnavailable }},
		"a problem that is none":                  {"GET", "/api/v1/nowhere", "", replace(`problem:not-found`, `problem:lost`)},
		"a problem with no title":                 {"GET", "/api/v1/teams/none", "", replace(`"title":"Not found",`, "")},
		"a page that is no problem":               {"GET", "/api/v1/nowhere", "", func(w *httptest.ResponseRecorder) { w.Code = http.StatusOK }},
		"another type of content":                 {"GET", apiDay, "", setHeader("Content-Type", "text/html")},
		"no ETag":                                 {"GET", apiDay, "", setHeader("ETag", "")},
		"an ETag without quotes":                  {"GET", apiDay, "", setHeader("ETag", "x")},
		"a header that is not described":          {"GET", apiDay, "", setHeader("Location", "/api/v1/teams/ops")},
		"a 405 without Allow":                     {"PATCH", apiDay, "", setHeader("Allow", "")},
		"an id of no request":                     {"GET", apiDay, "", setHeader("X-Request-Id", "a b")},
		"a request that should have been refused": {"PUT", "/api/v1/teams/ops/days/2026-11-25", `{"note":"x"}`, nil},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c.method, c.path, strings.NewReader(c.sent))
		w := httptest.NewRecorder()
		s.Server.ServeHTTP(w, r)
		if err := held.check(r, []byte(c.sent), w); err != nil {
			t.Errorf("%s, before it is: got %v, want no complaint", name, err)
		}
		sent := c.sent
		if c.spoil == nil {
			sent = `{"note":7,"colour":"red"}`
		} else {
			before := w.Body.String() + w.Header().Get("Content-Type")
			c.spoil(w)
			if strings.Contains(name, "field") && before == w.Body.String()+w.Header().Get("Content-Type") {
				t.Errorf("%s: nothing was spoilt in %s", name, before)
			}
		}
		if held.check(r, []byte(sent), w) == nil {
			t.Errorf("%s: got no complaint, want one", name)
		}
	}
}

func replace(before, after string) func(*httptest.ResponseRecorder) {
	return func(w *httptest.ResponseRecorder) {
		text := strings.Replace(w.Body.String(), before, after, 1)
		w.Body = bytes.NewBufferString(text)
	}
}

func setHeader(name, value string) func(*httptest.ResponseRecorder) {
	return func(w *httptest.ResponseRecorder) { w.Header().Set(name, value) }
}

func TestAPIPage(t *testing.T) {
	s := newSite(t)
	page := s.send(t, "GET", "/api", "", "X-Forwarded-Proto", "https").want(http.StatusOK).html()
	wantText(t, page, "pre", "api=https://example.com/api/v1")
	served, _ := s.APIRoutes()
	for _, r := range served {
		if !strings.Contains(text(page, "code.address"), handlers.OpenAPIPath(r)) {
			t.Errorf("the page does not have %s", r)
		}
	}
	for _, e := range handlers.DescribedExamples() {
		if !strings.Contains(text(page, "#"+e.Operation+" summary"), e.Summary) {
			t.Errorf("the page does not have the example %q of %s", e.Summary, e.Operation)
		}
	}
	page.Find(`main a[href^="#"]`).Each(func(_ int, link *goquery.Selection) {
		if target := link.AttrOr("href", ""); page.Find(target).Length() != 1 {
			t.Errorf("the link to %s: got %d elements, want 1", target, page.Find(target).Length())
		}
	})
	wantText(t, page, "#putDay pre", `curl -X PUT "$api/teams/ops/days/2026-11-26" \ --json '{"assignments"`)
}
