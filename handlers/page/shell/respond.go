package shell

import (
	"bytes"
	"context"
	"net/http"

	"github.com/a-h/templ"
)

// WantsFragment reports whether htmx asks for a part of a page. To restore a page from the
// browser's history, it wants the whole page.
func WantsFragment(r *http.Request) bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-History-Restore-Request") != "true"
}

// Render draws the components, one after the other, and only then writes the status. It also
// draws for a request whose time is over: templ draws nothing for a context that has ended,
// and an error without a message would look like success.
func Render(w http.ResponseWriter, r *http.Request, status int, components ...templ.Component) error {
	var body bytes.Buffer
	ctx := context.WithoutCancel(r.Context())
	for _, c := range components {
		if err := c.Render(ctx, &body); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Add("Vary", "HX-Request")
	w.Header().Add("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // a browser that went away is no one's error
	return nil
}
