package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dailyroster/handlers/export"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster/credential"
)

// templated finds, in a path of the route table, its variables.
var templated = regexp.MustCompile(`\{([a-z]+)(?::([a-z|]+))?\}`)

// OpenAPIPath is a path of the route table as OpenAPI writes it.
func OpenAPIPath(path string) string { return templated.ReplaceAllString(path, "{$1}") }

// Description is the Description of the API, as it is answered and as it is drawn.
type Description struct {
	*openapi.Document
	Routes     []web.Route
	Operations map[string]Described // by method and path of the route table, with a space between
	Exchanges  map[string][]Exchange
}

// describeAPI makes the description of the routes.
func describeAPI(routes []web.Route, version string) *Description {
	d := describe()
	doc := &openapi.Document{
		OpenAPI: openapi.Version,
		Info: openapi.Info{
			Title: "Daily Roster", Summary: "Who is on call, now and on any day.", Description: introduction,
			Version: version, License: openapi.License{Name: "MIT", Identifier: "MIT"},
		},
		Servers: []openapi.Server{{URL: web.APIPrefix, Description: "This server"}},
		Tags:    d.tags, Paths: map[string]openapi.PathItem{},
		Components: d.components(),
	}
	examples := recordedExamples()
	for _, rt := range routes {
		o, ok := d.operations[rt.Method+" "+rt.Path]
		if !ok {
			continue // a test finds it
		}
		o.Needs = rt.Needs
		d.operations[rt.Method+" "+rt.Path] = o
		path := OpenAPIPath(rt.Path)
		if doc.Paths[path] == nil {
			doc.Paths[path] = openapi.PathItem{}
		}
		doc.Paths[path][strings.ToLower(rt.Method)] = d.operation(&o, examples[o.ID])
	}
	return &Description{doc, routes, d.operations, examples}
}

const introduction = "With this API, programs find out who is on call, and read and change the roster. It speaks JSON.\n\n" +
	"On each day, a role is held by a person or by nobody, which is `null`. The day's shift is the time from the hand-off on that date to the hand-off on the next date.\n\n" +
	"Every day, team and person has a revision: the id of its last change. It is also the `ETag`. " +
	"A write with `If-Match` gets 412 if somebody else's write came first. Without `If-Match`, the last write wins. " +
	"A write with an `Idempotency-Key` can be sent again after a failure. It takes effect once.\n\n" +
	"If the site has a sign-in, programs send a token: `Authorization: Bearer roster_…`. People make tokens on the site's pages. " +
	"A token with the scope `edit` can do what its owner or its team can. No token can do what only admins can, or make other tokens.\n\n" +
	"Errors are problems (RFC 9457, `application/problem+json`). Their `type` never changes. Their `request` is the id of the request in the log. " +
	"A method that an address does not support gets 405 with `Allow`. HEAD works wherever GET does. " +
	"An empty query parameter counts as missing. A body has at most 64 KiB, a calendar at most 1 MiB.\n\n" +
	"If the store cannot answer, reads may still answer what was last known. `X-Roster-As-Of` then says from when it is. Edits get 503 with `Retry-After`."

const (
	tokenScheme = "token"
	// JSONType is the type of most bodies.
	JSONType      = "application/json"
	problemJSONOf = "application/problem+json"
	textType      = "text/plain"
	calendarType  = "text/calendar"
)

// components are what the operations refer to.
func (d *describer) components() openapi.Components {
	openapi.Answered[fieldProblem](&d.Types, "FieldProblem", "What is wrong with one field.", openapi.Notes{
		"field":  {Text: "The path of the field: names and positions in lists, from the outside in. Empty for the whole body."},
		"detail": {Text: "Why the field was refused, in a sentence."},
	})
	openapi.Answered[problemJSON](&d.Types, "Problem", "Why a request was refused (RFC 9457).", openapi.Notes{
		"type":    {Text: "The kind of problem. It never changes."},
		"title":   {Text: "The kind in a few words."},
		"status":  {Text: "The HTTP status of the answer."},
		"detail":  {Text: "What went wrong, in a sentence."},
		"request": {Text: "The id of the request, as in `X-Request-Id` and in the log."},
		"errors":  {Text: "What is wrong with individual fields."},
	})
	c := openapi.Components{
		Schemas:    d.Schemas(),
		Responses:  map[string]*openapi.Response{},
		Parameters: commonParameters(),
		Headers:    commonHeaders(),
		SecuritySchemes: map[string]openapi.SecurityScheme{
			tokenScheme: {Type: "http", Scheme: "bearer", Description: "A token that a person made for themselves or for their team. It begins with " + credential.TokenPrefix + "."},
		},
	}
	byStatus := map[int][]ProblemKind{}
	for _, kind := range ProblemKinds() {
		byStatus[kind.Status()] = append(byStatus[kind.Status()], kind)
	}
	for status, kinds := range byStatus {
		c.Responses[problemName(status)] = problemResponse(status, kinds)
	}
	return c
}

