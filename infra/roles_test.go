// Package infra has the roles and the lab; its tests hold the roles to their own word.
package infra

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dailyroster/check/testreport"
)

func ansible(t *testing.T, what, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		testreport.Skip(t, what, "there is no "+program)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "ANSIBLE_LOCAL_TEMP="+t.TempDir(), "XDG_CACHE_HOME="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	testreport.Ran(t, what)
}

func TestSyntax(t *testing.T) {
	ansible(t, "syntax of the playbook", "ansible-playbook", "--syntax-check", "site.yml")
}

func TestLint(t *testing.T) {
	ansible(t, "ansible-lint", "ansible-lint", "--offline", "--profile=production", "--nocolor", "--strict")
}

// TestVariables holds what a role says of its variables in three places against each
// other: those that it takes, their defaults, and the table in its README.
func TestVariables(t *testing.T) {
	roles, err := filepath.Glob("roles/*")
	if err != nil || len(roles) < 4 {
		t.Fatalf("roles: got %q, %v", roles, err)
	}
	for _, role := range roles {
		t.Run(filepath.Base(role), func(t *testing.T) {
			specs := read(t, role, "meta/argument_specs.yml")
			defaults := read(t, role, "defaults/main.yml")
			readme := read(t, role, "README.md")
			// An option begins at the sixth column, what is said of it at the eighth.
			options := regexp.MustCompile(`(?m)^      ([a-z_]+):\n((?:        .*\n)+)`).FindAllStringSubmatch(specs, -1)
			if len(options) == 0 {
				t.Fatal("no options were found")
			}
			var specified, required []string
			for _, o := range options {
				specified = append(specified, o[1])
				if strings.Contains(o[2], "required: true") {
					required = append(required, o[1])
				}
				if !strings.Contains(o[2], "description: ") {
					t.Errorf("%s has no description", o[1])
				}
				row := regexp.MustCompile("(?m)^\\| `" + o[1] + "` \\| (.*?) \\| .+ \\|$").FindStringSubmatch(readme)
				said := regexp.MustCompile(`(?m)^` + o[1] + `: (.*)$`).FindStringSubmatch(defaults)
				value := regexp.MustCompile(`(?m)^        default: (.*)$`).FindStringSubmatch(o[2])
				switch {
				case row == nil:
					t.Errorf("README.md has no row for %s", o[1])
				case len(said) == 0 && row[1] != "**required**":
					t.Errorf("README.md: %s has %s, want it required", o[1], row[1])
				case len(said) > 0 && strings.Trim(row[1], "`") != strings.Trim(said[1], `"`) && (row[1] != "none" || said[1] != `""` && said[1] != "[]"):
					t.Errorf("README.md: %s has %s, want %s", o[1], row[1], said[1])
				}
				if len(said) > 0 && (len(value) == 0 || value[1] != said[1]) {
					t.Errorf("%s: the default of the specification is not %s", o[1], said[1])
				}
			}
			var defaulted []string
			for _, m := range regexp.MustCompile(`(?m)^([a-z_]+):`).FindAllStringSubmatch(defaults, -1) {
				defaulted = append(defaulted, m[1])
			}
			for _, name := range specified {
				if slices.Contains(defaulted, name) == slices.Contains(required, name) {
					t.Errorf("%s is neither required nor has a default, or both", name)
				}
			}
			for _, name := range defaulted {
				if !slices.Contains(specified, name) {
					t.Errorf("%s has a default and is not specified", name)
				}
			}
			rows := regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|").FindAllStringSubmatch(readme, -1)
			for _, row := range rows {
				if !slices.Contains(specified, row[1]) {
					t.Errorf("README.md has a row for %s, which there is not", row[1])
				}
			}
		})
	}
}

func read(t *testing.T, parts ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
