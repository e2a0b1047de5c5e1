// Package said has what the program says to people before it is known in which language they
// read: messages about refused input, above all. The English words stand where they are said;
// package words says them in another language. Without one, a text is an error like any other.
package said

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text is a sentence, or a part of one, that a person reads. It never changes.
type Text struct {
	// English is a format of package fmt, by which the languages know the text. Its verb %w
	// takes another text or error.
	English string
	// Values stand in the format.
	Values []any
	// Capital and Stop report that it begins and ends as a sentence does, which its English may
	// not do, as errors do not.
	Capital, Stop bool
}

// New is a text as an error: it begins in lower case, without a full stop.
func New(english string, values ...any) error { return &Text{English: english, Values: values} }

// Whole is a text of whole sentences.
func Whole(english string, values ...any) *Text {
	return &Text{English: english, Values: values, Capital: true, Stop: true}
}

// Plain is a text that stands as it is written, with a capital and a full stop where it has
// them: a title, for instance.
func Plain(english string, values ...any) *Text { return &Text{English: english, Values: values} }

// Dated is a date or an instant.
type Dated interface {
	// Format writes it in a layout of package time.
	Format(layout string) string
}

// Date is a date among the values of a text, which each language writes in its own way.
type Date struct {
	Dated  Dated
	Layout string // in the form of package time, in English order
}

// InSentence is the layout of a date in a sentence: Mon 23 Nov 2026.
const InSentence = "Mon 2 Jan 2006"

// On is a date in a sentence.
func On(d Dated) Date { return Date{d, InSentence} }

// String is the date in English.
func (d Date) String() string { return d.Dated.Format(d.Layout) }

// Sentence is the message of an error as a sentence.
func Sentence(err error) *Text { return Whole("%w", err) }

// Error is the text in English. It implements error.
func (t *Text) Error() string {
	text := t.English
	if len(t.Values) > 0 {
		text = fmt.Errorf(t.English, t.Values...).Error()
	}
	return t.Sentence(text)
}

// String is as Error.
func (t *Text) String() string { return t.Error() }

// Unwrap are the errors within, so that errors.Is and errors.As find them.
func (t *Text) Unwrap() []error {
	var within []error
	for _, v := range t.Values {
		if err, ok := v.(error); ok {
			within = append(within, err)
		}
	}
	return within
}

// Sentence gives the words of the text, in whatever language, the capital and the full stop of a
// sentence, as far as the text has them.
func (t *Text) Sentence(words string) string {
	if words == "" {
		return ""
	}
	if t.Capital {
		first, size := utf8.DecodeRuneInString(words)
		words = string(unicode.ToUpper(first)) + words[size:]
	}
	if t.Stop && !strings.HasSuffix(words, ".") {
		words += "."
	}
	return words
}
