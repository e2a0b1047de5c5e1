package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"dailyroster/handlers/api"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/views"
	"dailyroster/words"
)

// apiPage answers GET /api: the description of the API for people.
func (s *Site) apiPage(w http.ResponseWriter, r *http.Request) error {
	return shell.Render(w, r, http.StatusOK, views.APIPage(s.Frame(r, words.T(r.Context(), "API"), nil), reader{s.API.Described()}.view(shell.SiteOf(r).String())))
}

// reader draws a description.
type reader struct{ *api.Description }

func (d reader) view(address string) views.API {
	page := views.API{Address: address + web.APIPrefix, File: web.APIPrefix + "/openapi.json", Text: d.Info.Description}
	for _, tag := range d.Tags {
		group := views.APIGroup{Name: tag.Name, Text: tag.Description}
		for _, rt := range d.Routes {
			if o, ok := d.Operations[rt.Method+" "+rt.Path]; ok && o.Tag == tag.Name {
				group.Operations = append(group.Operations, d.operationView(rt, &o))
			}
		}
		page.Groups = append(page.Groups, group)
	}
	for _, kind := range api.ProblemKinds() {
		page.Problems = append(page.Problems, views.APIProblem{Type: api.ProblemType + string(kind.Kind), Status: kind.Status(), Text: kind.Text})
	}
	for name, schema := range d.Components.Schemas {
		page.Types = append(page.Types, d.typeView(name, schema))
	}
	slices.SortFunc(page.Types, func(a, b views.APIType) int { return strings.Compare(a.Name, b.Name) })
	return page
}

func (d reader) operationView(rt web.Route, o *api.Described) views.APIOperation {
	path := api.OpenAPIPath(rt.Path)
	described := d.Paths[path][strings.ToLower(rt.Method)]
	view := views.APIOperation{ID: o.ID, Method: rt.Method, Path: path, Summary: described.Summary, Text: described.Description}
	for _, p := range described.Parameters {
		if p.Ref != "" {
			p = *d.Components.Parameters[p.Ref[strings.LastIndexByte(p.Ref, '/')+1:]]
		}
		if p.Name == web.RequestIDName {
			continue // the text at the top says it once
		}
		view.Parameters = append(view.Parameters, views.APIField{Name: p.Name, In: p.In, Kind: kindOf(p.Schema), Text: p.Description, Must: p.Required})
	}
	if described.RequestBody != nil {
		if content, ok := described.RequestBody.Content[api.JSONType]; ok {
			view.Body = kindOf(content.Schema)
		}
		view.Calendar = o.Calendar
	}
	for _, a := range o.Answers {
		view.Answers = append(view.Answers, d.answerView(described, a))
	}
	if unchanged, ok := described.Responses[strconv.Itoa(http.StatusNotModified)]; ok {
		view.Answers = append(view.Answers, views.APIAnswer{Status: http.StatusNotModified, Text: unchanged.Description})
	}
	view.Refusals = o.Refusals()
	for i, e := range o.Examples {
		if exchanges := d.Exchanges[o.ID]; i < len(exchanges) {
			view.Examples = append(view.Examples, exampleView(rt.Method, &e, &exchanges[i]))
		}
	}
	return view
}

func (d reader) answerView(described *openapi.Operation, a api.Answered) views.APIAnswer {
	r := described.Responses[strconv.Itoa(a.Status)]
	view := views.APIAnswer{Status: a.Status, Text: r.Description, Plain: a.Plain}
	if content, ok := r.Content[api.JSONType]; ok {
		view.Kind = kindOf(content.Schema)
	}
	return view
}

