package fetch

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPage(t *testing.T) {
	reached := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached++ }))
	defer elsewhere.Close()
	wiki := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch r.URL.Path {
		case "/rota":
			_, _ = io.WriteString(w, "<table>")
		case "/moved":
			http.Redirect(w, r, "/rota", http.StatusFound)
		case "/away":
			http.Redirect(w, r, elsewhere.URL+"/latest/meta-data", http.StatusFound)
		case "/file":
			http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/picture":
			w.Header().Set("Content-Type", "image/png")
		case "/large":
			_, _ = io.WriteString(w, strings.Repeat("x", MaxPage+1))
		case "/headers":
			if r.Header.Get("Cookie")+r.Header.Get("Authorization") != "" {
				t.Error("credentials were sent")
			}
		default:
			http.NotFound(w, r)
		}
	}))
	defer wiki.Close()
	host := strings.TrimPrefix(wiki.URL, "http://")
	f, err := New([]string{" " + host + " ", ""})
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/rota", "/moved", "/rota#top"} {
		if got, err := f.Page(t.Context(), wiki.URL+path); err != nil || string(got) != "<table>" {
			t.Errorf("%s: got %q, %v, want the page", path, got, err)
		}
	}
	for address, want := range map[string]string{
		wiki.URL + "/away":              "another site",
		wiki.URL + "/file":              "another site",
		wiki.URL + "/round":             "redirected too often",
		wiki.URL + "/picture":           "image/png",
		wiki.URL + "/large":             "more than 2 MB",
		wiki.URL + "/none":              "404",
		elsewhere.URL:                   "not fetched here",
		"http://169.254.169.254/latest": "not fetched here",
		"http://u:p@" + host + "/rota":  "password",
		"file:///etc/passwd":            "not the address",
		"ftp://" + host:                 "not the address",
		"//" + host:                     "not the address",
		"http://" + host + "@127.0.0.1": "password",
		"":                              "not the address",
		"http://[::1":                   "not the address",
	} {
		if got, err := f.Page(t.Context(), address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %q, %v, want a refusal with %q", address, got, err, want)
		}
	}
	if reached > 0 {
		t.Errorf("a host that is not named was asked %d times", reached)
	}
	none, err := New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Page(t.Context(), wiki.URL+"/rota"); err == nil {
		t.Error("without hosts: got nil, want a refusal")
	}
	for _, bad := range []string{"https://wiki", "*.example.org", "wiki/x", "u@wiki", "a b"} {
		if _, err := New([]string{bad}); err == nil {
			t.Errorf("the host %q: got nil, want a refusal", bad)
		}
	}
}