// problemName is the name of the response that has the problems of a status.
func problemName(status int) string { return strings.ReplaceAll(http.StatusText(status), " ", "") }

func problemResponse(status int, kinds []ProblemKind) *openapi.Response {
	var types []any
	var texts []string
	for _, kind := range kinds {
		types = append(types, ProblemType+string(kind.Kind))
		texts = append(texts, kind.Text)
	}
	r := &openapi.Response{
		Description: strings.Join(texts, " Or: "),
		Headers:     everywhere(),
		Content: map[string]openapi.MediaType{problemJSONOf: {Schema: &openapi.Schema{AllOf: []*openapi.Schema{
			openapi.SchemaAt("Problem"),
			{Properties: openapi.Properties{{Name: "type", Schema: &openapi.Schema{Enum: types}}, {Name: "status", Schema: &openapi.Schema{Const: status}}}},
		}}}},
	}
	switch status {
	case http.StatusUnauthorized:
		r.Headers["WWW-Authenticate"] = openapi.HeaderAt("WWW-Authenticate")
	case http.StatusMethodNotAllowed:
		r.Headers["Allow"] = openapi.HeaderAt("Allow")
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		r.Headers["Retry-After"] = openapi.HeaderAt("Retry-After")
	}
	return r
}

// everywhere are the headers of every answer.
func everywhere() map[string]openapi.Header {
	headers := map[string]openapi.Header{}
	for _, name := range []string{web.RequestIDName, "X-Served-By", web.AsOfHeader} {
		headers[name] = openapi.HeaderAt(name)
	}
	return headers
}

func commonHeaders() map[string]*openapi.Header {
	text := &openapi.Schema{Type: "string"}
	return map[string]*openapi.Header{
		web.RequestIDName:  {Required: true, Schema: &openapi.Schema{Type: "string", Pattern: web.Sane.String()}, Description: "The id of the request, to ask questions about it. It is the one that the request's header of this name states, if that is valid, or a new one."},
		"X-Served-By":      {Required: true, Schema: text, Description: "The instance of the server that answered."},
		web.AsOfHeader:     {Schema: openapi.SchemaAt("Instant"), Description: "Present if the store does not answer: the time that the data is from."},
		"ETag":             {Required: true, Schema: &openapi.Schema{Type: "string", Pattern: `^"[0-9A-Z]*"$`}, Description: "The revision, in double quotes."},
		"Location":         {Required: true, Schema: &openapi.Schema{Type: "string", Pattern: "^" + web.APIPrefix + "/"}, Description: "The address of the new resource."},
		"Allow":            {Required: true, Schema: text, Description: "The methods that the address supports."},
		"WWW-Authenticate": {Required: true, Schema: text, Description: "How to authenticate (RFC 6750)."},
		"Retry-After":      {Required: true, Schema: &openapi.Schema{Type: "integer"}, Description: "How many seconds to wait before trying again."},
	}
}

func commonParameters() map[string]*openapi.Parameter {
	path := func(name, schema, text string) *openapi.Parameter {
		return &openapi.Parameter{Name: name, In: "path", Required: true, Schema: openapi.SchemaAt(schema), Description: text}
	}
	header := func(name, text string, schema *openapi.Schema) *openapi.Parameter {
		return &openapi.Parameter{Name: name, In: "header", Schema: schema, Description: text}
	}
	text := &openapi.Schema{Type: "string"}
	return map[string]*openapi.Parameter{
		"team":   path("team", "TeamID", "The team's id."),
		"person": path("person", "PersonID", "The person's id."),
		"date":   path("date", "Date", "The date of the day."),

		"token":    path("token", "TokenID", "The token's id."),
		"exchange": path("exchange", "ChangeID", "The exchange's id."),

		"ifMatch":        header("If-Match", "Make the change only if this is still the revision. The value is an ETag.", text),
		"ifNoneMatch":    header("If-None-Match", "Answer 304 if this is still the revision. The value is an ETag.", text),
		"onlyNew":        header("If-None-Match", "With `*`, make the change only if nothing is there yet.", &openapi.Schema{Type: "string", Const: "*"}),
		"idempotencyKey": header("Idempotency-Key", "A key that marks repeats of this request as the same write.", textSchema(web.MaxKey)),
		"requestID":      header(web.RequestIDName, "The id for this request in the log, if it is valid.", text),
	}
}

