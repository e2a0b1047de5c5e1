package openapi

import (
	"fmt"
	"reflect"
	"strings"
)

// Notes say, of each field of an object by its name in JSON, what it means.
type Notes map[string]Note

// Note is what the Go type of a field does not say.
type Note struct {
	Text string
	// Schema is in the place of that which the Go type gives, where there is one.
	Schema *Schema
	// Must be there, in what is sent. What is answered always has its fields, but
	// those that encoding/json omits.
	Must bool
}

// Types makes schemas from Go types. The zero value knows none.
type Types struct {
	schemas map[string]*Schema
	names   map[reflect.Type]string
}

// Schemas are those that were named, for Components.
func (t *Types) Schemas() map[string]*Schema { return t.schemas }

// Add names a schema that is of no Go type.
func (t *Types) Add(name string, s *Schema) *Schema {
	t.claim(nil, name)
	t.schemas[name] = s
	return SchemaAt(name)
}

// Name gives the values of T's type a schema of its own, by which all others refer to it.
func Name[T any](t *Types, name string, s *Schema) {
	t.claim(reflect.TypeFor[T](), name)
	t.schemas[name] = s
}

// Answered names a struct that is answered, and makes its schema.
func Answered[T any](t *Types, name, text string, notes Notes) {
	t.object(reflect.TypeFor[T](), name, text, notes, false)
}

// Sent names a struct that is read from a request, and makes its schema: fields that
// need not be there may be null, which is the same, and others are refused.
func Sent[T any](t *Types, name, text string, notes Notes) {
	t.object(reflect.TypeFor[T](), name, text, notes, true)
}

func (t *Types) claim(of reflect.Type, name string) {
	if t.schemas == nil {
		t.schemas, t.names = map[string]*Schema{}, map[reflect.Type]string{}
	}
	if t.schemas[name] != nil || t.names[of] != "" {
		panic(fmt.Sprintf("openapi: the schema %s or its type %v is there twice", name, of))
	}
	if of != nil {
		t.names[of] = name
	}
}

func (t *Types) object(of reflect.Type, name, text string, notes Notes, sent bool) {
	t.claim(of, name)
	s := &Schema{Type: "object", Description: text}
	t.schemas[name] = s // before its fields, which may refer to it
	if sent {
		s.AdditionalProperties = Closed{}
	}
	unused := len(notes)
	for _, field := range reflect.VisibleFields(of) {
		jsonName, option, _ := strings.Cut(field.Tag.Get("json"), ",")
		if field.Anonymous || !field.IsExported() || jsonName == "-" {
			continue
		}
		if jsonName == "" {
			panic(fmt.Sprintf("openapi: the field %s of %s has no name in JSON", field.Name, of))
		}
		note, noted := notes[jsonName]
		if noted {
			unused--
		}
		value := note.Schema
		if value == nil {
			value = t.of(field.Type)
		}
		if named := t.schemas[value.RefersTo()]; sent && !note.Must && (named == nil || !named.takesNull()) {
			value = OrNull(value)
		}
		if note.Text != "" {
			described := *value
			described.Description = note.Text
			value = &described
		}
		s.Properties = append(s.Properties, Property{jsonName, value})
		promoted := len(field.Index) > 1 && of.Field(field.Index[0]).Type.Kind() == reflect.Pointer // and is not there where that is nil
		if note.Must || !sent && !promoted && option != "omitempty" && option != "omitzero" {
			s.Required = append(s.Required, jsonName)
		}
	}
	if unused > 0 {
		panic(fmt.Sprintf("openapi: a note of %s is of no field of %s", name, of))
	}
}

// Of is the schema of the values of v's type.
func (t *Types) Of(v any) *Schema { return t.of(reflect.TypeOf(v)) }

func (t *Types) of(of reflect.Type) *Schema {
	if name := t.names[of]; name != "" {
		return SchemaAt(name)
	}
	switch of.Kind() {
	case reflect.Pointer:
		return OrNull(t.of(of.Elem()))
	case reflect.Slice:
		return ListOf(t.of(of.Elem()))
	case reflect.Map:
		return MapOf(t.of(of.Key()), t.of(of.Elem()))
	case reflect.String:
		return &Schema{Type: "string"}
	case reflect.Bool:
		return &Schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return &Schema{Type: "integer"}
	default:
		panic(fmt.Sprintf("openapi: %s has no schema; name it before it is used", of))
	}
}
