package api

import (
	"net/http"
	"slices"
	"strings"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
)

// operation describes one route of the API.
type Operation struct {
	ID           string // by which generated clients call it
	Method, Path string // as in the route table
	Summary      string // what it does, in a few words
	Text         string // what else is to be known; code is in `backquotes`

	Query []parameter
	Takes any // a value of the type that the body is read into; nil for no JSON
	// calendar: it takes a calendar, text/calendar.
	Calendar bool
	// tagged: it is about something with a revision, which is the ETag of the answer. A
	// GET heeds If-None-Match, a PUT or DELETE If-Match.
	Tagged  bool
	IfMatch bool // a POST heeds If-Match too
	OnlyNew bool // a write heeds If-None-Match: *

	Answers []Answered
	// refuses are the statuses of its problems, beyond those that follow from all of
	// the above; see described.refusals.
	Refuses []int
	// without the store it answers too, so never with 503
	Storeless bool
	Examples  []Example
}

// parameter is one of a query.
type parameter struct {
	Name, Text string
	Schema     *openapi.Schema
}

// Answered is an answer that is no problem. Without a value it has no body.
type Answered struct {
	Status  int
	Text    string
	Value   any    // of the type that is written as JSON
	Plain   string // what it is as text; "" where it can only be JSON
	Cards   string // what it is as text/vcard; "" where it cannot be that
	File    string // the type of that text, where it is not text/plain
	Located bool   // it has a Location
}

// Example is a request as somebody may send it. What is answered is not written by
// hand: a test sends it to a roster with a few people and days, and keeps the answer in
// describe_examples.json.
type Example struct {
	Summary string
	Method  string    // of one that is done first; POST if not given
	Target  string    // below APIPrefix; {id} is the id in the answer to the last of after
	Header  []string  // in pairs; {etag} is the revision that the target is at
	Body    string    // {change} is the id of the team's last change
	After   []Example // what is done first, and is not shown
}

// describer collects what the API is.
type describer struct {
	openapi.Types
	tags       []openapi.Tag
	operations map[string]Described // by method and path, with a space between
}

// Described is an operation with what the route table says of it.
type Described struct {
	Operation
	Tag   string
	Needs web.Right // as the route table says
}

// group begins a group of operations.
func (d *describer) group(name, text string) {
	d.tags = append(d.tags, openapi.Tag{Name: name, Description: text})
}

// add describes an operation of the group begun last.
func (d *describer) add(operations ...Operation) {
	for _, o := range operations {
		key := o.Method + " " + o.Path
		if _, twice := d.operations[key]; twice {
			panic(key + " is described twice")
		}
		d.operations[key] = Described{Operation: o, Tag: d.tags[len(d.tags)-1].Name}
	}
}

// describe collects the descriptions, which are next to the handlers that they describe,
// in the order in which people read them.
func describe() *describer {
	d := &describer{operations: map[string]Described{}}
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
	describePay(d)
	describePeople(d)
	describeHolidays(d)
	describeAbsences(d)
	describeLeave(d)
	describeTokens(d)
	describeSearch(d)
	describeCluster(d)
	describeDescription(d)
	return d
}

// conditional reports whether it heeds If-Match.
func (o *Operation) conditional() bool {
	return o.IfMatch || o.Tagged && (o.Method == http.MethodPut || o.Method == http.MethodDelete)
}

// Refusals are the statuses of the problems that the operation can answer with.
func (o *Described) Refusals() []int {
	statuses := slices.Clone(o.Refuses)
	write := o.Method != http.MethodGet
	for status, applies := range map[int]bool{
		http.StatusBadRequest:            len(o.Query) > 0 || strings.Contains(o.Path, "{date}") || write,
		http.StatusUnauthorized:          o.Needs != web.Open,
		http.StatusForbidden:             write || o.Needs > web.Read,
		http.StatusNotFound:              strings.Contains(o.Path, "{"),
		http.StatusPreconditionFailed:    o.conditional() || o.OnlyNew,
		http.StatusRequestEntityTooLarge: o.Takes != nil || o.Calendar,
		http.StatusMisdirectedRequest:    true,
		http.StatusUnprocessableEntity:   o.Takes != nil || o.Calendar,
		http.StatusTooManyRequests:       o.Needs != web.Open,
		http.StatusServiceUnavailable:    !o.Storeless,
		http.StatusGatewayTimeout:        !o.Storeless,
	} {
		if applies {
			statuses = append(statuses, status)
		}
	}
	slices.Sort(statuses)
	return slices.Compact(statuses)
}
