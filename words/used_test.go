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
	"unicode"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
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
		if err != nil || !strings.Contains(string(text), `"dailyroster/`) {
			return err
		}
		file, err := parser.ParseFile(fset, name, text, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				u.call(fset, file.Name.Name, call)
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

// texts is where the calls of a function have texts, and layouts where they have the layout of
// a date, by the function's package and name. Those of package desk are called within it, too.
var (
	textsAt = map[string][]int{
		"words.T": {1}, "words.N": {3}, "said.New": {0}, "said.Whole": {0}, "said.Plain": {0},
		"desk.Refuse": {1, 2}, "desk.RefuseFor": {1}, "desk.NotFound": {0}, "desk.Forbidden": {0},
	}
	layoutsAt = map[string][]int{"words.Date": {2}}
)

// call notes the texts of a call in a package.
func (u *used) call(fset *token.FileSet, pkg string, call *ast.CallExpr) {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = pkg + "." + f.Name
	case *ast.SelectorExpr:
		if of, ok := f.X.(*ast.Ident); ok {
			name = of.Name + "." + f.Sel.Name
		}
	}
	where := fset.Position(call.Pos()).String()
	for _, at := range layoutsAt[name] {
		if layout, ok := literal(call, at); ok { // a layout may be chosen before
			u.layouts[layout] = where
		}
	}
	for _, at := range textsAt[name] {
		text, ok := literal(call, at)
		switch {
		case !ok && !forwards(pkg, name):
			u.odd = append(u.odd, where)
		case strings.ContainsFunc(verbs.ReplaceAllString(text, ""), unicode.IsLetter): // more than the values of a text
			text = strings.ReplaceAll(text, "%w", "%s")
			u.texts[text] = where
			if name == "words.N" {
				u.counts[text] = true
			}
		}
	}
}

// forwards reports whether a package hands texts on that its own callers wrote.
func forwards(pkg, name string) bool {
	return pkg == "desk" && strings.HasPrefix(name, "desk.") || pkg == "desk" && name == "said.Plain" || pkg == "web" && name == "said.New"
}

// literal is an argument of a call that is a literal text.
func literal(call *ast.CallExpr, at int) (text string, ok bool) {
	if len(call.Args) <= at {
		return "", true // it is not called with all its arguments
	}
	l, ok := call.Args[at].(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

var verbs = regexp.MustCompile(`%(\[\d+\])?(\.?\d+)?[a-z]`)

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
		if l.tag.Parent() == language.English {
			continue // the English texts are its own, and so are the layouts that it does not change
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
