package api

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"dailyroster/handlers/export"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/intake/ical"
	"dailyroster/roster"
	"dailyroster/roster/tally"
)

// What the wire shows is this package's own: a struct of the domain, whose fields may
// change with the program, is in no answer and in no body.
func TestWireTypesAreOurOwn(t *testing.T) {
	for key, o := range describe().operations {
		for _, value := range append([]any{o.Takes}, answersOf(o)...) {
			for _, found := range foreign(reflect.TypeOf(value)) {
				t.Errorf("%s shows %s; give the API a type of its own", key, found)
			}
		}
	}
}

func answersOf(o Described) []any {
	var values []any
	for _, a := range o.Answers {
		if _, description := a.Value.(*openapi.Document); !description {
			values = append(values, a.Value)
		}
	}
	return values
}

// A schema of what is sent alone is called …Input, one of what is answered never is.
func TestSentIsCalledInput(t *testing.T) {
	text, err := json.Marshal(describeAPI((&Site{Gate: &web.Gate{}, Exports: &export.Site{}}).describedRoutes(), "test").Document)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Components struct {
			Schemas map[string]any
		}
		Paths map[string]map[string]struct{ RequestBody, Responses any }
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	schemas := doc.Components.Schemas
	sent, answered := map[string]bool{}, map[string]bool{}
	for _, item := range doc.Paths {
		for _, o := range item {
			mark(o.RequestBody, schemas, sent)
			mark(o.Responses, schemas, answered)
		}
	}
	if len(sent) == 0 || len(answered) == 0 {
		t.Fatalf("got %d schemas of what is sent and %d of what is answered, want some", len(sent), len(answered))
	}
	for name := range schemas {
		if alone := sent[name] && !answered[name]; alone != strings.HasSuffix(name, "Input") {
			t.Errorf("%s: sent %t, answered %t; what is sent alone is called …Input", name, sent[name], answered[name])
		}
	}
}

// mark marks the schemas to which a part of the description leads.
func mark(part any, schemas map[string]any, marked map[string]bool) {
	switch part := part.(type) {
	case map[string]any:
		to, _ := part["$ref"].(string)
		if name, is := strings.CutPrefix(to, "#/components/schemas/"); is && !marked[name] {
			marked[name] = true
			mark(schemas[name], schemas, marked)
		}
		for _, inner := range part {
			mark(inner, schemas, marked)
		}
	case []any:
		for _, inner := range part {
			mark(inner, schemas, marked)
		}
	}
}

// The check sees what is foreign wherever it is, and lets values pass that are one text or
// one list in JSON.
func TestForeign(t *testing.T) {
	type embedded struct{ tally.Count }
	type own struct {
		Plain   roster.Seat
		Pointer *roster.Team
		List    []tally.Period
		Map     map[roster.RoleID]ical.Remark
		Inner   struct{ embedded }
		Date    roster.Date
		Zone    roster.Zone
		Clock   *roster.ClockTime
		Days    roster.Weekdays
		IDs     []roster.PersonID
		Raw     json.RawMessage
		Unnamed func() `json:"-"`
	}
	got := foreign(reflect.TypeFor[own]())
	want := []string{"Inner.embedded.Count: tally.Count", "List: tally.Period", "Map: ical.Remark", "Plain: roster.Seat", "Pointer: roster.Team"}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// foreign are the structs of other packages of the program that are an object in the JSON
// of a type, each with where it is.
func foreign(of reflect.Type) []string { return foreignIn(of, "", map[reflect.Type]bool{}) }

func foreignIn(of reflect.Type, where string, seen map[reflect.Type]bool) []string {
	if of == nil || seen[of] || isOneValue(of) {
		return nil
	}
	switch of.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return foreignIn(of.Elem(), where, seen)
	case reflect.Interface:
		return []string{fmt.Sprintf("%s: %s, which may be anything", where, of)}
	case reflect.Struct:
	default:
		return nil
	}
	const us = "dailyroster/handlers/api"
	if of.PkgPath() != "" && of.PkgPath() != us {
		return []string{where + ": " + of.String()}
	}
	seen[of] = true
	defer delete(seen, of)
	var found []string
	for field := range of.Fields() {
		if field.Tag.Get("json") != "-" {
			found = append(found, foreignIn(field.Type, strings.TrimPrefix(where+"."+field.Name, "."), seen)...)
		}
	}
	return found
}

// isOneValue reports whether values of the type write themselves, as a text or a list.
func isOneValue(of reflect.Type) bool {
	for _, writes := range []reflect.Type{reflect.TypeFor[json.Marshaler](), reflect.TypeFor[encoding.TextMarshaler]()} {
		if of.Implements(writes) || reflect.PointerTo(of).Implements(writes) {
			return true
		}
	}
	return false
}
