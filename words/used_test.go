package words

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/feature/plural"
)

// used is what the module's code says with words: the English texts, and the layouts of dates.
type used struct {
	texts, layouts map[string]string // to where each stands
	counts         map[string]bool   // the texts that count
	odd            []string          // calls whose text is no literal
}

// find reads the code below a folder. It looks for calls of this package and of the methods of
// Language.
func find(t *testing.T, fsys fs.FS) used {
	t.Helper()
	u := used{texts: map[string]string{}, layouts: map[string]string{}, counts: map[string]bool{}}
	fset := token.NewFileSet()
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || name == "words" || name != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil || !strings.Contains(string(text), `"dailyroster/words"`) {
			return err
		}
		file, err := parser.ParseFile(fset, name, text, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				u.call(fset, call)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func (u *used) call(fset *token.FileSet, call *ast.CallExpr) {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	pkg, ok := selector.X.(*ast.Ident)
	if !ok || pkg.Name != "words" {
		return
	}
	where := fset.Position(call.Pos()).String()
	at := map[string]int{"T": 1, "N": 3, "Date": 2}[selector.Sel.Name]
	if at == 0 || len(call.Args) <= at {
		return
	}
	literal, ok := call.Args[at].(*ast.BasicLit)
	if !ok {
		if selector.Sel.Name != "Date" { // a layout may be chosen before
			u.odd = append(u.odd, where)
		}
		return
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		u.odd = append(u.odd, where)
		return
	}
	switch selector.Sel.Name {
	case "Date":
		u.layouts[text] = where
	case "N":
		u.counts[text] = true
		fallthrough
	default:
		u.texts[text] = where
	}
}

var verbs = regexp.MustCompile(`%(\[\d+\])?[a-z]`)

// verbsOf are the kinds of values that a text takes, in order of the values.
func verbsOf(text string) []string {
	found := verbs.FindAllString(text, -1)
	for i, v := range found {
		found[i] = v[len(v)-1:]
	}
	slices.Sort(found)
	return found
}

// TestEveryTextIsThere: each language has each text, with the same values, and no text that
// nobody uses.
func TestEveryTextIsThere(t *testing.T) {
	u := find(t, os.DirFS(".."))
	if len(u.texts) < 100 {
		t.Fatalf("found %d texts; does the test still see the code?", len(u.texts))
	}
	for _, where := range u.odd {
		t.Errorf("%s: the text is not written where it is used", where)
	}
	for _, l := range Languages()[1:] {
		var missing []string
		for text, where := range u.texts {
			own, ok := l.texts[text]
			if !ok {
				missing = append(missing, text)
				continue
			}
			for form, words := range own {
				want := verbsOf(text)
				silent := form == plural.One && len(want) == 1 // "one day" need not say its number
				if got := verbsOf(words); !slices.Equal(got, want) && (!silent || len(got) > 0) {
					t.Errorf("%s, %q (%s): got the values %q, want %q", l.Tag(), words, where, got, want)
				}
			}
			if len(own) > 1 && !u.counts[text] {
				t.Errorf("%s, %q: it has plural forms, and does not count", l.Tag(), text)
			}
		}
		slices.Sort(missing)
		for _, text := range missing {
			line, err := json.Marshal(text)
			if err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s has no %s (%s)", l.Tag(), line, u.texts[text])
		}
		for text := range l.texts {
			if _, ok := u.texts[text]; !ok {
				t.Errorf("%s has %q, which nobody says", l.Tag(), text)
			}
		}
		for layout, where := range u.layouts {
			if _, ok := l.layouts[layout]; !ok {
				t.Errorf("%s has no layout %q (%s)", l.Tag(), layout, where)
			}
		}
	}
}
