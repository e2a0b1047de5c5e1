package views

import (
	"context"
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/a-h/templ"

	"dailyroster/roster"
)

type iconsKey struct{}

// WithIcons is the context of a request whose answer takes its icons from a URL.
func WithIcons(ctx context.Context, url string) context.Context {
	return context.WithValue(ctx, iconsKey{}, url)
}

// icon draws a symbol of assets.Icons, named as in assets/icons.txt. It is decoration: what it
// means stands beside it, or is read out.
func icon(name string) templ.Component {
	return drawn(func(ctx context.Context, m *markup) { m.icon(ctx, name) })
}

func (m *markup) icon(ctx context.Context, name string) {
	url, _ := ctx.Value(iconsKey{}).(string)
	m.raw(`<svg class="icon" aria-hidden="true" focusable="false"><use href="`, url, `#`, name, `"></use></svg>`)
}

// face is a person's initials on their colour. It stands beside the name, and is no text that
// could be read out or copied.
func face(id roster.PersonID, name string) templ.Component {
	return drawn(func(_ context.Context, m *markup) { m.face(id, name) })
}

func (m *markup) face(id roster.PersonID, name string) {
	m.raw(`<span class="face `, colour(id), `" data-initials="`)
	m.text(initials(name))
	m.raw(`"></span>`)
}

// initials are the first letters of a name's first and last word, in capitals.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
	if len(words) == 0 {
		return "?"
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	if len(words) == 1 {
		return string(unicode.ToUpper(first))
	}
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return string(unicode.ToUpper(first)) + string(unicode.ToUpper(last))
}

// hueOf is which of the style sheet's hues an id has. It depends only on the id, so it stays
// the same when other people come and go.
func hueOf(id string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id)) // a hash never fails to take
	return int(h.Sum32() % colours)
}
