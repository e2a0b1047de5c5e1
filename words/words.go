// Package words has what pages say, in the languages that they come in. A text is known by its
// English words, which stand where it is used; the file of another language, such as de.json,
// has its own words for each. A further language is a further file.
package words

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"strings"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"

	"dailyroster/words/said"
)

//go:embed *.json
var files embed.FS

// Language is what pages say in one language. It is safe for concurrent use.
type Language struct {
	tag     language.Tag
	printer *message.Printer
	texts   map[string]text
	layouts map[string]string
	names   map[string]string
	week    time.Weekday // the day on which a week begins
}

// text is the words for a text: one for each plural form that the language has, or Other alone.
type text map[plural.Form]string

// file is what the file of a language has.
type file struct {
	// WeekStart is the day on which a week begins, in English; without one it is Monday (ISO 8601).
	WeekStart string `json:"weekStart"`
	// Layouts are the language's own orders for the layouts of dates that are asked for, in
	// the form of package time, without which dates stand in the English order.
	Layouts map[string]string `json:"layouts"`
	// Names are those of days and months, long and short, by their English ones.
	Names map[string]string `json:"names"`
	// Texts are the language's words by the English ones. A text that counts has an object with
	// the plural forms of CLDR: one, few, many, other.
	Texts map[string]json.RawMessage `json:"texts"`
}

var (
	// known are the languages with a file, English first: it is what everybody gets who
	// prefers none of them.
	known   = read()                           //nolint:gochecknoglobals // part of the program, and never changed
	matcher = language.NewMatcher(tags(known)) //nolint:gochecknoglobals // as known
)

// English is the language of whoever asks for no other.
func English() *Language { return known[0] }

// Languages are all that there are, English first.
func Languages() []*Language { return known }

// Pick is the best language for the value of an Accept-Language header (RFC 9110, 12.5.4).
// What cannot be read counts as no wish.
func Pick(accept string) *Language {
	if accept == "" || len(accept) > maxAccept {
		return English()
	}
	wished, _, err := language.ParseAcceptLanguage(accept)
	if err != nil {
		return English()
	}
	for i := range wished {
		if wished[i] == language.English { // and nothing about a country
			wished[i] = worldEnglish
		}
	}
	_, i, confidence := matcher.Match(wished...)
	if confidence == language.No {
		return English()
	}
	return known[i]
}

// worldEnglish is the English of no country, as the English texts are. The plain tag means that
// of the United States (CLDR, likely subtags).
var worldEnglish = language.MustParse("en-001")

// maxAccept is how long a wish may be, in bytes; browsers send less than 100.
const maxAccept = 1000

// Tag is the language's BCP 47 tag, for instance de.
func (l *Language) Tag() string { return l.tag.String() }

// WeekStart is the day on which a week begins.
func (l *Language) WeekStart() time.Weekday { return l.week }

// WeekStart is the day on which a week begins, in the language of the context.
func WeekStart(ctx context.Context) time.Weekday { return Of(ctx).week }

type key struct{}

// With is the context of a request whose answer is in the language.
func With(ctx context.Context, l *Language) context.Context { return context.WithValue(ctx, key{}, l) }

// Of is the language of a context: English, unless With gave another.
func Of(ctx context.Context) *Language {
	if l, ok := ctx.Value(key{}).(*Language); ok {
		return l
	}
	return English()
}

// T is a text in the language of the context. With values, english is a format of package fmt;
// numbers are written as the language does.
func T(ctx context.Context, english string, values ...any) string {
	return Of(ctx).T(english, values...)
}

// T is a text in the language, as the function T gives it.
func (l *Language) T(english string, values ...any) string {
	own := english
	if t, ok := l.texts[english]; ok {
		own = t[plural.Other]
	}
	if len(values) == 0 {
		return own
	}
	if text, ok := withText(own, values); ok {
		return text
	}
	return l.printer.Sprintf(own, values...)
}

// withText puts texts into a format that has them in their order: most formats are like that,
// and stand in each row of a roster. ok is false for any other format.
func withText(format string, values []any) (text string, ok bool) {
	var out strings.Builder
	out.Grow(len(format) + 16*len(values))
	for _, v := range values {
		s, isText := v.(string)
		before, after, found := strings.Cut(format, "%s")
		if !isText || !found || strings.Contains(before, "%") {
			return "", false
		}
		out.WriteString(before)
		out.WriteString(s)
		format = after
	}
	if strings.Contains(format, "%") {
		return "", false
	}
	out.WriteString(format)
	return out.String(), true
}

// N is a text that counts, in the language of the context: one or many, whichever English says
// of n things. The values are n alone, unless others are given. The text is known by many.
func N(ctx context.Context, n int, one, many string, values ...any) string {
	return Of(ctx).N(n, one, many, values...)
}

