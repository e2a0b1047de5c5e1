package roster

import (
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"dailyroster/words/said"
)

// MaxName is the most characters (Unicode code points) in a name.
const MaxName = 80

// Person is someone who can be on call.
type Person struct {
	ID    PersonID `json:"id"`
	Name  string   `json:"name"`
	Email string   `json:"email"` // optional, one address (RFC 5322 addr-spec)
	Phone string   `json:"phone"` // optional, as people write it
	// Chat is optional: the handle by which the site's chat knows them.
	Chat string `json:"chat,omitempty"`
	Zone Zone   `json:"zone"` // optional, where the person lives
	// Active people are suggested and may be newly assigned.
	Active bool `json:"active"`
	// InactiveFrom is the first day on which an active person is no longer active; the
	// zero Date is none.
	InactiveFrom Date `json:"inactiveFrom,omitzero"`
	// Absences are in order of their first days; they may overlap.
	Absences []Absence `json:"absences,omitempty"`
	// Notices are which notices the person wants.
	Notices NoticeWishes `json:"notices,omitzero"`
	// Removed people are kept so that the past stays readable; they are listed nowhere.
	Removed  bool     `json:"removed,omitempty"`
	Revision Revision `json:"revision"`
}

// ActiveOn reports whether the person may be newly assigned to day d.
func (p *Person) ActiveOn(d Date) bool {
	return p.Active && !p.Removed && (p.InactiveFrom.IsZero() || d.Before(p.InactiveFrom))
}

// ParseName tidies a name (NFC, single spaces) and refuses what nobody could
// read: nothing visible, control characters, text direction overrides, more than
// MaxName characters. Any script is welcome.
func ParseName(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", said.New("the name is not valid UTF-8 text")
	}
	name := strings.Join(strings.Fields(norm.NFC.String(s)), " ")
	if name == "" {
		return "", said.New("the name is empty")
	}
	visible := false
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return "", said.New("the name has control characters")
		}
		visible = visible || unicode.In(r, unicode.L, unicode.N, unicode.S, unicode.P) && !blank(r)
	}
	if !visible {
		return "", said.New("the name has no visible character")
	}
	if n := utf8.RuneCountInString(name); n > MaxName {
		return "", said.New("the name has %d characters; at most %d fit", n, MaxName)
	}
	return name, nil
}

// blank reports whether r is a letter or symbol that shows nothing: a Hangul
// filler or the Braille cell without dots.
func blank(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u2800', '\u3164', '\uffa0':
		return true
	}
	return false
}

// FoldName is the form in which names are compared: two names that fold to the
// same text are one name.
func FoldName(name string) string {
	if ascii(name) { // most names: the same, without the tables
		return strings.ToLower(strings.Join(strings.Fields(name), " "))
	}
	return norm.NFC.String(cases.Fold().String(strings.Join(strings.Fields(norm.NFC.String(name)), " ")))
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var phonePattern = regexp.MustCompile(`^\+?\(?[0-9][0-9 ()./-]{1,38}[0-9]$`)

// MaxChat is the most characters of a chat handle.
const MaxChat = 80

var chatPattern = regexp.MustCompile(`^[\pL\pM\pN@._+:~=-]{1,` + strconv.Itoa(MaxChat) + `}$`)

// Dials is the phone number as a telephone takes it: digits, perhaps after a +. The (0) of an
// international number is dialled only within its country.
func (p *Person) Dials() string {
	phone, plus := p.Phone, ""
	if strings.HasPrefix(phone, "+") {
		phone, plus = strings.Replace(phone, "(0)", "", 1), "+"
	}
	return plus + strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}

// Validate checks the fields, tidies names and puts the absences in order. It does not change
// a list of absences that the person shares with a copy. What it returns is a FieldErrors or nil.
func (p *Person) Validate() error {
	var errs FieldErrors
	p.Absences = slices.Clone(p.Absences)
	if _, err := ParsePersonID(string(p.ID)); err != nil {
		errs.Add("id", err)
	}
	if name, err := ParseName(p.Name); err != nil {
		errs.Add("name", err)
	} else {
		p.Name = name
	}
	if p.Email != "" {
		if err := CheckEmail(p.Email); err != nil {
			errs.Add("email", err)
		}
	}
	if p.Phone != "" && !phonePattern.MatchString(p.Phone) {
		errs.Add("phone", said.New("%q is not a phone number; use digits, spaces and + ( ) . / -", Clip(p.Phone)))
	}
	p.Notices.validate(&errs)
	if p.Chat != "" && !chatPattern.MatchString(p.Chat) {
		errs.Add("chat", said.New("%q is not a chat handle; use at most %d letters, digits and @ . _ + : ~ = -", Clip(p.Chat), MaxChat))
	}
	p.validateAbsences(&errs)
	if len(errs) == 0 {
		p.validateSize(&errs)
	}
	return errs.Err()
}

// CheckEmail refuses what is not one email address (RFC 5322 addr-spec) of at most 254 bytes.
func CheckEmail(s string) error {
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s || len(s) > 254 {
		return said.New("%q is not an email address", Clip(s))
	}
	return nil
}
