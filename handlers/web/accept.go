package web

import (
	"net/http"
	"strings"

	"github.com/elnormous/contenttype"
)

// Prefers reports whether the caller prefers a type to the usual one (RFC 9110, section
// 12.5.1). A caller without an Accept header, or with one that makes no sense, does not.
func Prefers(r *http.Request, kind, usual string) bool {
	accepted := r.Header.Values("Accept")
	if len(accepted) == 0 || len(accepted) == 1 && (accepted[0] == "*/*" || accepted[0] == usual) {
		return false // as nearly all do
	}
	var offered []contenttype.MediaType
	for _, name := range []string{usual, kind} {
		// A caller that asks for UTF-8 gets the same type.
		offered = append(offered, contenttype.NewMediaType(name), contenttype.NewMediaType(name+"; charset=utf-8"))
	}
	chosen, _, err := contenttype.GetAcceptableMediaTypeFromHeader(strings.Join(accepted, ", "), offered)
	return err == nil && chosen.MIME() == kind
}
