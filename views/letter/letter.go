// Package letter is what a notice looks like: the same words as plain text and as HTML.
package letter

import (
	"context"
	"strings"
)

// Letter is what a notice says.
type Letter struct {
	Subject string
	// Late says that the notice comes late; "" where it does not.
	Late string
	// Text are paragraphs.
	Text  []string
	Facts []Fact
	Lists []List
	// Link is a URL to more, and LinkText what it is called; "" for none.
	Link, LinkText string
	// Unsubscribe is the URL by which to get no such notices; "" for none.
	Unsubscribe string
}

// Fact is a name and its value.
type Fact struct{ Name, Value string }

// List is a heading with what belongs to it. Empty says it where that is nothing.
type List struct {
	Heading, Empty string
	Items          []string
}

// Plain is the letter as plain text, for email and chats.
func (l *Letter) Plain() string {
	var b strings.Builder
	part := func(lines ...string) {
		if len(lines) == 0 || lines[0] == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		for _, line := range lines {
			b.WriteString(line + "\n")
		}
	}
	part(l.Late)
	for _, text := range l.Text {
		part(text)
	}
	facts := make([]string, len(l.Facts))
	for i, f := range l.Facts {
		facts[i] = f.Name + ": " + f.Value
	}
	part(facts...)
	for _, list := range l.Lists {
		lines := []string{list.Heading + ":"}
		for _, item := range list.Items {
			lines = append(lines, "- "+item)
		}
		if len(list.Items) == 0 {
			lines = append(lines, list.Empty)
		}
		part(lines...)
	}
	if l.Link != "" {
		part(l.LinkText + ": " + l.Link)
	}
	if l.Unsubscribe != "" {
		part("No more notices of this kind: " + l.Unsubscribe)
	}
	return b.String()
}

// HTML is the letter as a page for a mail program.
func (l *Letter) HTML(ctx context.Context) (string, error) {
	var b strings.Builder
	err := page(l).Render(ctx, &b)
	return b.String(), err
}
