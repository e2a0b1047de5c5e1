package handlers

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"dailyroster/handlers/openapi"
	"dailyroster/roster"
)

// operation describes one route of the API.
type operation struct {
	id           string // by which generated clients call it
	method, path string // as in the route table
	summary      string // what it does, in a few words
	text         string // what else is to be known; code is in `backquotes`

	query []parameter
	takes any // a value of the type that the body is read into; nil for no JSON
	// calendar: it takes a calendar, text/calendar.
	calendar bool
	// tagged: it is about something with a revision, which is the ETag of the answer. A
	// GET heeds If-None-Match, a PUT or DELETE If-Match.
	tagged  bool
	ifMatch bool // a POST heeds If-Match too
	onlyNew bool // a write heeds If-None-Match: *

	answers []answered
	// refuses are the statuses of its problems, beyond those that follow from all of
	// the above; see described.refusals.
	refuses []int
	// without the store it answers too, so never with 503
	storeless bool
	examples  []example
}

// parameter is one of a query.
type parameter struct {
	name, text string
	schema     *openapi.Schema
}

// answered is an answer that is no problem. Without a value it has no body.
type answered struct {
	status  int
	text    string
	value   any    // of the type that is written as JSON
	plain   string // what it is as text; "" where it can only be JSON
	file    string // the type of that text, where it is not text/plain
	located bool   // it has a Location
}

// example is a request as somebody may send it. What is answered is not written by
// hand: a test sends it to a roster with a few people and days, and keeps the answer in
// describe_examples.json.
type example struct {
	summary string
	method  string    // of one that is done first; POST if not given
	target  string    // below apiPrefix; {id} is the id in the answer to the last of after
	header  []string  // in pairs; {etag} is the revision that the target is at
	body    string    // {change} is the id of the team's last change
	after   []example // what is done first, and is not shown
}

// describer collects what the API is.
type describer struct {
	openapi.Types
	tags       []openapi.Tag
	operations map[string]described // by method and path, with a space between
}

type described struct {
	operation
	tag   string
	needs right // as the route table says
}

// group begins a group of operations.
func (d *describer) group(name, text string) {
	d.tags = append(d.tags, openapi.Tag{Name: name, Description: text})
}

// add describes an operation of the group begun last.
func (d *describer) add(operations ...operation) {
	for _, o := range operations {
		key := o.method + " " + o.path
		if _, twice := d.operations[key]; twice {
			panic(key + " is described twice")
		}
		d.operations[key] = described{operation: o, tag: d.tags[len(d.tags)-1].Name}
	}
}

// describe collects the descriptions, which are next to the handlers that they describe,
// in the order in which people read them.
func describe() *describer {
	d := &describer{operations: map[string]described{}}
	describeValues(&d.Types)
	describeOnCall(d)
	describeCoverage(d)
	describeDays(d)
	describeExports(d)
	describeAssign(d)
	describeChanges(d)
	describeUndo(d)
	describeExchanges(d)
	describeTeams(d)
	describeFill(d)
	describeFairness(d)
	describePeople(d)
	describeHolidays(d)
	describeAbsences(d)
	describeLeave(d)
	describeTokens(d)
	describeCluster(d)
	describeDescription(d)
	return d
}

// describeValues names the schemas of values that have no fields.
func describeValues(t *openapi.Types) {
	slug := func(what string) *openapi.Schema {
		return &openapi.Schema{
			Type: "string", Pattern: "^[a-z0-9-]{1," + strconv.Itoa(roster.MaxSlug) + "}$",
			Description: "The id of a " + what + ": a–z, 0–9 and hyphens. It never changes.",
		}
	}
	openapi.Name[roster.TeamID](t, "TeamID", slug("team"))
	openapi.Name[roster.PersonID](t, "PersonID", slug("person"))
	openapi.Name[roster.RoleID](t, "RoleID", slug("team's role"))
	openapi.Name[roster.RotationID](t, "RotationID", slug("team's rotation"))
	const ulid = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
	openapi.Name[roster.ChangeID](t, "ChangeID", &openapi.Schema{
		Type: "string", Pattern: "^" + ulid + "$",
		Description: "The id of one change: a ULID. It is also the revision of what it changed.",
	})
	t.Add("Revision", &openapi.Schema{
		Type: "string", Pattern: "^(" + ulid + ")?$",
		Description: "The id of the last change; empty before the first.",
	})
	openapi.Name[roster.Date](t, "Date", &openapi.Schema{
		Type: "string", Format: "date", Description: "A date of the team's zone.", Examples: []any{"2026-11-23"},
	})
	openapi.Name[roster.ClockTime](t, "ClockTime", &openapi.Schema{
		Type: "string", Pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", Description: "A wall-clock time.", Examples: []any{"09:00"},
	})
	openapi.Name[roster.Zone](t, "Zone", &openapi.Schema{
		Type: "string", Description: "The name of a time zone of the IANA.", Examples: []any{"Europe/Berlin"},
	})
	openapi.Answered[roster.Seat](t, "Seat", "A role of a day.", nil)
	openapi.Name[time.Time](t, "Instant", &openapi.Schema{
		Type: "string", Format: "date-time", Description: "An instant with its offset from UTC (RFC 3339).", Examples: []any{"2026-11-23T09:00:00+01:00"},
	})
	var days []any
	for w := roster.Monday; w <= roster.Sunday; w++ {
		days = append(days, w.String())
	}
	openapi.Name[roster.Weekday](t, "Weekday", &openapi.Schema{Type: "string", Enum: days, Description: "A day of the week."})
	openapi.Name[roster.Weekdays](t, "Weekdays", &openapi.Schema{
		Type: "array", Items: openapi.SchemaAt("Weekday"), Description: "Days of the week.",
	})
}