// operation is the description of one operation in OpenAPI.
func (d *describer) operation(o *Described, examples []Exchange) *openapi.Operation {
	out := &openapi.Operation{
		Tags: []string{o.Tag}, Summary: o.Summary, Description: o.Text, OperationID: o.ID,
		Parameters: o.parameters(), Responses: map[string]*openapi.Response{},
		Security: o.security(),
	}
	if o.Takes != nil {
		out.RequestBody = &openapi.Body{Required: true, Content: map[string]openapi.MediaType{
			JSONType: {Schema: d.Of(o.Takes), Examples: o.bodyExamples(examples)},
		}}
	}
	if o.Calendar {
		out.RequestBody = &openapi.Body{Required: true, Content: map[string]openapi.MediaType{
			calendarType: {Schema: &openapi.Schema{Type: "string", Description: "A calendar (RFC 5545)."}, Examples: o.bodyExamples(examples)},
		}}
	}
	for _, a := range o.Answers {
		out.Responses[strconv.Itoa(a.Status)] = d.response(o, a, examples)
	}
	if o.Tagged && o.Method == http.MethodGet {
		r := &openapi.Response{Description: "Nothing has changed.", Headers: everywhere()}
		r.Headers["ETag"] = openapi.HeaderAt("ETag")
		out.Responses[strconv.Itoa(http.StatusNotModified)] = r
	}
	for _, status := range o.Refusals() {
		out.Responses[strconv.Itoa(status)] = openapi.ResponseAt(problemName(status))
	}
	return out
}

// security is how a caller can say who asks: with a token, where one may do this, or
// else by being signed in, or not at all where there is no sign-in.
func (o *Described) security() []map[string][]string {
	otherwise := map[string][]string{}
	switch o.Needs {
	case web.Read, web.Edit, web.AnswerExchange, web.EditPeople, web.EditPerson:
		return []map[string][]string{{tokenScheme: {}}, otherwise}
	default:
		return []map[string][]string{otherwise}
	}
}

func (o *Described) parameters() []openapi.Parameter {
	var list []openapi.Parameter
	for _, v := range templated.FindAllStringSubmatch(o.Path, -1) {
		if v[2] == "" {
			list = append(list, openapi.ParameterAt(v[1]))
			continue
		}
		var choice []any
		for one := range strings.SplitSeq(v[2], "|") {
			choice = append(choice, one)
		}
		list = append(list, openapi.Parameter{Name: v[1], In: "path", Required: true, Schema: &openapi.Schema{Type: "string", Enum: choice}})
	}
	for _, q := range o.Query {
		list = append(list, openapi.Parameter{Name: q.Name, In: "query", Description: q.Text, AllowEmptyValue: true, Schema: q.Schema})
	}
	get := o.Method == http.MethodGet
	for _, h := range []struct {
		name    string
		applies bool
	}{
		{"ifNoneMatch", get && o.Tagged},
		{"ifMatch", o.conditional()},
		{"onlyNew", o.OnlyNew},
		{"idempotencyKey", !get},
		{"requestID", true},
	} {
		if h.applies {
			list = append(list, openapi.ParameterAt(h.name))
		}
	}
	return list
}

func (d *describer) response(o *Described, a Answered, examples []Exchange) *openapi.Response {
	r := &openapi.Response{Description: a.Text, Headers: everywhere()}
	if o.Tagged && a.Status != http.StatusNoContent {
		r.Headers["ETag"] = openapi.HeaderAt("ETag")
	}
	if a.Located {
		r.Headers["Location"] = openapi.HeaderAt("Location")
	}
	if a.Value != nil {
		r.Content = map[string]openapi.MediaType{JSONType: {Schema: d.Of(a.Value), Examples: map[string]openapi.Example{}}}
	}
	text := textType
	if a.File != "" {
		text, r.Content = a.File, map[string]openapi.MediaType{}
	}
	if a.Plain != "" {
		r.Content[text] = openapi.MediaType{
			Schema:   &openapi.Schema{Type: "string", Description: a.Plain},
			Examples: map[string]openapi.Example{},
		}
	}
	if a.Cards != "" {
		r.Content[export.CardType] = openapi.MediaType{
			Schema:   &openapi.Schema{Type: "string", Description: a.Cards},
			Examples: map[string]openapi.Example{},
		}
	}
	for i, e := range examples {
		if e.Status != a.Status {
			continue
		}
		text := text
		if i < len(o.Examples) && slices.Contains(o.Examples[i].Header, export.CardType) {
			text = export.CardType
		}
		name := fmt.Sprintf("example%d", i+1)
		if e.JSON != nil {
			r.Content[JSONType].Examples[name] = openapi.Example{Summary: e.Summary, Value: e.JSON}
		} else if a.Plain != "" {
			r.Content[text].Examples[name] = openapi.Example{Summary: e.Summary, Value: e.Text}
		}
	}
	return r
}

// bodyExamples are the bodies of the operation's examples.
func (o *Described) bodyExamples(answers []Exchange) map[string]openapi.Example {
	bodies := map[string]openapi.Example{}
	for i, e := range o.Examples {
		if e.Body == "" || i >= len(answers) {
			continue
		}
		body := answers[i].Fill(e.Body)
		value := any(json.RawMessage(body))
		if o.Calendar {
			value = body
		}
		bodies[fmt.Sprintf("example%d", i+1)] = openapi.Example{Summary: e.Summary, Value: value}
	}
	return bodies
}
