// Package imports holds who may import whom in this module: the table of the design,
// as a test. Imports of test files are not bound by it.
package imports

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const module = "dailyroster"

// A rule says what the packages that it covers may import.
type rule struct {
	// covers is a package path within the module; with "/..." also everything below.
	covers string
	// may lists what may be imported of this module, in the form of covers.
	may []string
	// never lists what may not be imported of the rest of the world, in the same form.
	never []string
	// only, if not nil, lists all that may be imported outside the standard library.
	only []string
}

// drawing is what draws pages.
func drawing() []string { return []string{"github.com/a-h/templ/...", "html/..."} }

// rules has one entry per place in the house; the first that covers a package counts.
// A package without one is refused, so that a new place is a decision.
func rules() []rule {
	return []rule{
		{covers: ".", may: []string{"cli", "handlers/...", "notify/...", "telling/...", "desk", "store/...", "intake/fetch", "signin", "assets/...", "roster/..."}},
		// The command line knows a server by its API alone, as any program does.
		{covers: "cli", may: []string{"client"}},
		{covers: "client", may: []string{}},

		// The site, from the outside in. Nothing below knows what is above it, and pages and
		// API know nothing of each other but for the page that shows the API's description.
		{covers: "handlers", may: []string{"handlers/...", "notify/...", "telling/...", "desk", "store", "store/measured", "intake/fetch", "signin", "assets/...", "roster/..."}, never: drawing()},
		{covers: "handlers/page/shell", may: []string{"words", "handlers/web", "desk", "views/...", "store", "roster/..."}},
		{covers: "handlers/page/history", may: []string{"words", "handlers/page/shell", "handlers/web", "desk", "views/...", "store", "roster/..."}},
		{covers: "handlers/page/rotations", may: []string{"words", "handlers/page/shell", "handlers/web", "desk", "views/...", "store", "roster/..."}},
		{covers: "handlers/page/app", may: []string{"words", "handlers/page/shell", "handlers/web", "views/..."}},
		{
			covers: "handlers/page/notices",
			may:    []string{"words", "handlers/page/shell", "handlers/web", "desk", "telling", "views/...", "store", "roster/..."},
		},
		{
			covers: "handlers/page/start",
			may:    []string{"words", "handlers/page/shell", "handlers/web", "desk", "views/...", "roster/..."},
		},
		{
			covers: "handlers/page",
			may: []string{
				"words", "handlers/page/shell", "handlers/web", "handlers/api", "handlers/export", "handlers/live", "handlers/openapi",
				"desk", "views/...", "store", "intake/...", "signin", "assets/...", "roster/...",
			},
		},
		{
			covers: "handlers/api",
			may:    []string{"handlers/web", "handlers/export", "handlers/openapi", "desk", "store", "intake/ical", "roster/..."},
			never:  drawing(),
		},
		{covers: "handlers/export", may: []string{"handlers/web", "calendar", "desk", "store", "store/archive", "roster/..."}, never: drawing()},
		{covers: "handlers/web", may: []string{"desk", "store", "signin", "roster/..."}, never: drawing()},
		{covers: "handlers/hooks", may: []string{"handlers/web", "desk", "store", "notify/slack", "roster/..."}, never: drawing()},
		{covers: "handlers/live", may: []string{"store", "roster/..."}, never: drawing()},
		{covers: "handlers/openapi", may: []string{}, never: drawing()},
		{covers: "handlers/whole", may: []string{}, never: drawing()},
		// It decides, whoever asks: it knows of no request and no page.
		{
			covers: "desk",
			may:    []string{"store", "intake", "intake/ical", "roster/..."},
			never:  append([]string{"net/..."}, drawing()...),
		},

		// It writes shifts for calendars.
		{covers: "calendar", may: []string{"roster/..."}},
		// It finds who is to be told what, and sends it once. Who asks for it is of no matter.
		{covers: "telling/...", may: []string{"store", "notify/...", "calendar", "views/...", "roster/..."}, never: []string{"net/http/..."}},
		// The ways out of the house.
		{covers: "notify/smtptest", may: []string{"check/testreport"}},
		{covers: "notify/...", may: []string{"notify"}},

		// It reads what people hand in, and touches nothing.
		{covers: "intake", may: []string{"roster/..."}, never: []string{"net", "net/http/...", "os/...", "database/..."}},
		{covers: "intake/ical", may: []string{"intake", "roster/..."}, never: []string{"net", "net/http/...", "os/...", "database/..."}},
		{covers: "intake/...", may: []string{"intake/...", "roster/..."}},
		// It knows of people at a sign-in, and of nobody in the roster.
		{covers: "signin", may: []string{}},
		{
			covers: "views/...",
			may:    []string{"words", "views/...", "intake", "roster/...", "assets/..."},
			never:  []string{"net/http/...", "database/...", "go.etcd.io/bbolt/...", "github.com/aerospike/..."},
		},
		{covers: "store/aerospike/asdtest", may: []string{"store/...", "roster/...", "check/testreport"}},
		{covers: "store/...", may: []string{"store/...", "roster/..."}},
		// What pages say, in each language; and texts that do not know theirs yet, which anybody says.
		{covers: "words/said", may: []string{}},
		{covers: "words", may: []string{}},
		{covers: "assets/...", may: []string{"assets/..."}},
		{
			covers: "roster/...",
			may:    []string{"roster/..."},
			// Pure: no I/O and nothing of the machine it runs on.
			never: []string{"net", "net/http/...", "net/rpc/...", "net/smtp", "os/...", "io/...", "database/...", "log/...", "syscall/...", "unsafe", "embed"},
			only:  []string{"github.com/oklog/ulid/v2", "golang.org/x/text/..."},
		},
		{covers: "check/...", may: []string{"check/corpus", "infra/lab/drill/report"}, only: []string{}},
		{covers: "e2e/..."},
		// The lab looks at the real programs from outside.
		{covers: "infra/...", may: []string{"infra/..."}},
	}
}