// textSchema is a text of at most that many characters.
func textSchema(most int) *openapi.Schema { return &openapi.Schema{Type: "string", MaxLength: most} }

// orEmpty is the schema of that name, or the empty text.
func orEmpty(name string) *openapi.Schema {
	return &openapi.Schema{AnyOf: []*openapi.Schema{openapi.SchemaAt(name), {Const: ""}}}
}

// numberSchema is a number of a query.
func numberSchema(least, most, fallback int) *openapi.Schema {
	return &openapi.Schema{Type: "integer", Minimum: &least, Maximum: &most, Default: fallback}
}

// problemKind is one of the problems that the API answers with.
type problemKind struct {
	kind Kind // after problemType
	text string
}

func (p problemKind) status() int { return StatusOf(p.kind) }

// problemKinds are all there are, in order of their statuses.
func problemKinds() []problemKind {
	return []problemKind{
		{KindBadRequest, "A value of the path, the query or a header is not what it claims to be, or the body is not JSON."},
		{KindNotSignedIn, "Nobody is signed in. Programs send a token."},
		{KindBadToken, "There is no such token."},
		{KindEndedToken, "The token has expired or was revoked."},
		{KindForbidden, "The caller may not do this; detail says who may."},
		{KindNotByToken, "Only a person who is signed in may do this, and no token."},
		{KindCrossOrigin, "A browser sent the write from another site."},
		{KindNotFound, "There is no such team, person or change, or no such address."},
		{KindMethodNotAllowed, "The address does not know the method; the header Allow has those that it knows."},
		{KindUndoBlocked, "Later changes stand in the way of undoing all; with partly the rest is undone."},
		{KindExchangeClosed, "The exchange waits for no answer: it is done, or over."},
		{KindExchangeLapsed, "The exchange is no longer possible: a seat has changed hands, or its day is over."},
		{KindPast, "Only today and later days can be swapped, taken or given."},
		{KindStale, "Someone else's edit came first: the revision that If-Match or the body states is not the last."},
		{KindExists, "With If-None-Match: * there was something already."},
		{KindTooLarge, "The body is larger than 64 KiB, or a calendar than 1 MiB."},
		{KindInvalid, "Some values were refused; errors names each field and says why."},
		{KindKeyReused, "The Idempotency-Key came with another edit before."},
		{KindTooMany, "Too many edits by one caller, or too many tokens that do not exist from one address. Try again after the seconds that Retry-After says."},
		{KindUnavailable, "The store cannot answer for now. Try again after the seconds that Retry-After says; the same edit with the same Idempotency-Key is done once."},
	}
}

// conditional reports whether it heeds If-Match.
func (o *operation) conditional() bool {
	return o.ifMatch || o.tagged && (o.method == http.MethodPut || o.method == http.MethodDelete)
}

