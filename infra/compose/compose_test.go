// Package compose holds the settings for containers to those of the roles.
package compose

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What is different in a container, or for it to say: users, paths, addresses, and TLS.
var different = regexp.MustCompile(`^(user|group|pid|log_format|'\$request_time|error_log|access_log|client_body_temp_path|proxy_temp_path|bind|server ` +
	`|listen|ssl_|add_header Strict-Transport-Security|return 308|work-directory|file /|user-path|mod-lua|(access-)?address|mesh-seed|node-id|replication-factor|set_real_ip_from|\{\{ proxy }} yes|cluster-name|}$)`)

func TestSameSettingsAsTheRoles(t *testing.T) {
	for file, role := range map[string]struct{ template, name string }{
		"aerospike.conf": {"aerospike.conf.j2", "aerospike"},
		"nginx.conf":     {"nginx.conf.j2", "nginx"},
		"haproxy.cfg":    {"haproxy.cfg.j2", "haproxy"},
	} {
		folder := filepath.Join("..", "roles", role.name)
		defaults := settings(t, filepath.Join(folder, "defaults", "main.yml"))
		here := lines(t, file)
		compared := 0
		for _, line := range lines(t, filepath.Join(folder, "templates", role.template)) {
			line = variable.ReplaceAllStringFunc(line, func(v string) string {
				name := variable.FindStringSubmatch(v)[1]
				if value, ok := defaults[name]; ok {
					return value
				}
				return v
			})
			// The one expression with a condition, at its default.
			line = strings.ReplaceAll(line, "{{ ' non_idempotent' if nginx_retry_edits | bool else '' }}", " non_idempotent")
			if strings.HasPrefix(line, "{%") || different.MatchString(line) {
				continue
			}
			compared++
			if !slices.Contains(here, line) {
				t.Errorf("%s does not have %q, as the role %s has", file, line, role.name)
			}
		}
		if compared < 15 {
			t.Errorf("%s: only %d lines were compared", file, compared)
		}
	}
}

var variable = regexp.MustCompile(`\{\{ ([a-z_]+) \}\}`)

// settings are the simple values of a role's defaults.
func settings(t *testing.T, path string) map[string]string {
	all := map[string]string{}
	for _, line := range lines(t, path) {
		if name, value, ok := strings.Cut(line, ": "); ok {
			all[name] = strings.Trim(value, `"`)
		}
	}
	return all
}

// lines are those that say something.
func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		if line = strings.Join(strings.Fields(line), " "); line != "" && !strings.HasPrefix(line, "#") {
			all = append(all, line)
		}
	}
	return all
}

// Every container but the databases', which write their data, has a file system that nothing
// can be written into, and no right of root that it does not need.
func TestContainersAreClosed(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			ReadOnly    bool     `yaml:"read_only"`
			CapDrop     []string `yaml:"cap_drop"`
			SecurityOpt []string `yaml:"security_opt"`
		}
	}
	if err := yaml.Unmarshal(text, &compose); err != nil {
		t.Fatal(err)
	}
	closed := 0
	for name, s := range compose.Services {
		if strings.HasPrefix(name, "db") {
			continue
		}
		closed++
		if !s.ReadOnly || !slices.Contains(s.CapDrop, "ALL") || !slices.Contains(s.SecurityOpt, "no-new-privileges:true") {
			t.Errorf("%s: got %+v, want read_only, cap_drop ALL and no-new-privileges", name, s)
		}
	}
	if closed < 5 {
		t.Errorf("only %d containers were looked at", closed)
	}
}
