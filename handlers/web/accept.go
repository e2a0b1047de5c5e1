package web

import (
	"net/http"
	"strings"

	"github.com/elnormous/contenttype"
)

// Prefers reports whether the caller prefers a type to the usual one, see Preferred.
func Prefers(r *http.Request, kind, usual string) bool { return Preferred(r, usual, kind) == kind }

// Preferred is the type that the caller prefers (RFC 9110, section 12.5.1): the usual one for
// a caller without an Accept header, or with one that makes no sense.
func Preferred(r *http.Request, usual string, others ...string) string {
	accepted := r.Header.Values("Accept")
	if len(accepted) == 0 || len(accepted) == 1 && (accepted[0] == "*/*" || accepted[0] == usual) {
		return usual // as nearly all do
	}
	var offered []contenttype.MediaType
	for _, name := range append([]string{usual}, others...) {
		// A caller that asks for UTF-8 gets the same type.
		offered = append(offered, contenttype.NewMediaType(name), contenttype.NewMediaType(name+"; charset=utf-8"))
	}
	chosen, _, err := contenttype.GetAcceptableMediaTypeFromHeader(strings.Join(accepted, ", "), offered)
	if err != nil {
		return usual
	}
	return chosen.MIME()
}