// refusals are the statuses of the problems that the operation can answer with.
func (o *described) refusals() []int {
	statuses := slices.Clone(o.refuses)
	write := o.method != http.MethodGet
	for status, applies := range map[int]bool{
		http.StatusBadRequest:            len(o.query) > 0 || strings.Contains(o.path, "{date}") || write,
		http.StatusUnauthorized:          o.needs != open,
		http.StatusForbidden:             write || o.needs > read,
		http.StatusNotFound:              strings.Contains(o.path, "{"),
		http.StatusPreconditionFailed:    o.conditional() || o.onlyNew,
		http.StatusRequestEntityTooLarge: o.takes != nil || o.calendar,
		http.StatusUnprocessableEntity:   o.takes != nil || o.calendar,
		http.StatusTooManyRequests:       o.needs != open,
		http.StatusServiceUnavailable:    !o.storeless,
	} {
		if applies {
			statuses = append(statuses, status)
		}
	}
	slices.Sort(statuses)
	return slices.Compact(statuses)
}

//go:embed describe_examples.json
var recorded embed.FS

const recordedFile = "describe_examples.json"

// exchange is an example with what was answered.
type exchange struct {
	Summary string `json:"summary"`
	// Filled is what stood for {etag}, {id} and {change}.
	Filled map[string]string `json:"filled,omitempty"`
	Status int               `json:"status"`
	Header map[string]string `json:"header,omitempty"`
	JSON   json.RawMessage   `json:"json,omitempty"`
	Text   string            `json:"text,omitempty"`
}