// everywhere is what each place may import: how a text is said that people read.
const everywhere = "words/said"

// violation says why the package at a place of the module, "." at its top, may not
// import a path as Go writes it; it is "" when it may.
func violation(place, imported string) string {
	if imported == module+"/"+everywhere {
		return ""
	}
	for _, r := range rules() {
		if matches(r.covers, place) {
			if why := r.refuses(imported); why != "" {
				return fmt.Sprintf("%s imports %s: %s", place, imported, why)
			}
			return ""
		}
	}
	return place + ": no rule says what it may import; add one to check/imports"
}

// violationsBelow holds the Go files below a folder against the rules, whatever system
// they are built for. It reads them itself rather than ask the go command: so the test
// that calls it is run again when one of them changes.
func violationsBelow(fsys fs.FS) ([]string, error) {
	var found []string
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || name != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
			}
			if why := violation(path.Dir(name), imported); why != "" {
				found = append(found, why)
			}
		}
		return nil
	})
	return found, err
}

// refuses gives the reason for which an import is refused, or "".
func (r rule) refuses(imported string) string {
	switch {
	case imported == module || strings.HasPrefix(imported, module+"/"):
		if !matchesAny(r.may, inModule(imported)) {
			return fmt.Sprintf("of this module it may import %s", oneOf(r.may))
		}
	case matchesAny(r.never, imported):
		return fmt.Sprintf("it may never import %s", oneOf(r.never))
	case r.only != nil && !isStandard(imported) && !matchesAny(r.only, imported):
		return fmt.Sprintf("beside the standard library it may import %s", oneOf(r.only))
	}
	return ""
}

// isStandard tells the paths of the standard library: their first part has no dot.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// inModule turns an import path of this module into a place.
func inModule(imported string) string {
	if imported == module {
		return "."
	}
	return strings.TrimPrefix(imported, module+"/")
}

func matchesAny(patterns []string, path string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return matches(pattern, path) })
}

func matches(pattern, path string) bool {
	root, below := strings.CutSuffix(pattern, "/...")
	return path == root || below && strings.HasPrefix(path, root+"/")
}

func oneOf(patterns []string) string {
	if len(patterns) == 0 {
		return "nothing"
	}
	return strings.Join(patterns, ", ")
}
