// Package notify carries messages out of the house: by email, as signed webhooks, and to chats.
// It knows nothing of rosters. Whoever has something to tell makes a Message and chooses a way.
package notify

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A Message is one notice for one receiver.
type Message struct {
	// ID has 10 to 64 of a-z and 0-9. It is the same each time the notice is sent, so that
	// receivers can tell a repetition: Message-ID and webhook-id are made of it.
	ID          string
	Type        string // of the webhook event, such as "shift.coming"
	Subject     string
	Text        string    // the plain text
	HTML        string    // "" is none
	Calendar    []byte    // an iCalendar file with METHOD:PUBLISH, attached as shift.ics; nil is none
	Unsubscribe string    // an https URL that takes a POST (RFC 8058); "" is none
	Due         time.Time // when what it is about happens: the webhook's timestamp
	Data        any       // what a webhook carries as "data"
}

var goodID = regexp.MustCompile(`^[a-z0-9]{10,64}$`)

// check refuses a message that no way can carry.
func (m *Message) check() error {
	if !goodID.MatchString(m.ID) {
		return &PermanentError{reason: "the message has no ID of 10 to 64 letters and digits"}
	}
	return nil
}

const maxSubject = 200 // bytes

// subject is the subject as one line of a bounded length.
func (m *Message) subject() string { return cut(oneLine(m.Subject), maxSubject) }

// oneLine makes one line of a text, without control characters.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "�"))
	return strings.Join(strings.Fields(text), " ")
}

const longWord = 40 // bytes; a longer one at the end is cut through

// cut shortens a text to so many bytes, at a word if there is one, and marks what is gone with
// an ellipsis.
func cut(text string, most int) string {
	const ellipsis = "…"
	if len(text) <= most {
		return text
	}
	most -= len(ellipsis)
	if most <= 0 {
		return ""
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	short := text[:most]
	if !unicode.IsSpace(first(text[most:])) {
		if at := strings.LastIndexFunc(short, unicode.IsSpace); at > 0 && (at > most/2 || most-at <= longWord) {
			short = short[:at]
		}
	}
	return strings.TrimRightFunc(short, unicode.IsSpace) + ellipsis
}

func first(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}
