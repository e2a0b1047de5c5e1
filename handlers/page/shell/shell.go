// Package shell is what all pages share: what stands around their content, how they are drawn,
// and how a form that was refused goes back to its sender.
package shell

import (
	"net/http"
	"net/url"

	"dailyroster/handlers/web"
	"dailyroster/views"
)

// Shell is what a page stands in.
type Shell struct {
	*web.Gate
	Files views.Assets // the URLs of the files that pages need
}

// SiteOf is the address at which the browser reached this site: as the browser says when it
// sends a form or, if it does not, as the proxy says.
func SiteOf(r *http.Request) *url.URL {
	if origin, err := url.Parse(r.Header.Get("Origin")); err == nil && origin.Host == r.Host && (origin.Scheme == "https" || origin.Scheme == "http") {
		return &url.URL{Scheme: origin.Scheme, Host: origin.Host}
	}
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		return &url.URL{Scheme: "https", Host: r.Host}
	}
	return &url.URL{Scheme: "http", Host: r.Host}
}
