// Package docs holds the Markdown pages of this module to what readers need: every link
// within the module leads somewhere, the README stays short, the README leads to every page
// of docs/, and no line is written on two pages. Links to other sites are not followed.
package docs

import (
	"fmt"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	readme = "README.md"
	// maxReadme is how many lines the README may have.
	maxReadme = 120
	// shortLine is how many characters a line may have and still stand on two pages.
	shortLine = 40
)

// page is a Markdown file.
type page struct {
	path string
	// lines are the lines of the file; those of fenced code are empty.
	lines   []string
	anchors map[string]bool // what a link may name after #
}

var (
	fence      = regexp.MustCompile("^ *(?:```+|~~~+)")
	inlineCode = regexp.MustCompile("`[^`]*`")
	heading    = regexp.MustCompile(`^#{1,6} +(.*?)(?: +#+)?$`)
	// inlineLink is what closes a link or a picture, with the target; definition is a target
	// that links name.
	inlineLink = regexp.MustCompile(`\]\(<?([^)\s>]+)>?(?: +"[^"]*")?\)`)
	definition = regexp.MustCompile(`^ {0,3}\[[^\]]+\]: *<?([^\s>]+)>?`)
	linkText   = regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`)
)

// problems says what is wrong with the Markdown files below a folder. It reads them itself,
// so that the test that calls it is run again when one of them changes.
func problems(fsys fs.FS) ([]string, error) {
	pages, err := pagesBelow(fsys)
	if err != nil {
		return nil, err
	}
	byPath := map[string]*page{}
	for _, p := range pages {
		byPath[p.path] = p
	}
	var found []string
	linked := map[string]bool{} // from the README
	for _, p := range pages {
		for n, line := range p.lines {
			for _, target := range targets(line) {
				to, why := follow(fsys, byPath, p, target)
				if why != "" {
					found = append(found, fmt.Sprintf("%s:%d: the link to %s leads nowhere: %s", p.path, n+1, target, why))
				}
				if p.path == readme {
					linked[to] = true
				}
			}
		}
	}
	for _, p := range pages {
		if path.Dir(p.path) == "docs" && !linked[p.path] {
			found = append(found, readme+": it does not link to "+p.path)
		}
		if p.path == readme && len(p.lines) > maxReadme {
			found = append(found, fmt.Sprintf("%s: it has %d lines, more than %d: move some to docs/", readme, len(p.lines), maxReadme))
		}
	}
	return append(found, repeated(pages)...), nil
}

// pagesBelow reads the Markdown files below a folder, without hidden ones and packages of others.
func pagesBelow(fsys fs.FS) ([]*page, error) {
	var pages []*page
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || name != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".md":
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		pages = append(pages, parse(name, string(text)))
		return nil
	})
	return pages, err
}

// parse reads a Markdown file.
func parse(name, text string) *page {
	p := &page{path: name, anchors: map[string]bool{}}
	times := map[string]int{} // how many headings before had the same anchor
	closing := ""             // what ends the code that the line is in, if it is in some
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		mark := strings.TrimLeft(fence.FindString(line), " ")
		switch {
		case closing == "" && mark != "":
			closing, line = mark, ""
		case closing != "":
			if strings.HasPrefix(mark, closing) {
				closing = ""
			}
			line = ""
		}
		p.lines = append(p.lines, line)
		if h := heading.FindStringSubmatch(line); h != nil {
			anchor := anchorOf(h[1])
			if n := times[anchor]; n > 0 {
				p.anchors[fmt.Sprintf("%s-%d", anchor, n)] = true
			} else {
				p.anchors[anchor] = true
			}
			times[anchor]++
		}
	}
	return p
}

// anchorOf is the anchor of a heading, as GitHub makes it.
func anchorOf(heading string) string {
	heading = linkText.ReplaceAllString(heading, "$1")
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// targets are where the links of a line lead.
func targets(line string) []string {
	line = inlineCode.ReplaceAllString(line, "")
	var found []string
	for _, m := range slices.Concat(inlineLink.FindAllStringSubmatch(line, -1), definition.FindAllStringSubmatch(line, -1)) {
		found = append(found, m[1])
	}
	return found
}

// follow gives the file that a link of a page names, and says why it leads nowhere; both are
// "" for a link to another site.
func follow(fsys fs.FS, pages map[string]*page, from *page, target string) (to, why string) {
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return "", "it is not a URL"
	case u.Scheme != "" || u.Host != "":
		return "", ""
	case path.IsAbs(u.Path):
		return "", "it begins at the top of a site, not of this module"
	}
	to = from.path
	if u.Path != "" {
		to = path.Join(path.Dir(from.path), u.Path)
	}
	if _, err := fs.Stat(fsys, to); err != nil {
		return to, "there is no file " + to
	}
	if p := pages[to]; u.Fragment != "" && (p == nil || !p.anchors[u.Fragment]) {
		return to, fmt.Sprintf("%s has no heading with the anchor %s", to, u.Fragment)
	}
	return to, ""
}

// repeated finds lines that stand on two pages. Code may be repeated, and so may short lines.
func repeated(pages []*page) []string {
	var found []string
	first := map[string]string{} // the page that has a line first
	for _, p := range pages {
		for n, line := range p.lines {
			line = strings.TrimSpace(line)
			if utf8.RuneCountInString(line) <= shortLine || !strings.ContainsFunc(line, unicode.IsLetter) {
				continue
			}
			where, seen := first[line]
			if !seen {
				first[line] = p.path
			} else if where != p.path {
				found = append(found, fmt.Sprintf("%s:%d: the line stands in %s too: %s", p.path, n+1, where, line))
			}
		}
	}
	return found
}
