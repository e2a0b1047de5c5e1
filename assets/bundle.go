package assets

import (
	"bytes"
	"fmt"
	"path"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// Files of one kind are joined into one, so that a page asks for it once.
const (
	Style  = "roster.css" // of the files in css
	Script = "roster.js"  // of those in js that every page has
)

// styleFiles returns the files in css in the order in which Style holds them. The order counts:
// where two rules weigh the same, the later one wins. So the rules for narrow screens
// and for paper come after those that they change.
func styleFiles() []string {
	return []string{
		"tokens.css",
		"base.css",
		"layout.css",
		"forms.css",
		"people.css",
		"oncall.css",
		"range.css",
		"import.css",
		"start.css",
		"tables.css",
		"days.css",
		"reach.css",
		"swaps.css",
		"fairness.css",
		"coverage.css",
		"strip.css",
		"upload.css",
		"grid.css",
		"cluster.css",
		"status.css",
		"keys.css",
		"rotations.css",
		"history.css",
		"me.css",
		"members.css",
		"search.css",
		"wall.css",
		"narrow.css",
		"days-narrow.css",
		"api.css",
		"grid-narrow.css",
		"media.css",
	}
}

// scriptFiles returns the files in js that Script holds.
func scriptFiles() []string {
	return []string{"rows.js", "blocks.js", "clock.js", "search.js", "status.js", "keys.js", "offline.js", "zones.js", "dates.js", "tabs.js"}
}

// join returns the files of a folder as one, each without what only people read, in lines of
// their own.
func join(folder string, names []string) ([]byte, error) {
	var parts [][]byte
	for _, name := range names {
		part, err := small(folder + "/" + name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return bytes.Join(parts, []byte("\n")), nil
}

// small returns a file of ours without its comments and needless space.
func small(name string) ([]byte, error) {
	content, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	m := minify.New()
	m.AddFunc(".css", css.Minify)
	m.AddFunc(".js", js.Minify)
	content, err = m.Bytes(path.Ext(name), content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return content, nil
}