// exampleView is an example as a shell command, and what that prints.
func exampleView(method string, e *api.Example, x *api.Exchange) views.APIExample {
	command := "curl"
	if method != http.MethodGet {
		command += " -X " + method
	}
	command += ` "$api` + x.Fill(e.Target) + `"`
	for i := 0; i+1 < len(e.Header); i += 2 {
		command += " \\\n  -H " + shellQuote(e.Header[i]+": "+x.Fill(e.Header[i+1]))
	}
	switch body := shellQuote(x.Fill(e.Body)); {
	case e.Body == "":
	case strings.HasPrefix(e.Body, "{"):
		command += " \\\n  --json " + body
	default:
		command += " \\\n  -H 'Content-Type: text/calendar' \\\n  --data-binary " + body
	}
	view := views.APIExample{Summary: e.Summary, Command: command, Status: x.Status, Answer: x.Text}
	var indented bytes.Buffer
	if json.Indent(&indented, x.JSON, "", "  ") == nil && x.JSON != nil {
		view.Answer = indented.String()
	}
	return view
}

// shellQuote is a text as one word of a POSIX shell.
func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func (d reader) typeView(name string, s *openapi.Schema) views.APIType {
	view := views.APIType{Name: name, Text: s.Description}
	if len(s.Properties) == 0 {
		bare := *s
		bare.Description = ""
		view.Kind = kindOf(&bare)
	}
	for _, p := range s.Properties {
		text := p.Schema.Description
		if text == "" {
			text = d.meaning(p.Schema)
		}
		view.Fields = append(view.Fields, views.APIField{
			Name: p.Name, Kind: kindOf(p.Schema), Text: text, Must: slices.Contains(s.Required, p.Name),
		})
	}
	return view
}

// meaning is the description of the schema that s refers to, on its own or as one of several.
func (d reader) meaning(s *openapi.Schema) string {
	for _, inner := range append([]*openapi.Schema{s}, s.OneOf...) {
		if known := d.Components.Schemas[inner.RefersTo()]; known != nil {
			return known.Description
		}
	}
	return ""
}

// kindOf says in words which values a schema allows.
func kindOf(s *openapi.Schema) []views.APIKind {
	words := func(format string, args ...any) []views.APIKind {
		return []views.APIKind{{Text: fmt.Sprintf(format, args...)}}
	}
	switch {
	case s.Ref != "":
		return []views.APIKind{{Text: s.RefersTo(), Type: s.RefersTo()}}
	case s.Const != nil:
		return words("%s", constant(s.Const))
	case len(s.OneOf)+len(s.AnyOf) > 0:
		var kind []views.APIKind
		for i, one := range append(slices.Clone(s.OneOf), s.AnyOf...) {
			if i > 0 {
				kind = append(kind, words(" or ")...)
			}
			kind = append(kind, kindOf(one)...)
		}
		return kind
	case len(s.Enum) > 0:
		var all []string
		for _, value := range s.Enum {
			all = append(all, constant(value))
		}
		return words("%s", strings.Join(all, ", "))
	}
	var orNull []views.APIKind
	name, _ := s.Type.(string)
	if names, several := s.Type.([]string); several {
		name, orNull = names[0], words(" or null")
	}
	values, _ := s.AdditionalProperties.(*openapi.Schema)
	var kind []views.APIKind
	switch {
	case name == "":
		kind = words("anything")
	case s.Items != nil:
		kind = append(words("list of "), kindOf(s.Items)...)
	case values != nil && s.PropertyNames != nil:
		kind = append(append(append(words("object of "), kindOf(s.PropertyNames)...), words(": ")...), kindOf(values)...)
	case len(s.Properties) > 0:
		kind = words("{")
		for i, p := range s.Properties {
			if i > 0 {
				kind = append(kind, words(", ")...)
			}
			kind = append(append(kind, words("%s: ", p.Name)...), kindOf(p.Schema)...)
		}
		kind = append(kind, words("}")...)
	case s.Minimum != nil && s.Maximum != nil:
		kind = words("%s, %d to %d", name, *s.Minimum, *s.Maximum)
	case s.Format != "":
		kind = words("%s (%s)", name, s.Format)
	case s.Pattern != "":
		kind = words("%s like %s", name, s.Pattern)
	case s.MaxLength > 0:
		kind = words("%s of at most %d characters", name, s.MaxLength)
	default:
		kind = words("%s", name)
	}
	return append(kind, orNull...)
}

func constant(v any) string {
	if v == "" {
		return "empty"
	}
	return fmt.Sprint(v)
}
