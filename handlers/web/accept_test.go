package web_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"dailyroster/handlers/web"
)

// TestPrefers tries which of two types a caller prefers; without a wish it is the usual one.
func TestPrefers(t *testing.T) {
	const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
	for accept, want := range map[string]struct{ text, page bool }{
		"":                                 {false, false},
		"*/*":                              {false, false},
		"text/plain":                       {true, false},
		"text/plain; charset=UTF-8":        {true, false},
		"Text/Plain, */*":                  {true, false},
		"*/*, text/plain":                  {false, false},
		"text/plain;q=1, */*;q=0.1":        {true, false},
		"application/json, text/plain":     {false, false},
		"text/plain, application/json":     {true, false},
		"application/json;q=0.5,text/*":    {true, true},
		"text/plain;q=0.5,*/*;q=0.9":       {false, false},
		"text/plain;q=0":                   {false, false},
		"text/plain;q=0, text/html;q=0.1":  {false, true},
		"text/html":                        {false, true},
		"application/json;q=0.9,text/html": {false, true},
		"image/png":                        {false, false},
		"text/event-stream":                {false, false},
		"text/html;q=2":                    {false, false},
		"plain, text":                      {false, false},
		browser:                            {false, true},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		r.Header.Set("Accept", accept)
		if text, page := web.Prefers(r, "text/plain", "application/json"), web.Prefers(r, "text/html", "application/json"); text != want.text || page != want.page {
			t.Errorf("Accept: %s: got text %t and page %t, want %t and %t", accept, text, page, want.text, want.page)
		}
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	if web.Prefers(r, "text/plain", "application/json") {
		t.Error("without Accept: got text, want JSON")
	}
	r.Header["Accept"] = []string{"image/png", "text/plain"}
	if !web.Prefers(r, "text/plain", "application/json") {
		t.Error("of two headers: got JSON, want the text of the second")
	}
}
