package docs

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThisModule(t *testing.T) {
	found, err := problems(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range found {
		t.Error(problem)
	}
}

// TestEveryRuleCanFail holds pages to the rules, each of which is broken by one of them.
func TestEveryRuleCanFail(t *testing.T) {
	const long = "A line of more than forty characters, on two pages.\n"
	for _, c := range []struct {
		name  string
		files map[string]string // beside a README that links to docs/a.md
		want  []string
	}{
		{"all is well", map[string]string{"docs/a.md": "# A\n\n[up](../README.md#top), [here](#a), [out](https://example.org/x#y)\n"}, nil},
		{"no such file", map[string]string{"docs/a.md": "[b](b.md)\n"}, []string{"docs/a.md:1: the link to b.md leads nowhere: there is no file docs/b.md"}},
		{"no such picture", map[string]string{"docs/a.md": "\n![b](b.png)\n"}, []string{"docs/a.md:2: the link to b.png leads nowhere: there is no file docs/b.png"}},
		{
			"no such heading", map[string]string{"docs/a.md": "[b](../README.md#bottom)\n"},
			[]string{"docs/a.md:1: the link to ../README.md#bottom leads nowhere: README.md has no heading with the anchor bottom"},
		},
		{
			"no such heading on the page itself", map[string]string{"docs/a.md": "# A\n[b](#b)\n"},
			[]string{"docs/a.md:2: the link to #b leads nowhere: docs/a.md has no heading with the anchor b"},
		},
		{"a link to a folder", map[string]string{"docs/a.md": "[docs](../docs)\n"}, nil},
		{"a link out of the module", map[string]string{"docs/a.md": "[b](../../b.md)\n"}, []string{"docs/a.md:1: the link to ../../b.md leads nowhere: there is no file ../b.md"}},
		{
			"a link from the top of the site", map[string]string{"docs/a.md": "[b](/README.md)\n"},
			[]string{"docs/a.md:1: the link to /README.md leads nowhere: it begins at the top of a site, not of this module"},
		},
		{"a definition", map[string]string{"docs/a.md": "[b]\n\n[b]: b.md\n"}, []string{"docs/a.md:3: the link to b.md leads nowhere: there is no file docs/b.md"}},
		{"links in code", map[string]string{"docs/a.md": "`[b](b.md)`\n\n```text\n[c](c.md)\n# C\n```\n"}, nil},
		{"a heading in code", map[string]string{"docs/a.md": "[c](#c)\n\n```text\n# C\n```\n"}, []string{"docs/a.md:1: the link to #c leads nowhere: docs/a.md has no heading with the anchor c"}},
		{"a page that the README does not name", map[string]string{"docs/a.md": "# A\n", "docs/b.md": "# B\n"}, []string{"README.md: it does not link to docs/b.md"}},
		{"a page elsewhere", map[string]string{"docs/a.md": "# A\n", "infra/b.md": "# B\n"}, nil},
		{
			"a line twice", map[string]string{"docs/a.md": "# A\n" + long, "infra/b.md": long},
			[]string{"infra/b.md:1: the line stands in docs/a.md too: " + strings.TrimSpace(long)},
		},
		{"a short line twice", map[string]string{"docs/a.md": "A line of forty characters, on two pages\n", "infra/b.md": "A line of forty characters, on two pages\n"}, nil},
		{"a line twice on one page", map[string]string{"docs/a.md": long + long}, nil},
		{"code twice", map[string]string{"docs/a.md": "```sh\n" + long + "```\n", "infra/b.md": "~~~sh\n" + long + "~~~\n"}, nil},
		{"a packet of others", map[string]string{"docs/a.md": "# A\n", "node_modules/x/README.md": "[b](b.md)\n", ".x/README.md": "[b](b.md)\n"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := fstest.MapFS{readme: {Data: []byte("# Top\n\n[a](docs/a.md)\n")}}
			for name, text := range c.files {
				files[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if got, err := problems(files); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("problems: got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestTheReadmeIsShort(t *testing.T) {
	for lines, want := range map[int][]string{
		maxReadme:     nil,
		maxReadme + 1: {"README.md: it has 121 lines, more than 120: move some to docs/"},
	} {
		files := fstest.MapFS{readme: {Data: []byte(strings.Repeat("line\n", lines))}}
		if got, err := problems(files); err != nil || !slices.Equal(got, want) {
			t.Errorf("a README of %d lines: got %q, %v, want %q", lines, got, err, want)
		}
	}
}

// The anchors are those that GitHub gives to the same headings.
func TestAnchors(t *testing.T) {
	p := parse("a.md", "# Who is on call?\n## `--store`, and its URL\n## [Ändern](x.md) & more\n## Again\n## Again\nAgain\n=====\n")
	for _, want := range []string{"who-is-on-call", "--store-and-its-url", "ändern--more", "again", "again-1"} {
		if !p.anchors[want] {
			t.Errorf("got %v, want %q among them", p.anchors, want)
		}
	}
	if len(p.anchors) != 5 {
		t.Errorf("got %d anchors, want 5", len(p.anchors))
	}
}
