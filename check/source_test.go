package main

import (
	"os"
	"regexp"
	"testing"
)

// The program uses templ as a library, and its views are made by the generator that the
// module tools names: both must be of one version.
func TestOneVersionOfTempl(t *testing.T) {
	versionIn := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`github\.com/a-h/templ (v\S+)`).FindSubmatch(text)
		if found == nil {
			t.Fatalf("%s names no version of templ", file)
		}
		return string(found[1])
	}
	library, generator := versionIn("../go.mod"), versionIn("../tools/go.mod")
	if library != generator {
		t.Errorf("templ: the program uses %s and the generator is %s; want one version", library, generator)
	}
}
