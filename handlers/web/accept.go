package web

import (
	"net/http"
	"strings"

	"github.com/elnormous/contenttype"
)

// Prefers reports whether the caller wants a type more than the usual one (RFC 9110,
// section 12.5.1). Who has no wish, or none that is understood, does not.
func Prefers(r *http.Request, kind, usual string) bool {
	var offered []contenttype.MediaType
	for _, name := range []string{usual, kind} {
		// Whoever asks for UTF-8 means no other.
		offered = append(offered, contenttype.NewMediaType(name), contenttype.NewMediaType(name+"; charset=utf-8"))
	}
	chosen, _, err := contenttype.GetAcceptableMediaTypeFromHeader(strings.Join(r.Header.Values("Accept"), ", "), offered)
	return err == nil && chosen.MIME() == kind
}
