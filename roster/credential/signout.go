package credential

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// SignOutID says whose sessions are over: those of somebody whom the sign-in calls so, see
// SubjectSignOut, or has that email, see EmailSignOut.
type SignOutID string

// SubjectSignOut is of whom the sign-in calls so.
func SubjectSignOut(subject string) SignOutID { return SignOutID(subjectPart + subject) }

// EmailSignOut is of who has the verified email, in upper or lower case.
func EmailSignOut(email string) SignOutID { return SignOutID(emailPart + strings.ToLower(email)) }

const (
	subjectPart = "subject:"
	emailPart   = "email:"
	// maxSignOut is the most bytes of a SignOutID.
	maxSignOut = 400
)

// ParseSignOutID checks that s is a SignOutID.
func ParseSignOutID(s string) (SignOutID, error) {
	kind, who, _ := strings.Cut(s, ":")
	if kind += ":"; kind != subjectPart && kind != emailPart || who == "" || len(s) > maxSignOut || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return "", said.New("not the name of somebody who signs in")
	}
	return SignOutID(s), nil
}

// SignOut ends sessions on all browsers: those that began at Before or earlier.
type SignOut struct {
	ID     SignOutID `json:"id"`
	Before time.Time `json:"before"`
	// Actor and ActorID are those of who wanted it, see roster.Actor.
	Actor    string          `json:"actor"`
	ActorID  string          `json:"actorId,omitempty"`
	Revision roster.Revision `json:"revision"`
}
