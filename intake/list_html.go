package intake

import (
	"bytes"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// linesOfPage are the lines of a page that stand in no table of its own rows.
func linesOfPage(doc *goquery.Document, arranging map[*html.Node]bool) []textLine {
	r := pageReader{arranging: arranging}
	for _, n := range doc.Nodes {
		r.read(n, textLine{})
	}
	r.end()
	return r.lines
}

// pageReader collects the lines of a page.
type pageReader struct {
	lineReader
	arranging map[*html.Node]bool // the tables that only say where things stand
	line      textLine            // that is being read
	text      []byte              // of it
}

// read reads a node. in is what its parents say of its lines.
func (r *pageReader) read(n *html.Node, in textLine) {
	if n.Type == html.TextNode {
		if len(r.text) <= maxLine {
			r.text = append(r.text, n.Data[:min(len(n.Data), maxLine+1)]...)
		}
		return
	}
	if len(r.lines) > maxLines || (n.Type != html.DocumentNode && n.Type != html.ElementNode) || hidden(n) {
		return
	}
	switch n.DataAtom {
	case atom.Table:
		if !r.arranging[n] && rowsOf(n) > 1 {
			r.end()
			r.gap = true
			return
		}
	case atom.Pre:
		r.end()
		r.gap = true
		for line := range strings.SplitSeq(rawTextOf(n), "\n") {
			r.number++
			r.add(strings.TrimRight(line, " \t\r"))
		}
		r.gap = true
		return
	case atom.Ul, atom.Ol:
		in.indent++
	case atom.Dd:
		in.indent++
		in.bullet = true
	case atom.Li:
		in.bullet = true
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		in.level = int(n.Data[1] - '0')
	case atom.Hr:
		r.end()
		r.gap = true
	case atom.Time:
		if at := attribute(n, "datetime"); n.FirstChild == nil && at != "" {
			r.text = append(r.text, at...)
		}
	default: // says nothing of its lines
	}
	if block(n) {
		r.begin(in)
		defer r.begin(in)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		r.read(child, in)
	}
}

// block reports whether an element begins and ends a line.
func block(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Br, atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Table, atom.Tr, atom.Td, atom.Th, atom.Caption:
		return true
	default:
		return false
	}
}

// begin ends the line before and begins one.
func (r *pageReader) begin(in textLine) {
	r.end()
	r.line = in
}

func (r *pageReader) end() {
	text := bytes.TrimSpace(r.text)
	r.text = r.text[:0]
	if len(text) == 0 {
		return
	}
	r.number++
	if len(text) > maxLine {
		text = nil
	}
	r.keep(r.line, string(text))
}

// rowsOf is how many rows a table has, 2 for more.
func rowsOf(table *html.Node) (rows int) {
	var count func(n *html.Node)
	count = func(n *html.Node) {
		for child := n.FirstChild; child != nil && rows < 2; child = child.NextSibling {
			switch child.DataAtom {
			case atom.Tr:
				rows++
			case atom.Tbody, atom.Thead, atom.Tfoot:
				count(child)
			default: // columns and captions
			}
		}
	}
	count(table)
	return rows
}

// rawTextOf is the text of an element with its lines.
func rawTextOf(n *html.Node) string {
	var b strings.Builder
	var write func(n *html.Node)
	write = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(n.Data)
		case n.DataAtom == atom.Br:
			b.WriteByte('\n')
		case hidden(n):
			return
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			write(child)
		}
	}
	write(n)
	return b.String()
}
