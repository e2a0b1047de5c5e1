package assets

import (
	"bytes"
	_ "embed"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// iconNames lists the icons that pages use, one a line, by their names in the set of Lucide
// (https://lucide.dev, ISC licence), which `task assets` brings.
//
//go:embed icons.txt
var iconNames string

// readIcons returns all icons as symbols of one SVG, each with its name as its id. It is an
// error, which says what to do, if one was not there when the program was built.
func readIcons() ([]byte, error) {
	var all bytes.Buffer
	all.WriteString(`<svg xmlns="http://www.w3.org/2000/svg">`)
	for name := range strings.FieldsSeq(iconNames) {
		content, err := files.ReadFile("dist/icons/" + name + ".svg")
		if err != nil {
			return nil, fmt.Errorf("the icon %s was missing when this program was built; `go tool task build` fetches it first", name)
		}
		shapes, err := shapesOf(content)
		if err != nil {
			return nil, fmt.Errorf("the icon %s: %w", name, err)
		}
		all.WriteString(`<symbol id="` + name + `" viewBox="0 0 24 24">` + shapes + `</symbol>`)
	}
	all.WriteString(`</svg>`)
	return all.Bytes(), nil
}

// shapesOf returns what an icon's svg element holds, without white space.
func shapesOf(content []byte) (string, error) {
	d := xml.NewDecoder(bytes.NewReader(content))
	var shapes strings.Builder
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return shapes.String(), nil
		}
		if err != nil {
			return "", err
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Local == "svg" {
			continue
		}
		shapes.WriteString("<" + start.Name.Local)
		for _, a := range start.Attr {
			shapes.WriteString(" " + a.Name.Local + `="`)
			if err := xml.EscapeText(&shapes, []byte(a.Value)); err != nil {
				return "", err
			}
			shapes.WriteString(`"`)
		}
		shapes.WriteString("/>")
	}
}