// N is a text that counts in the language, as the function N gives it.
func (l *Language) N(n int, one, many string, values ...any) string {
	form := plural.Cardinal.MatchPlural(l.tag, n, 0, 0, 0, 0)
	own := many
	if t, ok := l.texts[many]; ok {
		if own, ok = t[form]; !ok {
			own = t[plural.Other]
		}
	} else if form == plural.One {
		own = one
	}
	if len(values) == 0 {
		values = []any{n}
	}
	if !strings.Contains(own, "%") {
		return own // such as "one day", which does not say its number
	}
	return l.printer.Sprintf(own, values...)
}

// Number writes a number in the language of the context, with as many digits behind the point as it
// needs, of at least and at most so many.
func Number(ctx context.Context, n float64, least, most int) string {
	return Of(ctx).printer.Sprint(number.Decimal(n, number.MinFractionDigits(least), number.MaxFractionDigits(most), number.NoSeparator()))
}

// Date writes a date or an instant in the language of the context. The layout is the English
// one, in the form of package time.
func Date(ctx context.Context, d said.Dated, layout string) string { return Of(ctx).Date(d, layout) }

// Date writes a date or an instant in the language, as the function Date does.
func (l *Language) Date(d said.Dated, layout string) string {
	if own, ok := l.layouts[layout]; ok {
		layout = own
	}
	if len(l.names) == 0 {
		return d.Format(layout)
	}
	var out strings.Builder
	for layout != "" {
		name, before, after := nextName(layout)
		if before != "" {
			out.WriteString(d.Format(before))
		}
		if name != "" {
			english := d.Format(name)
			if own, ok := l.names[name+" "+english]; ok { // May is long and short
				english = own
			} else if own, ok := l.names[english]; ok {
				english = own
			}
			out.WriteString(english)
		}
		layout = after
	}
	return out.String()
}

// nextName finds the first place of a layout that has the name of a day or a month.
func nextName(layout string) (name, before, after string) {
	at := len(layout)
	for _, one := range [...]string{"Monday", "Mon", "January", "Jan"} {
		if i := strings.Index(layout, one); i >= 0 && i < at {
			at, name = i, one
		}
	}
	return name, layout[:at], layout[at+len(name):]
}

func tags(of []*Language) []language.Tag {
	var tags []language.Tag
	for _, l := range of {
		if l.tag == language.English {
			tags = append(tags, worldEnglish)
		} else {
			tags = append(tags, l.tag)
		}
	}
	return tags
}

// read reads the files. They are part of the program, so a mistake in one is a mistake of the
// program.
func read() []*Language {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err)
	}
	all := []*Language{nil}
	for _, entry := range entries {
		l, err := readOne(entry.Name())
		if err != nil {
			panic(fmt.Errorf("words/%s: %w", entry.Name(), err))
		}
		if l.tag == language.English {
			all[0] = l
		} else {
			all = append(all, l)
		}
	}
	for _, l := range all {
		for _, whole := range all {
			if whole.tag == l.tag.Parent() {
				l.inherit(whole)
			}
		}
	}
	return all
}

// inherit takes what the language of a country does not say itself from the whole language.
func (l *Language) inherit(whole *Language) {
	l.texts, l.layouts, l.names = over(whole.texts, l.texts), over(whole.layouts, l.layouts), over(whole.names, l.names)
}

// over is a map with another's entries before its own.
func over[V any](whole, own map[string]V) map[string]V {
	merged := make(map[string]V, len(whole)+len(own))
	maps.Copy(merged, whole)
	maps.Copy(merged, own)
	return merged
}

func readOne(name string) (*Language, error) {
	content, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var f file
	if err := json.Unmarshal(content, &f); err != nil {
		return nil, err
	}
	tag, err := language.Parse(strings.TrimSuffix(name, path.Ext(name)))
	if err != nil {
		return nil, err
	}
	week := time.Monday
	if f.WeekStart != "" {
		if week, err = weekday(f.WeekStart); err != nil {
			return nil, err
		}
	}
	l := &Language{tag: tag, week: week, printer: message.NewPrinter(tag), layouts: f.Layouts, names: f.Names, texts: make(map[string]text, len(f.Texts))}
	for english, raw := range f.Texts {
		if l.texts[english], err = readText(raw); err != nil {
			return nil, fmt.Errorf("%q: %w", english, err)
		}
	}
	return l, nil
}

func weekday(name string) (time.Weekday, error) {
	for w := time.Sunday; w <= time.Saturday; w++ {
		if strings.EqualFold(name, w.String()) {
			return w, nil
		}
	}
	return 0, fmt.Errorf("%q is no day of the week", name)
}

func readText(raw json.RawMessage) (text, error) {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return text{plural.Other: one}, nil
	}
	var forms map[string]string
	if err := json.Unmarshal(raw, &forms); err != nil {
		return nil, err
	}
	byName := map[string]plural.Form{"zero": plural.Zero, "one": plural.One, "two": plural.Two, "few": plural.Few, "many": plural.Many, "other": plural.Other}
	t := text{}
	for name, words := range forms {
		form, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("there is no plural form %q", name)
		}
		t[form] = words
	}
	if t[plural.Other] == "" {
		return nil, fmt.Errorf("the plural form \"other\" is missing")
	}
	return t, nil
}
