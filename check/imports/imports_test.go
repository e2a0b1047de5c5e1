package imports

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestThisModule(t *testing.T) {
	found, err := violationsBelow(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for _, violation := range found {
		t.Error(violation)
	}
}

// TestEveryRuleCanFail gives each rule imports that it allows and those it must refuse.
func TestEveryRuleCanFail(t *testing.T) {
	const allowed, refused = true, false
	for _, c := range []struct {
		place, imported string
		want            bool
	}{
		{".", "dailyroster/handlers", allowed},
		{".", "dailyroster/cli", allowed},
		{"cli", "dailyroster/client", allowed},
		{"cli", "dailyroster/roster", refused},
		{"client", "dailyroster/roster", refused},
		{"roster", "dailyroster/words/said", allowed},
		{"roster", "dailyroster/words", refused},
		{"words/said", "dailyroster/words", refused},
		{".", "dailyroster/store/bolt", allowed},
		{".", "dailyroster/store/aerospike", allowed},
		{".", "dailyroster/assets", allowed},
		{".", "dailyroster/roster", allowed},
		{".", "dailyroster/views", refused},
		{".", "dailyroster/check", refused},

		{".", "dailyroster/desk", allowed},

		{"handlers", "dailyroster/handlers/page", allowed},
		{"handlers", "dailyroster/desk", allowed},
		{"handlers", "dailyroster/store", allowed},
		{"handlers", "dailyroster/store/measured", allowed},
		{"handlers", "github.com/gorilla/mux", allowed},
		{"handlers", "net/http", allowed},
		{"handlers", "dailyroster/views", refused},
		{"handlers", "github.com/a-h/templ", refused},
		{"handlers", "dailyroster/store/bolt", refused},
		{"handlers", "dailyroster/store/aerospike", refused},
		{"handlers", "dailyroster/store/archive", refused},
		{"handlers", "dailyroster", refused},
		{"handlers/elsewhere", "fmt", refused},

		{"handlers/page", "dailyroster/views", allowed},
		{"handlers/page", "dailyroster/desk", allowed},
		{"handlers/page", "dailyroster/handlers/api", allowed},
		{"handlers/page", "github.com/a-h/templ", allowed},
		{"handlers/page", "dailyroster/handlers", refused},
		{"handlers/page", "dailyroster/store/bolt", refused},
		{"handlers/api", "dailyroster/desk", allowed},
		{"handlers/api", "dailyroster/handlers/web", allowed},
		{"handlers/api", "dailyroster/views", refused},
		{"handlers/api", "dailyroster/handlers/page", refused},
		{"handlers/api", "dailyroster/signin", refused},
		{"handlers/api", "github.com/a-h/templ", refused},
		{"handlers/api", "html/template", refused},
		{"handlers/export", "dailyroster/store/archive", allowed},
		{"handlers/export", "dailyroster/views", refused},
		{"handlers/export", "dailyroster/handlers/api", refused},
		{"handlers/web", "dailyroster/signin", allowed},
		{"handlers/web", "dailyroster/views", refused},
		{"handlers/web", "dailyroster/intake/ical", refused},
		{"handlers/web", "dailyroster/handlers/export", refused},
		{"handlers/web", "github.com/a-h/templ/runtime", refused},
		{"handlers/hooks", "dailyroster/notify/slack", allowed},
		{"handlers/hooks", "dailyroster/views", refused},
		{"handlers/live", "dailyroster/desk", refused},
		{"handlers/openapi", "dailyroster/roster", refused},

		{"desk", "dailyroster/store", allowed},
		{"desk", "dailyroster/intake/ical", allowed},
		{"desk", "dailyroster/roster", allowed},
		{"desk", "net/http", refused},
		{"desk", "net/url", refused},
		{"desk", "dailyroster/intake/fetch", refused},
		{"desk", "dailyroster/store/bolt", refused},
		{"desk", "dailyroster/views", refused},
		{"desk", "dailyroster/signin", refused},
		{"desk", "dailyroster/handlers/web", refused},
		{"desk", "github.com/a-h/templ", refused},

		{"views", "dailyroster/roster", allowed},
		{"views", "dailyroster/assets", allowed},
		{"views", "github.com/a-h/templ", allowed},
		{"views", "net/url", allowed},
		{"views", "dailyroster/store", refused},
		{"views", "dailyroster/store/bolt", refused},
		{"views", "dailyroster/handlers", refused},
		{"views", "net/http", refused},
		{"views", "net/http/httputil", refused},

		{"store", "dailyroster/roster", allowed},
		{"store/bolt", "dailyroster/store", allowed},
		{"store/bolt", "go.etcd.io/bbolt", allowed},
		{"store/bolt", "dailyroster/views", refused},
		{"store/bolt", "dailyroster/handlers", refused},
		{"store/aerospike", "dailyroster/views", refused},
		{"store/aerospike", "dailyroster/assets", refused},
		{"store", "dailyroster/handlers", refused},

		{"assets", "embed", allowed},
		{"assets", "dailyroster/roster", refused},

		{"notify", "net/http", allowed},
		{"notify", "github.com/wneessen/go-mail", allowed},
		{"notify", "dailyroster/roster", refused},
		{"notify", "dailyroster/store", refused},
		{"notify/slack", "dailyroster/telling", refused},
		{"notify/smtptest", "dailyroster/check/testreport", allowed},
		{".", "dailyroster/notify", allowed},
		{".", "dailyroster/notify/slack", allowed},

		{"roster", "time", allowed},
		{"roster", "github.com/oklog/ulid/v2", allowed},
		{"roster", "golang.org/x/text/unicode/norm", allowed},
		{"roster", "dailyroster/store", refused},
		{"roster", "dailyroster/views", refused},
		{"roster", "net/http", refused},
		{"roster", "os", refused},
		{"roster", "os/exec", refused},
		{"roster", "database/sql", refused},
		{"roster", "log/slog", refused},
		{"roster", "github.com/gorilla/mux", refused},
		{"roster", "github.com/oklog/ulid", refused},

		{"check", "os/exec", allowed},
		{"check", "dailyroster/store", refused},
		{"check", "github.com/gorilla/mux", refused},
		{"e2e", "github.com/chromedp/chromedp", allowed},
		{"e2e", "dailyroster/handlers", refused},

		{"infra/lab", "dailyroster/infra/lab/control", allowed},
		{"infra/lab", "dailyroster/store", refused},
		{"infra/lab/drill", "dailyroster/store/bolt", refused},
		{"infra/lab/drill", "dailyroster/handlers", refused},

		{"elsewhere", "fmt", refused},
		{"rosters", "fmt", refused},
	} {
		if got := violation(c.place, c.imported); (got == "") != c.want {
			t.Errorf("%s imports %s: got %q, want allowed %v", c.place, c.imported, got, c.want)
		}
	}
}

// TestFindsViolationInFiles goes the whole way: files, what they import, the rules.
func TestFindsViolationInFiles(t *testing.T) {
	found, err := violationsBelow(fstest.MapFS{
		"main.go":               {Data: []byte("package main\n\nimport _ \"dailyroster/handlers\"\n")},
		"handlers/handlers.go":  {Data: []byte("package handlers\n\nimport _ \"dailyroster/store\"\n")},
		"handlers/page_test.go": {Data: []byte("package handlers\n\nimport _ \"dailyroster/store/bolt\"\n")},
		"node_modules/x/x.go":   {Data: []byte("package x\n\nimport _ \"os\"\n")},
		"roster/roster.go":      {Data: []byte("package roster\n\nimport (\n\t\"time\"\n\tsystem \"os\"\n)\n")},
		"views/row_templ.go":    {Data: []byte("package views\n\nimport `dailyroster/store`\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, violation := range found {
		what, _, _ := strings.Cut(violation, ":")
		got = append(got, what)
	}
	want := []string{"roster imports os", "views imports dailyroster/store"}
	if !slices.Equal(got, want) {
		t.Errorf("violations: got %q, want %q", got, want)
	}
}
