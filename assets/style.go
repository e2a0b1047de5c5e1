package assets

import "bytes"

// Style is the name of the style sheet: the files in css, joined into one, so that a
// page asks for it once.
const Style = "roster.css"

// styleFiles returns the files in css in the order in which Style holds them. The order counts:
// where two rules weigh the same, the later one wins. So the rules for narrow screens
// and for paper come after those that they change.
func styleFiles() []string {
	return []string{
		"base.css",
		"layout.css",
		"forms.css",
		"import.css",
		"tables.css",
		"days.css",
		"swaps.css",
		"fairness.css",
		"coverage.css",
		"strip.css",
		"upload.css",
		"grid.css",
		"people.css",
		"cluster.css",
		"status.css",
		"search.css",
		"narrow.css",
		"api.css",
		"grid-narrow.css",
		"media.css",
	}
}

// joinStyles returns the style sheet, with an empty line between its files.
func joinStyles() ([]byte, error) {
	var parts [][]byte
	for _, name := range styleFiles() {
		part, err := files.ReadFile("css/" + name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return bytes.Join(parts, []byte("\n")), nil
}
