package intake

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// ancestorsOf are all elements that others lie in. It looks at each of them once.
func ancestorsOf(s *goquery.Selection) map[*html.Node]bool {
	found := map[*html.Node]bool{}
	for _, n := range s.Nodes {
		for above := n.Parent; above != nil && !found[above]; above = above.Parent {
			found[above] = true
		}
	}
	return found
}

// headings has, of each heading and each element that has one in it, the last.
type headings map[*html.Node]*html.Node

// headingsIn finds the headings of a page, in one walk through it.
func headingsIn(doc *goquery.Document) headings {
	found := headings{}
	for _, n := range doc.Nodes {
		found.add(n)
	}
	return found
}

func (h headings) add(n *html.Node) *html.Node {
	var last *html.Node
	if isHeading(n) {
		last = n
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if inside := h.add(child); inside != nil && last != n {
			last = inside
		}
	}
	if last != nil {
		h[n] = last
	}
	return last
}

func isHeading(n *html.Node) bool {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	default:
		return false
	}
}

// titleOf is the caption of a table, or the nearest heading before it.
func (h headings) titleOf(table *goquery.Selection) string {
	if caption := table.ChildrenFiltered("caption").First(); caption.Length() > 0 {
		return titleText(caption.Nodes[0])
	}
	steps := 0
	for at := table.Nodes[0]; at != nil; at = at.Parent {
		for before := at.PrevSibling; before != nil; before = before.PrevSibling {
			if before.Type != html.ElementNode {
				continue
			}
			steps++
			if steps > maxSteps {
				return ""
			}
			if heading := h[before]; heading != nil {
				return titleText(heading)
			}
			if before.DataAtom == atom.Table {
				break
			}
		}
	}
	return ""
}

func titleText(n *html.Node) string { return tidy(strings.ReplaceAll(textOf(n), "\n", " ")) }
