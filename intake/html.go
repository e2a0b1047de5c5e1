package intake

import (
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dailyroster/words/said"
)

// ReadHTML reads the tables of a page or of a part of one. Cells that span rows or columns
// stand in each of them. The error is for people.
func ReadHTML(data []byte) ([]Table, error) {
	doc, err := parsePage(data)
	if err != nil {
		return nil, err
	}
	return tablesOf(doc)
}

// parsePage parses a page, as far as tables and lists need it.
func parsePage(data []byte) (*goquery.Document, error) {
	text, err := decode(data)
	if err != nil {
		return nil, err
	}
	if strings.Count(text, "<") > maxTags {
		return nil, errTooLarge
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(plainHTML(text)))
	if err != nil {
		return nil, said.New("this is no HTML")
	}
	return doc, nil
}

// errNoTable is what people read of a page without a table.
var errNoTable = said.New("there is no table with two rows or more in it")

func tablesOf(doc *goquery.Document) ([]Table, error) {
	var tables []Table
	var failed error
	rows, looked := 0, 0 // of the tables that were read, and of all
	all, headings := doc.Find("table"), headingsIn(doc)
	arranging := ancestorsOf(all)
	all.EachWithBreak(func(i int, table *goquery.Selection) bool {
		if i == maxLooked {
			return false
		}
		if arranging[table.Nodes[0]] {
			return true
		}
		read, all, err := readTable(table)
		looked += all
		switch {
		case err != nil:
			failed = err
		case len(read.Rows) > 1:
			read.Title = headings.titleOf(table)
			tables = append(tables, read)
			rows += len(read.Rows)
		}
		return len(tables) < MaxTables && rows < MaxRows && looked < maxLookedRows
	})
	switch {
	case len(tables) == 0 && failed != nil:
		return nil, failed
	case len(tables) == 0:
		return nil, errNoTable
	}
	return tables, nil
}

// maxTags is how many tags a page may have, so that reading it does not take long.
const maxTags = 100_000

const (
	maxLooked     = 200         // tables of a page that are looked at
	maxLookedRows = 3 * MaxRows // after so many rows no further table is looked at
	maxSteps      = 40          // elements before a table in which its heading is looked for
)

// maxRowSpan is the most rows that HTML lets a cell span
// (https://html.spec.whatwg.org/multipage/tables.html#attributes-common-to-td-and-th-elements).
const maxRowSpan = 65534

// readTable lays the cells out on a grid, by the rules of the HTML standard
// (https://html.spec.whatwg.org/multipage/tables.html#forming-a-table), as far as rosters
// need them. It gives how many rows it looked at, too.
func readTable(table *goquery.Selection) (read Table, looked int, err error) {
	var b builder
	type hanging struct {
		text string
		rows int // that it still spans
	}
	var above []hanging // by columns
	table.Find("tr").EachWithBreak(func(number int, tr *goquery.Selection) bool {
		var row []string
		column := 0
		place := func(text string, rows int) {
			for len(above) <= column {
				above = append(above, hanging{})
			}
			above[column] = hanging{text, rows}
			row = append(row, text)
			column++
		}
		fromAbove := func() {
			for column < len(above) && above[column].rows > 0 {
				place(above[column].text, above[column].rows-1)
			}
		}
		tr.ChildrenFiltered("td, th").EachWithBreak(func(_ int, cell *goquery.Selection) bool {
			fromAbove()
			text, rows := textOf(cell.Nodes[0]), spanOf(cell, "rowspan", maxRowSpan)
			for range spanOf(cell, "colspan", MaxColumns+1) {
				place(text, rows-1)
			}
			return column <= MaxColumns
		})
		for ; column < len(above); column++ { // on the right of the last cell
			if above[column].rows > 0 {
				above[column].rows--
				row = append(row, make([]string, column-len(row))...)
				row = append(row, above[column].text)
			}
		}
		looked++
		err = b.addTidy(number+1, row)
		return err == nil
	})
	return b.done(), looked, err
}

func spanOf(cell *goquery.Selection, name string, most int) int {
	text, _ := cell.Attr(name)
	n, err := strconv.Atoi(strings.TrimSpace(text))
	switch {
	case err == nil && n == 0 && name == "rowspan":
		return most // to the end of the table
	case err != nil || n < 1:
		return 1
	}
	return min(n, most)
}

// textOf is what people read in an element, with a line for each of its blocks.
func textOf(n *html.Node) string {
	var b strings.Builder
	writeText(&b, n, 0)
	return tidy(b.String())
}

// maxDepth is how deep elements may lie in a cell; what lies deeper is not read.
const maxDepth = 60

func writeText(b *strings.Builder, n *html.Node, depth int) {
	if depth > maxDepth || hidden(n) {
		return
	}
	if n.Type == html.TextNode {
		b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
		return
	}
	switch n.DataAtom {
	case atom.Br, atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Hr:
		b.WriteByte('\n')
		defer b.WriteByte('\n')
	case atom.Time: // editors save the date apart from how it is shown
		if at := attribute(n, "datetime"); n.FirstChild == nil && at != "" {
			b.WriteString(at)
		}
	default: // is part of the line
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		writeText(b, child, depth+1)
	}
}

// hidden reports whether an element is not part of the text: what is never shown, marks of
// footnotes, and the links by which a wiki's section is edited.
func hidden(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return n.Type == html.CommentNode
	}
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Svg:
		return true
	default: // its class may say so
	}
	class := " " + attribute(n, "class") + " "
	for _, unread := range []string{" reference ", " mw-editsection ", " sortkey ", " anchor ", " octicon "} {
		if strings.Contains(class, unread) {
			return true
		}
	}
	style := strings.ReplaceAll(strings.ToLower(attribute(n, "style")), " ", "")
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || hasAttribute(n, "hidden")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
