package views

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryKeyIsListed: a key that an element has, and one that keys.js knows by itself, stands
// in the list, so that nobody has to guess it.
func TestEveryKeyIsListed(t *testing.T) {
	listed := map[string]bool{}
	for _, group := range KeyGroups(t.Context()) {
		for _, k := range group.Keys {
			listed[k.Keys] = true
		}
	}
	used := map[string]bool{"j": true, "k": true, "e": true, "s": true, "h": true}
	files, err := filepath.Glob("*.templ")
	if err != nil {
		t.Fatal(err)
	}
	patterns := []*regexp.Regexp{
		regexp.MustCompile(`data-key="([^"]+)"`),
		regexp.MustCompile(`@tabLink\([^,]+, "[^"]*", "([^"]+)"`),
		regexp.MustCompile(`@siteLink\(f, "[^"]*", "[^"]*", "([^"]+)"`),
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range patterns {
			for _, m := range p.FindAllStringSubmatch(string(text), -1) {
				used[m[1]] = true
			}
		}
	}
	for keys := range used {
		if !listed[keys] {
			t.Errorf("the key %q is in use and not in the list", keys)
		}
	}
	for keys := range listed {
		single := len(keys) == 1 || strings.HasPrefix(keys, "g ")
		if single && !used[keys] {
			t.Errorf("the key %q is in the list and not in use", keys)
		}
	}
	if len(used) < 12 {
		t.Errorf("found %d keys in use, want at least 12: are the patterns still right?", len(used))
	}
}