// fill puts in a text what stood for {etag} and the like.
func (e *exchange) fill(text string) string {
	for name, value := range e.Filled {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// recordedExamples are the answers to all examples, by operation.
func recordedExamples() map[string][]exchange {
	text, err := recorded.ReadFile(recordedFile)
	if err != nil {
		panic(err) // it is embedded
	}
	var all map[string][]exchange
	if err := json.Unmarshal(text, &all); err != nil {
		panic(fmt.Sprintf("%s: %v", recordedFile, err))
	}
	return all
}

// templated finds, in a path of the route table, its variables.
var templated = regexp.MustCompile(`\{([a-z]+)(?::([a-z|]+))?\}`)

// openAPIPath is a path of the route table as OpenAPI writes it.
func openAPIPath(path string) string { return templated.ReplaceAllString(path, "{$1}") }

// description is the description of the API, as it is answered and as it is drawn.
type description struct {
	*openapi.Document
	routes     []route
	operations map[string]described // by method and path of the route table, with a space between
	exchanges  map[string][]exchange
}

// describeAPI makes the description of the routes.
func describeAPI(routes []route, version string) *description {
	d := describe()
	doc := &openapi.Document{
		OpenAPI: openapi.Version,
		Info: openapi.Info{
			Title: "Daily Roster", Summary: "Who is on call, now and on any day.", Description: introduction,
			Version: version, License: openapi.License{Name: "MIT", Identifier: "MIT"},
		},
		Servers: []openapi.Server{{URL: apiPrefix, Description: "This server"}},
		Tags:    d.tags, Paths: map[string]openapi.PathItem{},
		Components: d.components(),
	}
	examples := recordedExamples()
	for _, rt := range routes {
		o, ok := d.operations[rt.method+" "+rt.path]
		if !ok {
			continue // a test finds it
		}
		o.needs = rt.needs
		d.operations[rt.method+" "+rt.path] = o
		path := openAPIPath(rt.path)
		if doc.Paths[path] == nil {
			doc.Paths[path] = openapi.PathItem{}
		}
		doc.Paths[path][strings.ToLower(rt.method)] = d.operation(&o, examples[o.id])
	}
	return &description{doc, routes, d.operations, examples}
}

const introduction = "Programs ask who is on call, and read and change the roster, in JSON.\n\n" +
	"A role of a day is held by a person or by nobody, `null`. The day's shift is the time from the hand-off on that date to the hand-off on the next.\n\n" +
	"Every day, team and person has a revision: the id of its last change, which is also its `ETag`. " +
	"A write with `If-Match` is refused with 412 if somebody else's came first; without, the last one wins. " +
	"A write with an `Idempotency-Key` can be sent again after a failure and is done once.\n\n" +
	"Where there is a sign-in, programs send a token: `Authorization: Bearer roster_…`. People make tokens on the page. " +
	"One that may edit can do what its owner or its team can; none can do what only admins can, or make other tokens.\n\n" +
	"Errors are problems (RFC 9457, `application/problem+json`). Their `type` is stable; `request` is the id under which the request is in the log. " +
	"A method that an address does not know gets 405 with `Allow`. HEAD answers as GET does, without the body. " +
	"A parameter of a query that is empty is as if it were not there. Bodies are of at most 64 KiB, calendars of 1 MiB.\n\n" +
	"When the store cannot answer, reads may still give what was last known, and say with `X-Roster-As-Of` of when it is; edits get 503 with `Retry-After`."

const (
	tokenScheme   = "token"
	jsonType      = "application/json"
	problemJSONOf = "application/problem+json"
	textType      = "text/plain"
	calendarType  = "text/calendar"
)

// components are what the operations refer to.
func (d *describer) components() openapi.Components {
	openapi.Answered[fieldProblem](&d.Types, "FieldProblem", "What is wrong with one field.", openapi.Notes{
		"field":  {Text: "The field, by its names and places in lists from the outside in; empty for the body as a whole."},
		"detail": {Text: "Why it was refused, in a sentence."},
	})
	openapi.Answered[problemJSON](&d.Types, "Problem", "Why a request was refused (RFC 9457).", openapi.Notes{
		"type":    {Text: "The kind of problem. It is stable."},
		"title":   {Text: "The kind in a few words."},
		"status":  {Text: "The status of the answer."},
		"detail":  {Text: "What went wrong, in a sentence."},
		"request": {Text: "The id of the request, as in X-Request-Id and in the log."},
		"errors":  {Text: "What is wrong with single fields."},
	})
	c := openapi.Components{
		Schemas:    d.Schemas(),
		Responses:  map[string]*openapi.Response{},
		Parameters: commonParameters(),
		Headers:    commonHeaders(),
		SecuritySchemes: map[string]openapi.SecurityScheme{
			tokenScheme: {Type: "http", Scheme: "bearer", Description: "A token, as people make them for themselves and for their teams. It begins with " + roster.TokenPrefix + "."},
		},
	}
	byStatus := map[int][]problemKind{}
	for _, kind := range problemKinds() {
		byStatus[kind.status()] = append(byStatus[kind.status()], kind)
	}
	for status, kinds := range byStatus {
		c.Responses[problemName(status)] = problemResponse(status, kinds)
	}
	return c
}

// problemName is the name of the response that has the problems of a status.
func problemName(status int) string { return strings.ReplaceAll(http.StatusText(status), " ", "") }

func problemResponse(status int, kinds []problemKind) *openapi.Response {
	var types []any
	var texts []string
	for _, kind := range kinds {
		types = append(types, problemType+string(kind.kind))
		texts = append(texts, kind.text)
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
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		r.Headers["Retry-After"] = openapi.HeaderAt("Retry-After")
	}
	return r
}

// everywhere are the headers of every answer.
func everywhere() map[string]openapi.Header {
	headers := map[string]openapi.Header{}
	for _, name := range []string{requestIDName, "X-Served-By", asOfHeader} {
		headers[name] = openapi.HeaderAt(name)
	}
	return headers
}

func commonHeaders() map[string]*openapi.Header {
	text := &openapi.Schema{Type: "string"}
	return map[string]*openapi.Header{
		requestIDName:      {Required: true, Schema: &openapi.Schema{Type: "string", Pattern: sane.String()}, Description: "The id of the request, for questions about it: that of the request's header of this name if it is a sane one, else a new one."},
		"X-Served-By":      {Required: true, Schema: text, Description: "The instance that answered."},
		asOfHeader:         {Schema: openapi.SchemaAt("Instant"), Description: "There if the store does not answer: when what is told was known."},
		"ETag":             {Required: true, Schema: &openapi.Schema{Type: "string", Pattern: `^"[0-9A-Z]*"$`}, Description: "The revision, in double quotes."},
		"Location":         {Required: true, Schema: &openapi.Schema{Type: "string", Pattern: "^" + apiPrefix + "/"}, Description: "The address of what was made."},
		"Allow":            {Required: true, Schema: text, Description: "The methods that the address knows."},
		"WWW-Authenticate": {Required: true, Schema: text, Description: "How to say who asks (RFC 6750)."},
		"Retry-After":      {Required: true, Schema: &openapi.Schema{Type: "integer"}, Description: "Seconds after which to try again."},
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

		"ifMatch":        header("If-Match", "Only if this is still the revision: its ETag.", text),
		"ifNoneMatch":    header("If-None-Match", "Answer 304 if this is still the revision: its ETag.", text),
		"onlyNew":        header("If-None-Match", "With `*`, only while there is nothing.", &openapi.Schema{Type: "string", Const: "*"}),
		"idempotencyKey": header("Idempotency-Key", "Makes the request, sent again, the same write.", textSchema(maxKey)),
		"requestID":      header(requestIDName, "The id that the request shall have in the log, if it is a sane one.", text),
	}
}

// operation is the description of one operation in OpenAPI.
func (d *describer) operation(o *described, examples []exchange) *openapi.Operation {
	out := &openapi.Operation{
		Tags: []string{o.tag}, Summary: o.summary, Description: o.text, OperationID: o.id,
		Parameters: o.parameters(), Responses: map[string]*openapi.Response{},
		Security: o.security(),
	}
	if o.takes != nil {
		out.RequestBody = &openapi.Body{Required: true, Content: map[string]openapi.MediaType{
			jsonType: {Schema: d.Of(o.takes), Examples: o.bodyExamples(examples)},
		}}
	}
	if o.calendar {
		out.RequestBody = &openapi.Body{Required: true, Content: map[string]openapi.MediaType{
			calendarType: {Schema: &openapi.Schema{Type: "string", Description: "A calendar (RFC 5545)."}, Examples: o.bodyExamples(examples)},
		}}
	}
	for _, a := range o.answers {
		out.Responses[strconv.Itoa(a.status)] = d.response(o, a, examples)
	}
	if o.tagged && o.method == http.MethodGet {
		r := &openapi.Response{Description: "It has not changed.", Headers: everywhere()}
		r.Headers["ETag"] = openapi.HeaderAt("ETag")
		out.Responses[strconv.Itoa(http.StatusNotModified)] = r
	}
	for _, status := range o.refusals() {
		out.Responses[strconv.Itoa(status)] = openapi.ResponseAt(problemName(status))
	}
	return out
}

// security is how a caller can say who asks: with a token, where one may do this, or
// else by being signed in, or not at all where there is no sign-in.
func (o *described) security() []map[string][]string {
	otherwise := map[string][]string{}
	switch o.needs {
	case read, edit, editPeople, editPerson:
		return []map[string][]string{{tokenScheme: {}}, otherwise}
	default:
		return []map[string][]string{otherwise}
	}
}

func (o *described) parameters() []openapi.Parameter {
	var list []openapi.Parameter
	for _, v := range templated.FindAllStringSubmatch(o.path, -1) {
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
	for _, q := range o.query {
		list = append(list, openapi.Parameter{Name: q.name, In: "query", Description: q.text, AllowEmptyValue: true, Schema: q.schema})
	}
	get := o.method == http.MethodGet
	for _, h := range []struct {
		name    string
		applies bool
	}{
		{"ifNoneMatch", get && o.tagged},
		{"ifMatch", o.conditional()},
		{"onlyNew", o.onlyNew},
		{"idempotencyKey", !get},
		{"requestID", true},
	} {
		if h.applies {
			list = append(list, openapi.ParameterAt(h.name))
		}
	}
	return list
}

func (d *describer) response(o *described, a answered, examples []exchange) *openapi.Response {
	r := &openapi.Response{Description: a.text, Headers: everywhere()}
	if o.tagged && a.status != http.StatusNoContent {
		r.Headers["ETag"] = openapi.HeaderAt("ETag")
	}
	if a.located {
		r.Headers["Location"] = openapi.HeaderAt("Location")
	}
	if a.value != nil {
		r.Content = map[string]openapi.MediaType{jsonType: {Schema: d.Of(a.value), Examples: map[string]openapi.Example{}}}
	}
	text := textType
	if a.file != "" {
		text, r.Content = a.file, map[string]openapi.MediaType{}
	}
	if a.plain != "" {
		r.Content[text] = openapi.MediaType{
			Schema:   &openapi.Schema{Type: "string", Description: a.plain},
			Examples: map[string]openapi.Example{},
		}
	}
	for i, e := range examples {
		if e.Status != a.status {
			continue
		}
		name := fmt.Sprintf("example%d", i+1)
		if e.JSON != nil {
			r.Content[jsonType].Examples[name] = openapi.Example{Summary: e.Summary, Value: e.JSON}
		} else if a.plain != "" {
			r.Content[text].Examples[name] = openapi.Example{Summary: e.Summary, Value: e.Text}
		}
	}
	return r
}

// bodyExamples are the bodies of the operation's examples.
func (o *described) bodyExamples(answers []exchange) map[string]openapi.Example {
	bodies := map[string]openapi.Example{}
	for i, e := range o.examples {
		if e.body == "" || i >= len(answers) {
			continue
		}
		body := answers[i].fill(e.body)
		value := any(json.RawMessage(body))
		if o.calendar {
			value = body
		}
		bodies[fmt.Sprintf("example%d", i+1)] = openapi.Example{Summary: e.summary, Value: value}
	}
	return bodies
}
