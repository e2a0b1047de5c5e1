package openapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// Schema is a schema of JSON Schema 2020-12, as far as it is used here.
type Schema struct {
	Ref         string `json:"$ref,omitempty"`
	Type        any    `json:"type,omitempty"` // a name or a list of names
	Description string `json:"description,omitempty"`
	Format      string `json:"format,omitempty"`
	Pattern     string `json:"pattern,omitempty"`
	Enum        []any  `json:"enum,omitempty"`
	Const       any    `json:"const,omitempty"`
	Default     any    `json:"default,omitempty"`

	MinLength int  `json:"minLength,omitempty"`
	MaxLength int  `json:"maxLength,omitempty"`
	Minimum   *int `json:"minimum,omitempty"`
	Maximum   *int `json:"maximum,omitempty"`

	Items       *Schema `json:"items,omitempty"`
	MinItems    int     `json:"minItems,omitempty"`
	MaxItems    int     `json:"maxItems,omitempty"`
	UniqueItems bool    `json:"uniqueItems,omitempty"`

	Properties           Properties `json:"properties,omitempty"`
	Required             []string   `json:"required,omitempty"`
	AdditionalProperties any        `json:"additionalProperties,omitempty"` // a *Schema, or Closed
	PropertyNames        *Schema    `json:"propertyNames,omitempty"`

	OneOf []*Schema `json:"oneOf,omitempty"`
	AnyOf []*Schema `json:"anyOf,omitempty"`
	AllOf []*Schema `json:"allOf,omitempty"`

	Examples []any `json:"examples,omitempty"`
}

// Closed, as AdditionalProperties, says that an object has none but its own.
type Closed struct{}

// MarshalJSON makes false.
func (Closed) MarshalJSON() ([]byte, error) { return []byte("false"), nil }

// Property is a field of an object.
type Property struct {
	Name   string
	Schema *Schema
}

// Properties are the fields of an object. They keep their order, which people read.
type Properties []Property

// MarshalJSON makes an object of the properties.
func (p Properties) MarshalJSON() ([]byte, error) {
	var out bytes.Buffer
	out.WriteByte('{')
	for i, property := range p {
		if i > 0 {
			out.WriteByte(',')
		}
		name, err := json.Marshal(property.Name)
		if err != nil {
			return nil, err
		}
		schema, err := json.Marshal(property.Schema)
		if err != nil {
			return nil, err
		}
		out.Write(name)
		out.WriteByte(':')
		out.Write(schema)
	}
	out.WriteByte('}')
	return out.Bytes(), nil
}

// SchemaAt refers to the schema of that name.
func SchemaAt(name string) *Schema { return &Schema{Ref: schemasAt + name} }

// RefersTo is the name of the schema that s refers to, "" if it does not.
func (s *Schema) RefersTo() string { return strings.TrimPrefix(s.Ref, schemasAt) }

// OrNull is what is either of the schema or null.
func OrNull(s *Schema) *Schema {
	if s.takesNull() {
		return s
	}
	if kind, ok := s.Type.(string); ok && s.Enum == nil && s.Const == nil {
		either := *s
		either.Type = []string{kind, "null"}
		return &either
	}
	return &Schema{OneOf: []*Schema{s, {Type: "null"}}}
}

// takesNull reports whether null is of the schema already. To say so twice would refuse it:
// of OneOf exactly one must fit.
func (s *Schema) takesNull() bool {
	null := func(s *Schema) bool { return s.Type == "null" }
	kinds, several := s.Type.([]string)
	return several && slices.Contains(kinds, "null") || slices.ContainsFunc(s.OneOf, null) || s.takesAnything()
}

func (s *Schema) takesAnything() bool {
	bare := *s
	bare.Description = ""
	return reflect.ValueOf(bare).IsZero()
}

// MapOf is an object with any names that fit, each with a value of the schema.
func MapOf(names, values *Schema) *Schema {
	return &Schema{Type: "object", PropertyNames: names, AdditionalProperties: values}
}

// ListOf is a list of what is of the schema.
func ListOf(items *Schema) *Schema { return &Schema{Type: "array", Items: items} }
