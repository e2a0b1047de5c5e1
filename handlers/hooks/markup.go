package hooks

import "strings"

// words are a text for a chat. What people wrote in it is apart from what this site says.
type words []word

type word struct {
	text    string
	foreign bool // people wrote it: a chat shall not take it for markup
}

func sentence(text string) words { return words{{text: text}} }

// say adds parts; every other one, from the second on, is what people wrote.
func (w *words) say(parts ...string) {
	for i, part := range parts {
		*w = append(*w, word{part, i%2 == 1})
	}
}

// in is the text in the markup of a chat.
func (w words) in(escape func(string) string) string {
	var b strings.Builder
	for _, one := range w {
		if one.foreign {
			one.text = escape(one.text)
		}
		b.WriteString(one.text)
	}
	return b.String()
}

// slackMarkup escapes what Slack takes for links, mentions and entities. It knows no sign that
// takes away the meaning of * and _: these can only make a name bold.
func slackMarkup(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// mattermostMarkup escapes Markdown, and mentions.
func mattermostMarkup(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_{}[]()<>#+-.!|~:&@", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
