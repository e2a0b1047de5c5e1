package web

import (
	"net/http"
	"strings"

	"github.com/elnormous/contenttype"
)

// Prefers reports whether the caller prefers a type to the usual one (RFC 9110, section
// 12.5.1). A caller without an Accept header, or with one that makes no sense, does not.
func Prefers(r *http.Request, kind, usual string) bool {
	var offered []contenttype.MediaType
	for _, name := range []string{usual, kind} {
		// A caller that asks for UTF-8 gets the same type.
		offered = append(offered, contenttype.NewMediaType(name), contenttype.NewMediaType(name+"; charset=utf-8"))
	}
	chosen, _, err := contenttype.GetAcceptableMediaTypeFromHeader(strings.Join(r.Header.Values("Accept"), ", "), offered)
	return err == nil && chosen.MIME() == kind
}
