package handlers_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The Go client is made from the description of the API, in the older form that its generator
// reads well: version 3.0 of OpenAPI, without examples, and without the answers that are errors,
// which all are problems. After a change of the API:
//
//	go test ./handlers -run TestClientDescription -update && go tool task client
func TestClientDescription(t *testing.T) {
	var described map[string]any
	newSite(t).send(t, "GET", "/api/v1/openapi.json", "").want(http.StatusOK).json(&described)
	var got bytes.Buffer
	out := json.NewEncoder(&got)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	if err := out.Encode(forClient(t, described)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("..", "client", "openapi.json")
	if *update {
		if err := os.WriteFile(name, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if kept, err := os.ReadFile(name); err != nil || !bytes.Equal(kept, got.Bytes()) {
		t.Errorf("client/openapi.json is not the API's description (%v): go test ./handlers -run TestClientDescription -update && go tool task client", err)
	}
}

// object is a value of JSON that is one.
func object(t *testing.T, value any) map[string]any {
	t.Helper()
	o, ok := value.(map[string]any)
	if !ok {
		t.Fatalf("got %v, want an object", value)
	}
	return o
}

// forClient is a description as the client's generator reads it.
func forClient(t *testing.T, described map[string]any) map[string]any {
	t.Helper()
	d := object(t, as30(described))
	d["openapi"] = "3.0.3"
	info := object(t, d["info"])
	delete(info, "summary")
	info["version"], info["license"] = "1", map[string]any{"name": "MIT"}
	for _, path := range object(t, d["paths"]) {
		for _, operation := range object(t, path) {
			answers := object(t, object(t, operation)["responses"])
			for status, answer := range answers {
				if !strings.HasPrefix(status, "2") {
					delete(answers, status)
					continue
				}
				delete(object(t, answer), "headers")
			}
		}
	}
	return d
}

// as30 turns a part of a description of version 3.1 into one of 3.0, which has no type null and no
// constants.
func as30(part any) any {
	switch part := part.(type) {
	case []any:
		all := make([]any, len(part))
		for i := range part {
			all[i] = as30(part[i])
		}
		return all
	case map[string]any:
		return schema30(part)
	}
	return part
}

func schema30(part map[string]any) map[string]any {
	made := map[string]any{}
	for name, value := range part {
		if name != "examples" && name != "example" {
			made[name] = as30(value)
		}
	}
	if types, ok := made["type"].([]any); ok {
		rest := slices.DeleteFunc(types, func(v any) bool { return v == "null" })
		if len(rest) < len(types) {
			made["nullable"] = true
		}
		made["type"] = "object"
		if len(rest) > 0 {
			made["type"] = rest[0]
		}
	}
	if all, ok := made["oneOf"].([]any); ok {
		rest := slices.DeleteFunc(slices.Clone(all), isNull)
		if len(rest) < len(all) {
			made["nullable"] = true
		}
		made["oneOf"] = rest
		if len(rest) == 1 {
			delete(made, "oneOf")
			only, _ := rest[0].(map[string]any)
			if _, refers := only["$ref"]; refers {
				made["allOf"] = rest
			} else {
				for name, value := range only {
					if _, there := made[name]; !there {
						made[name] = value
					}
				}
			}
		}
	}
	if value, ok := made["const"]; ok {
		delete(made, "const")
		made["enum"] = []any{value}
	}
	return made
}

// isNull reports whether a schema is that of null alone.
func isNull(schema any) bool {
	s, _ := schema.(map[string]any)
	return len(s) == 1 && s["type"] == "null"
}
