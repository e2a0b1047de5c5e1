// Package openapi writes descriptions of an HTTP API in OpenAPI 3.1
// (https://spec.openapis.org/oas/v3.1.1). It has the objects of that format that this
// program uses, and makes the schemas of JSON values from the Go types that the values are
// written from and read into.
//
// # Why not a library
//
// Two libraries were tried on a part of this API.
//
// github.com/swaggest/openapi-go v0.2.60 reflects types well: texts, patterns and closed
// objects come from tags and hooks, and one hook of twelve lines makes "a reference or
// null" right. But it keeps the fields of an object in a map, so they come out in order of
// the alphabet, and people read them here and on the page /api in the order in which they
// matter. Its schemas in the document are maps without types, from which the page would
// have to be drawn. It would replace this package's 400 lines; the problems that answers
// share, the headers, the recorded examples, and the types of package roster, which have
// no methods for it, still have to be written by hand, as in package api.
//
// github.com/danielgtaylor/huma/v2 v2.37.2 wants to serve the routes itself: it parses,
// validates and refuses, with statuses and texts of its own, where this program has its
// own that clients rely on. Its schemas alone cannot say that a field is an object or
// null, which it refuses with a panic, and they have no const; fields are in a map too.
package openapi

// Version is the version of the format.
const Version = "3.1.1"

// Document is the whole description.
type Document struct {
	OpenAPI    string              `json:"openapi"`
	Info       Info                `json:"info"`
	Servers    []Server            `json:"servers"`
	Tags       []Tag               `json:"tags"`
	Paths      map[string]PathItem `json:"paths"`
	Components Components          `json:"components"`
}

// Info says what is described.
type Info struct {
	Title       string  `json:"title"`
	Summary     string  `json:"summary"`
	Description string  `json:"description"`
	Version     string  `json:"version"`
	License     License `json:"license"`
}

// License is under what the program may be used.
type License struct {
	Name       string `json:"name"`
	Identifier string `json:"identifier"` // of SPDX
}

// Server is where the paths are below.
type Server struct {
	URL         string `json:"url"`
	Description string `json:"description"`
}

// Tag is a group of operations.
type Tag struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

// PathItem is what can be done with a path, by method in lower case.
type PathItem map[string]*Operation

// Operation is one method of one path.
type Operation struct {
	Tags        []string              `json:"tags"`
	Summary     string                `json:"summary"`
	Description string                `json:"description,omitempty"`
	OperationID string                `json:"operationId"`
	Parameters  []Parameter           `json:"parameters,omitempty"`
	RequestBody *Body                 `json:"requestBody,omitempty"`
	Responses   map[string]*Response  `json:"responses"` // by status
	Security    []map[string][]string `json:"security,omitempty"`
}

// Parameter is a part of the path, the query or the header; or, with Ref alone, one of
// the components.
type Parameter struct {
	Ref             string  `json:"$ref,omitempty"`
	Name            string  `json:"name,omitempty"`
	In              string  `json:"in,omitempty"`
	Description     string  `json:"description,omitempty"`
	Required        bool    `json:"required,omitempty"`
	AllowEmptyValue bool    `json:"allowEmptyValue,omitempty"`
	Schema          *Schema `json:"schema,omitempty"`
}

// Body is what a request carries.
type Body struct {
	Required bool                 `json:"required"`
	Content  map[string]MediaType `json:"content"`
}

// MediaType is a body in one of its forms.
type MediaType struct {
	Schema   *Schema            `json:"schema,omitempty"`
	Examples map[string]Example `json:"examples,omitempty"`
}

// Example is a body as it may be.
type Example struct {
	Summary string `json:"summary"`
	Value   any    `json:"value"`
}

// Response is an answer; or, with Ref alone, one of the components.
type Response struct {
	Ref         string               `json:"$ref,omitempty"`
	Description string               `json:"description,omitempty"`
	Headers     map[string]Header    `json:"headers,omitempty"`
	Content     map[string]MediaType `json:"content,omitempty"`
}

// Header is a header of an answer; or, with Ref alone, one of the components.
type Header struct {
	Ref         string  `json:"$ref,omitempty"`
	Description string  `json:"description,omitempty"`
	Required    bool    `json:"required,omitempty"`
	Schema      *Schema `json:"schema,omitempty"`
}

// SecurityScheme is a way to say who asks.
type SecurityScheme struct {
	Type        string `json:"type"`
	Scheme      string `json:"scheme,omitempty"`
	In          string `json:"in,omitempty"`
	Name        string `json:"name,omitempty"`
	Description string `json:"description"`
}

// Components are what others refer to.
type Components struct {
	Schemas         map[string]*Schema        `json:"schemas"`
	Responses       map[string]*Response      `json:"responses,omitempty"`
	Parameters      map[string]*Parameter     `json:"parameters,omitempty"`
	Headers         map[string]*Header        `json:"headers,omitempty"`
	SecuritySchemes map[string]SecurityScheme `json:"securitySchemes,omitempty"`
}

// The places of the components, for what refers to them.
const (
	schemasAt    = "#/components/schemas/"
	responsesAt  = "#/components/responses/"
	parametersAt = "#/components/parameters/"
	headersAt    = "#/components/headers/"
)

// ResponseAt refers to the response of that name.
func ResponseAt(name string) *Response { return &Response{Ref: responsesAt + name} }

// ParameterAt refers to the parameter of that name.
func ParameterAt(name string) Parameter { return Parameter{Ref: parametersAt + name} }

// HeaderAt refers to the header of that name.
func HeaderAt(name string) Header { return Header{Ref: headersAt + name} }
