// Package house holds the rooms of this module to a size that one can live in, and the inner
// ones to knowing nothing of the outer ones, not even in a comment.
package house

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

const (
	// maxFile is how many lines a file that is written by hand may have, tests aside.
	maxFile = 450
	// maxPackage is how many lines of Go the files of one package may have together.
	maxPackage = 5000
)

// unmentionable are the words that no file of a package may have: what is served, and how it
// is drawn.
func unmentionable() map[string][]string {
	return map[string][]string{
		"desk":   {"net/http", "a-h/templ", "dailyroster/views"},
		"roster": {"net/http", "a-h/templ", "dailyroster/views"},
	}
}

// troubles are what is too large, or says what it should not know, below a folder.
func troubles(fsys fs.FS) ([]string, error) {
	var found []string
	packages := map[string]int{}
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "dist" || name != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || !byHand(name):
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		lines, place := bytes.Count(text, []byte("\n")), path.Dir(name)
		if lines > maxFile {
			found = append(found, fmt.Sprintf("%s has %d lines, more than %d", name, lines, maxFile))
		}
		if path.Ext(name) == ".go" {
			packages[place] += lines
		}
		for _, word := range unmentionable()[place] {
			if bytes.Contains(text, []byte(word)) {
				found = append(found, fmt.Sprintf("%s mentions %s", name, word))
			}
		}
		return nil
	})
	for _, place := range slices.Sorted(maps.Keys(packages)) {
		if packages[place] > maxPackage {
			found = append(found, fmt.Sprintf("%s has %d lines of Go, more than %d", place, packages[place], maxPackage))
		}
	}
	return found, err
}

// byHand reports whether a file is code that somebody wrote, and no test.
func byHand(name string) bool {
	switch path.Ext(name) {
	case ".go":
		return !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_templ.go") && !strings.HasSuffix(name, ".gen.go")
	case ".templ", ".css", ".js", ".mjs":
		return true
	}
	return false
}
