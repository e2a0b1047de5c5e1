package house

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThisModule(t *testing.T) {
	found, err := troubles(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, trouble := range found {
		t.Error(trouble)
	}
}

func TestFindsTroubles(t *testing.T) {
	lines := func(n int) *fstest.MapFile { return &fstest.MapFile{Data: []byte(strings.Repeat("//\n", n))} }
	fsys := fstest.MapFS{
		"assets/css/a.css":           lines(451),
		"desk/desk.go":               {Data: []byte("package desk // as net/http does\n")},
		"desk/desk_test.go":          {Data: []byte("package desk // as net/http does\n")},
		"views/row_templ.go":         lines(9000),
		"client/client.gen.go":       lines(9000),
		"views/row.templ":            lines(450),
		"node_modules/x/index.js":    lines(9000),
		"assets/dist/htmx.min.js":    lines(9000),
		"handlers/web/guard_test.go": lines(9000),
	}
	for i := range 12 {
		fsys["handlers/"+string(rune('a'+i))+".go"] = lines(430)
	}
	got, err := troubles(fsys)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"assets/css/a.css has 451 lines, more than 450",
		"desk/desk.go mentions net/http",
		"handlers has 5160 lines of Go, more than 5000",
	}
	if !slices.Equal(got, want) {
		t.Errorf("troubles: got %q, want %q", got, want)
	}
}
