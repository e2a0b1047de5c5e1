package words

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/text/feature/plural"

	"dailyroster/words/said"
)

// Said is the message of an error in the language of the context, as far as it is a text of
// package said; anything else stays as it is. "" without an error.
func Said(ctx context.Context, err error) string {
	if err == nil {
		return ""
	}
	return Of(ctx).Said(err)
}

// Said is the message of an error in the language, as the function Said gives it.
func (l *Language) Said(err error) string {
	text, ok := err.(interface{ Text() error })
	if ok {
		err = text.Text()
	}
	t, ok := err.(*said.Text) //nolint:errorlint // what stands around a text is part of the message
	if !ok {
		return err.Error()
	}
	own := strings.ReplaceAll(t.English, "%w", "%s")
	if in, ok := l.texts[own]; ok {
		own = in[plural.Other]
	}
	if len(t.Values) > 0 {
		own = fmt.Sprintf(own, l.values(t.Values)...) // which leaves years as they are
	}
	return t.Sentence(own)
}

// values are those of a text as they stand in it.
func (l *Language) values(of []any) []any {
	own := make([]any, len(of))
	for i, v := range of {
		switch v := v.(type) {
		case said.Date:
			own[i] = l.Date(v.Dated, v.Layout)
		case error:
			own[i] = l.Said(v)
		default:
			own[i] = v
		}
	}
	return own
}
