package notice

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// ID names one notice to one receiver. It is derived from what the notice is about, so that
// every instance of the program finds the same one, and receivers can tell a repeat.
type ID string

// idLength is 128 bits in base32.
const idLength = 26

// NewID derives the id from what the notice is about, in a fixed order, and its receiver.
func NewID(about ...string) ID {
	h := sha256.New()
	for _, part := range about {
		_, _ = fmt.Fprintf(h, "%d:%s", len(part), part) // a hash never fails to take
	}
	return ID(strings.ToLower(base32.StdEncoding.EncodeToString(h.Sum(nil)))[:idLength])
}

// ParseID checks that s is the id of a notice.
func ParseID(s string) (ID, error) {
	if len(s) != idLength || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		return "", said.New("%q is not the id of a notice", roster.Clip(s))
	}
	return ID(s), nil
}

// Key is where the record of a notice is: those of one day are kept together, and of those the
// ones of one team.
type Key struct {
	Day  roster.Date // on which the notice is due, in UTC
	Team roster.TeamID
	ID   ID
}

// DayOf is the day of a notice that is due then.
func DayOf(due time.Time) roster.Date { return roster.DateOf(due.UTC()) }

// UnsubscribePath is where links to get no more notices lead. What follows names the notice, and
// has its secret at the end.
const UnsubscribePath = "/unsubscribe"

// Memory is how many days a record is kept.
const Memory = 30

// State is what came of a notice.
type State string

// The states. A notice that nobody has begun to send has no record.
const (
	StateClaimed State = "claimed" // an instance sends it, until its lease ends
	StateWaiting State = "waiting" // was not taken, and is tried again
	StateSent    State = "sent"    // was taken by the receiver
	StateFailed  State = "failed"  // was not taken for a day, or is not worth another try
	StateDropped State = "dropped" // was not taken before what it is about was over
)

// Final reports whether nothing more happens to the notice.
func (s State) Final() bool { return s == StateSent || s == StateFailed || s == StateDropped }

// Record is what is known of one notice to one receiver. Its text is not kept: it is made
// again from the roster.
type Record struct {
	ID   ID                `json:"id"`
	Day  roster.Date       `json:"day"` // see Key
	Kind roster.NoticeKind `json:"kind"`
	// Team and Person are whom it is about. A notice to a team has no person.
	Team    roster.TeamID   `json:"team,omitempty"`
	Person  roster.PersonID `json:"person,omitempty"`
	Channel ChannelID       `json:"channel,omitempty"` // ByEmail, or the receiver
	To      string          `json:"to"`                // the receiver, as people see it
	Subject string          `json:"subject"`
	Due     time.Time       `json:"due"`
	State   State           `json:"state"`
	// By is the instance that claimed it, and Until when its lease ends.
	By    string    `json:"by,omitempty"`
	Until time.Time `json:"until,omitzero"`
	// Tries counts the attempts; Next is when the next one is due, Error what came of the last.
	Tries int       `json:"tries,omitempty"`
	Next  time.Time `json:"next,omitzero"`
	Error string    `json:"error,omitempty"`
	// Ended is when the state became final.
	Ended time.Time `json:"ended,omitzero"`
	// Acts are the changes that a NoticeChanged tells of.
	Acts []roster.ChangeID `json:"acts,omitempty"`
	// Stop is the secret of the link by which whoever has the email gets no more like it.
	Stop     string          `json:"stop,omitempty"`
	Revision roster.Revision `json:"revision"`
}

// Key is where the record is.
func (r *Record) Key() Key { return Key{r.Day, r.Team, r.ID} }
