// Package signin finds out who sends a request: a proxy in front says so (Proxy), or the
// person comes back from an OpenID provider and is remembered in a cookie (OIDC). What
// a person may do is not decided here.
package signin

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Identity is a person as a provider or a proxy knows them.
type Identity struct {
	// Subject is their identifier there: it never changes, and nobody else has it.
	Subject string `json:"s"`
	Name    string `json:"n,omitempty"` // for people to read; "" is not known
	// Email is an address that is known to be theirs; "" if there is none.
	Email  string   `json:"e,omitempty"`
	Groups []string `json:"g,omitempty"`
}

// Is reports whether an entry of a list means the person. One with an @ is an email, in
// upper or lower case, and never what a provider or a proxy calls somebody: where people
// choose that themselves, they could choose the address of an admin. Any other entry is a
// subject.
func (i Identity) Is(entry string) bool {
	if strings.Contains(entry, "@") {
		return strings.EqualFold(entry, i.Email)
	}
	return entry != "" && entry == i.Subject
}

// Method is a way to find out who sends a request. It is safe for use by many goroutines.
type Method interface {
	// Who gives the person; false where nobody is signed in.
	Who(r *http.Request) (Identity, bool)
}

// Door is a Method with a page of its own: people sign in and out on this site.
type Door interface {
	Method
	// Begin sends the browser to where the person signs in. The person is to come back to
	// the path on this site.
	Begin(w http.ResponseWriter, r *http.Request, back string) error
	// Finish reads what the browser comes back with, keeps the person in the answer's
	// cookies, and gives the path to continue at. matters says which groups to keep if
	// there are too many to keep all. Errors are ErrInterrupted, a *RefusedError, or an
	// *UnreachableError.
	Finish(w http.ResponseWriter, r *http.Request, matters func(group string) bool) (Identity, string, error)
	// End forgets who the browser's person is.
	End(w http.ResponseWriter)
}

// Back is a path of this site to come back to: the text if it is one, else "/".
func Back(text string) string {
	strange := func(r rune) bool { return r == '\\' || unicode.IsControl(r) }
	if !strings.HasPrefix(text, "/") || strings.HasPrefix(text, "//") || len(text) > maxBack || strings.ContainsFunc(text, strange) {
		return "/"
	}
	return text
}

// maxBack is the longest path that is kept; it travels in a cookie.
const maxBack = 1000

// readable reports whether a text can stand in a log and on a page: not empty, not too
// long, and without control characters.
func readable(text string) bool {
	return text != "" && len(text) <= maxText && utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

// maxText is the most bytes in a name, an address or a group.
const maxText = 300
