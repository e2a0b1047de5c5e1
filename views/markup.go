package views

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// markup writes HTML without templ, for what a page repeats so often that templ's few
// allocations for each value would be most of the page's cost. It remembers the first error.
type markup struct {
	w   io.Writer
	err error
}

// drawn is a component that is drawn with a markup.
func drawn(draw func(ctx context.Context, m *markup)) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		m := markup{w: w}
		draw(ctx, &m)
		return m.err
	})
}

// raw writes parts that are HTML already.
func (m *markup) raw(parts ...string) {
	for _, part := range parts {
		if m.err == nil {
			_, m.err = io.WriteString(m.w, part)
		}
	}
}

// text writes a text, escaped for content and for values of attributes.
func (m *markup) text(s string) { m.raw(templ.EscapeString(s)) }

// draw draws a component of templ.
func (m *markup) draw(ctx context.Context, c templ.Component) {
	if m.err == nil {
		m.err = c.Render(ctx, m.w)
	}
}
