package look

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/google/go-cmp/cmp"
)

// What a screen reader is told of roster and grid is what is kept: each thing's role, name
// and state, below what it belongs to.
func TestScreenReader(t *testing.T) {
	s, ctx := filled(t), openBrowser(t)
	sameBrowser(ctx, t, s)
	team := "/teams/daily-roster"
	for _, what := range [][2]string{{"roster", team}, {"edit", team + "?edit=" + inDays(t, 1)}, {"grid", team + "/grid"}} {
		for _, width := range []int64{360, 1280} {
			name := fmt.Sprintf("%s-%d", what[0], width)
			t.Run(name, func(t *testing.T) {
				tb := newTab(ctx, t, width)
				tb.theme("light")
				tb.open(s.url + what[1])
				tb.waitUntil("document.readyState === 'complete'")
				told := tb.told()
				kept := filepath.Join("testdata", name+".txt")
				if *update {
					write(t, kept, []byte(told))
					return
				}
				want, err := os.ReadFile(kept)
				if err != nil {
					t.Fatalf("%v: go test ./e2e/look -update keeps what is told now", err)
				}
				if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(told, "\n")); diff != "" {
					t.Errorf("what a screen reader is told of %s differs (- kept, + now); if it should be so, go test ./e2e/look -update:\n%s", name, diff)
				}
			})
		}
	}
}

// told is the accessibility tree as text, a line for each thing.
func (tb *tab) told() string {
	tb.t.Helper()
	call(tb, accessibility.Enable, cdp.Empty{})
	nodes := call(tb, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes
	byID := map[accessibility.NodeID]*accessibility.Node{}
	for _, node := range nodes {
		byID[node.NodeID] = node
	}
	current := tb.current()
	var out strings.Builder
	var tell func(node *accessibility.Node, depth int, above string)
	tell = func(node *accessibility.Node, depth int, above string) {
		if !node.Ignored && !says(above, tb.plain(node.Role), tb.plain(node.Name)) {
			fmt.Fprintf(&out, "%s%s%s\n", strings.Repeat("  ", depth), tb.line(node), current[node.BackendDOMNodeID])
			depth, above = depth+1, tb.plain(node.Name)
		}
		for _, id := range node.ChildIDs {
			if child := byID[id]; child != nil {
				tell(child, depth, above)
			}
		}
	}
	if len(nodes) > 0 {
		tell(nodes[0], 0, "")
	}
	return out.String()
}

// says reports whether a thing need not be told: it is only there for its parts, or the name
// above it has its text.
func says(above, role, name string) bool {
	switch role {
	case "generic", "none", "InlineTextBox", "ListMarker", "":
		return true
	case "StaticText":
		return strings.Contains(above, name)
	}
	return false
}

// current is what each element says of itself with aria-current, which the tree has not.
func (tb *tab) current() map[cdp.BackendNodeID]string {
	tb.t.Helper()
	found, whole := map[cdp.BackendNodeID]string{}, int64(-1)
	var look func(node *cdp.Node)
	look = func(node *cdp.Node) {
		for i := 0; i+1 < len(node.Attributes); i += 2 {
			if node.Attributes[i] == "aria-current" {
				found[node.BackendNodeID] = " current=" + node.Attributes[i+1]
			}
		}
		for _, child := range node.Children {
			look(child)
		}
	}
	look(call(tb, dom.GetDocument, dom.GetDocumentParams{Depth: &whole}).Root)
	return found
}

// line is what a reader is told of one thing: its role, name, value, description and state.
func (tb *tab) line(node *accessibility.Node) string {
	name := tb.plain(node.Name)
	line := tb.plain(node.Role)
	if name != "" {
		line += fmt.Sprintf(" %q", name)
	}
	if value := tb.plain(node.Value); value != "" && value != name {
		line += fmt.Sprintf(" value=%q", value)
	}
	if description := tb.plain(node.Description); description != "" && description != name {
		line += fmt.Sprintf(" description=%q", description)
	}
	for _, property := range node.Properties {
		value := tb.plain(property.Value)
		switch string(property.Name) {
		case "level", "expanded", "pressed", "checked":
			line += fmt.Sprintf(" %s=%s", property.Name, value)
		case "selected", "disabled", "required", "invalid", "modal", "readonly", "busy", "live", "hasPopup", "multiselectable", "keyshortcuts", "focused":
			switch value {
			case "", "false":
			case "true":
				line += " " + string(property.Name)
			default:
				line += fmt.Sprintf(" %s=%s", property.Name, value)
			}
		}
	}
	return line
}

// plain is a value as text.
func (tb *tab) plain(value *accessibility.Value) string {
	if value == nil || len(value.Value) == 0 {
		return ""
	}
	var found any
	if err := json.Unmarshal(value.Value, &found); err != nil {
		tb.t.Fatal(err)
	}
	return strings.Join(strings.Fields(fmt.Sprint(found)), " ")
}
