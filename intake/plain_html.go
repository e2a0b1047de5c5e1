package intake

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// plainHTML gives what matters of a page, in a few elements that are cheap to parse. The
// parser is faithful to browsers, so that a short page can cost it very much: it opens all
// formatting elements anew in each paragraph, copies a text with each piece that continues
// it, and all attributes with each further <html>.
//
// So there are tables, headings and blocks, with the attributes that are read, and each
// piece of text is in an element of its own. What is hidden and no block is left out.
func plainHTML(page string) string {
	p := plainPage{from: html.NewTokenizer(strings.NewReader(page))}
	p.out.Grow(len(page))
	for {
		switch kind := p.from.Next(); kind {
		case html.ErrorToken: // the end
			p.write("", "")
			return p.out.String()
		case html.TextToken:
			if p.hiding == "" && !p.raw {
				p.text.Write(p.from.Text())
			}
			p.raw = false
		case html.StartTagToken, html.SelfClosingTagToken:
			p.start(kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := p.from.TagName()
			p.end(string(name))
		default: // comments
		}
	}
}

type plainPage struct {
	from   *html.Tokenizer
	out    strings.Builder
	text   strings.Builder // that is not written yet
	last   string          // the name of the last tag that was written
	raw    bool            // the next text is not for people
	hiding string          // the name of the element that is hidden with all that is in it
	depth  int             // how many of that name are open
}

// write writes the text since the last tag, and then a tag. Space alone keeps only times
// apart; all other tags begin a line or a cell.
func (p *plainPage) write(name, tag string) {
	if text := p.text.String(); strings.TrimSpace(text) != "" || text != "" && p.last == "time" {
		p.out.WriteString("<span>" + html.EscapeString(text) + "</span>")
	}
	p.text.Reset()
	p.out.WriteString(tag)
	p.last = name
}

func (p *plainPage) start(closed bool) {
	read, more := p.from.TagName()
	name := string(read)
	kept, structure := plainName(name)
	if p.hiding != "" {
		if name == p.hiding && !closed {
			p.depth++
		}
		if !structure {
			if p.raw = rawText(name) && p.hiding != "svg"; !p.raw {
				p.from.NextIsNotRawText() // in a drawing these are elements like any other
			}
			return
		}
		p.hiding = "" // its end is missing
	}
	tag := html.Token{Type: html.StartTagToken, Data: kept}
	for more {
		var key, value []byte
		key, value, more = p.from.TagAttr()
		if k := string(key); readAttribute(k) && !slices.ContainsFunc(tag.Attr, func(a html.Attribute) bool { return a.Key == k }) {
			tag.Attr = append(tag.Attr, html.Attribute{Key: k, Val: string(value)})
		}
	}
	switch {
	case kept != "":
		p.write(kept, tag.String())
	case rawText(name):
		p.raw = true
	case !closed && !void(name) && hidden(&html.Node{Type: html.ElementNode, DataAtom: atom.Lookup(read), Attr: tag.Attr}):
		p.hiding, p.depth = name, 1
	}
}

func (p *plainPage) end(name string) {
	p.raw = false
	kept, structure := plainName(name)
	if p.hiding != "" {
		if name == p.hiding {
			p.depth--
			if p.depth == 0 {
				p.hiding = ""
			}
		}
		if !structure {
			return
		}
		p.hiding = ""
	}
	if kept != "" {
		p.write(kept, "</"+kept+">")
	}
}

// readAttribute reports whether an attribute is one that the reading of tables asks for.
func readAttribute(key string) bool {
	switch key {
	case "class", "style", "hidden", "datetime", "rowspan", "colspan":
		return true
	default:
		return false
	}
}

// plainName is what an element becomes, "" for its contents alone, and whether it is part
// of a table's structure, which an element that is hidden in a cell does not reach over.
func plainName(name string) (kept string, structure bool) {
	switch atom.Lookup([]byte(name)) {
	case atom.Table, atom.Caption, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Td, atom.Th:
		return name, true
	case atom.P, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Br, atom.Hr, atom.Time,
		atom.Dl, atom.Dt, atom.Dd, atom.Pre:
		return name, false
	case atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Main, atom.Nav, atom.Figure, atom.Details, atom.Blockquote, atom.Center:
		return "div", false
	default:
		return "", false
	}
}

// rawText reports whether an element has no text for people, nor elements.
func rawText(name string) bool {
	switch atom.Lookup([]byte(name)) {
	case atom.Script, atom.Style, atom.Noscript, atom.Title, atom.Iframe, atom.Noembed, atom.Noframes:
		return true
	default:
		return false
	}
}

// void reports whether an element has no end.
func void(name string) bool {
	switch atom.Lookup([]byte(name)) {
	case atom.Area, atom.Base, atom.Col, atom.Embed, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	default:
		return false
	}
}
