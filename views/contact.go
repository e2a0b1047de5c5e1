package views

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"dailyroster/roster"
	"dailyroster/words"
)

// Contact is how somebody is reached, as far as that is known and the reader may know it.
type Contact struct {
	Name string
	Dial string // the phone number, see roster.Person.Dials
	Mail string
	Chat string // a link to them in the chat
}

// Contacts tell how to reach a person; nil tells of nobody.
type Contacts func(roster.PersonID) Contact

// of is how to reach the person.
func (c Contacts) of(id roster.PersonID) Contact {
	if c == nil || id == "" {
		return Contact{}
	}
	return c(id)
}

// way is a link that reaches a person.
type way struct{ href, text string }

func (c Contact) ways(ctx context.Context) []way {
	var ways []way
	if c.Dial != "" {
		ways = append(ways, way{"tel:" + c.Dial, words.T(ctx, "Call")}, way{"sms:" + c.Dial, words.T(ctx, "Text")})
	}
	if c.Mail != "" {
		ways = append(ways, way{"mailto:" + url.PathEscape(c.Mail), words.T(ctx, "Mail")})
	}
	if c.Chat != "" {
		ways = append(ways, way{c.Chat, words.T(ctx, "Chat")})
	}
	return ways
}

// reach links to all ways to reach a person. Screen readers read out whom: "Call Ana Ruiz".
func reach(c Contact) templ.Component {
	return drawn(func(ctx context.Context, m *markup) { m.reach(c, c.ways(ctx)) })
}

// reachByPhone links to the way that is fastest.
func reachByPhone(c Contact) templ.Component {
	return drawn(func(ctx context.Context, m *markup) {
		if c.Dial != "" {
			m.reach(c, c.ways(ctx)[:1])
		}
	})
}

func (m *markup) reach(c Contact, ways []way) {
	if len(ways) == 0 {
		return
	}
	m.raw(`<span class="reach">`)
	for _, w := range ways {
		m.raw(`<a href="`)
		m.text(w.href)
		m.raw(`">`, w.text, `<span class="unseen"> `)
		m.text(c.Name)
		m.raw(`</span></a> `)
	}
	m.raw(`</span>`)
}
