// Package monitoring has what a Prometheus and a Grafana need to watch Daily Roster; its
// tests hold the files to what the program really tells.
package monitoring

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"go.yaml.in/yaml/v3"

	"dailyroster/assets"
	"dailyroster/check/testreport"
	"dailyroster/handlers"
	"dailyroster/handlers/web"
	"dailyroster/notify/slack"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/telling"
)

type alerts struct {
	Groups []struct {
		Name  string
		Rules []struct {
			Alert, Expr, For    string
			Labels, Annotations map[string]string
		}
	}
}

type dashboard struct {
	Title, UID string
	Panels     []struct {
		ID         int
		Title      string
		Datasource map[string]string
		GridPos    struct{ X, Y, W, H int }
		Targets    []struct{ Expr, LegendFormat string }
	}
	Templating struct {
		List []struct{ Name, Definition string }
	}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func readAlerts(t *testing.T) alerts {
	t.Helper()
	var a alerts
	if err := yaml.Unmarshal(read(t, "alerts.yml"), &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func readDashboard(t *testing.T) dashboard {
	t.Helper()
	var d dashboard
	if err := json.Unmarshal(read(t, "dashboard.json"), &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// expressions are all that the files ask Prometheus, by who asks.
func expressions(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, g := range readAlerts(t).Groups {
		for _, r := range g.Rules {
			all["alert "+r.Alert] = r.Expr
		}
	}
	d := readDashboard(t)
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			all["panel "+p.Title+" "+target.LegendFormat] = target.Expr
		}
	}
	for _, v := range d.Templating.List {
		if v.Definition != "" { // the choice of a data source asks for nothing
			all["variable "+v.Name] = v.Definition
		}
	}
	return all
}

func TestAlertsAreWhole(t *testing.T) {
	rules := 0
	for _, g := range readAlerts(t).Groups {
		for _, r := range g.Rules {
			rules++
			if r.Alert == "" || r.Expr == "" || r.For == "" || r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["description"] == "" {
				t.Errorf("the rule %+v of %s: something is missing", r, g.Name)
			}
		}
	}
	if rules < 5 {
		t.Errorf("got %d rules, want more", rules)
	}
}

func TestPanelsDoNotOverlap(t *testing.T) {
	d := readDashboard(t)
	for i, a := range d.Panels {
		if a.Title == "" || len(a.Targets) == 0 || a.Datasource["uid"] != "${datasource}" || a.GridPos.X+a.GridPos.W > 24 {
			t.Errorf("the panel %+v is not whole, or is too wide", a)
		}
		for _, b := range d.Panels[:i] {
			p, q := a.GridPos, b.GridPos
			if a.ID == b.ID || p.X < q.X+q.W && q.X < p.X+p.W && p.Y < q.Y+q.H && q.Y < p.Y+p.H {
				t.Errorf("%s and %s are in one place, or have one id", a.Title, b.Title)
			}
		}
	}
}

// What is found in expressions: selector finds a metric of ours in an expression, with what it is selected by.
var (
	selector = regexp.MustCompile(`\b((?:roster|go|process)_[a-z_]+)(?:\{([^}]*)\})?`)
	matcher  = regexp.MustCompile(`([a-z]+)(=~|!~|!=|=)"([^"]*)"`)
	grouping = regexp.MustCompile(`\bby \(([a-z, ]+)\)`)
	legend   = regexp.MustCompile(`\{\{([a-z]+)\}\}`)
)

// TestMetricsExist asks a running program for its metrics, and looks for everything in
// them that the alerts and the dashboard are about.
func TestMetricsExist(t *testing.T) {
	told := run(t)
	checked := 0
	for who, expr := range expressions(t) {
		known := []string{"instance", "job"} // which Prometheus adds
		for _, found := range selector.FindAllStringSubmatch(expr, -1) {
			name := found[1]
			values, ok := told[name]
			if !ok {
				t.Errorf("%s: the program tells of no %s", who, name)
				continue
			}
			checked++
			for label := range values {
				known = append(known, label)
			}
			for _, m := range matcher.FindAllStringSubmatch(found[2], -1) {
				if m[1] == "job" {
					continue
				}
				if values[m[1]] == nil {
					t.Errorf("%s: %s has no label %s", who, name, m[1])
				} else if m[2] == "=" && !slices.Contains(values[m[1]], m[3]) {
					t.Errorf("%s: no %s has %s=%q, only %q", who, name, m[1], m[3], values[m[1]])
				}
			}
		}
		if !selector.MatchString(expr) && !strings.Contains(expr, "up{") {
			t.Errorf("%s asks for nothing of ours: %s", who, expr)
		}
		var used []string
		for _, g := range grouping.FindAllStringSubmatch(expr, -1) {
			used = append(used, strings.Split(g[1], ", ")...)
		}
		for _, l := range legend.FindAllStringSubmatch(who, -1) {
			used = append(used, l[1])
		}
		for _, label := range used {
			if !slices.Contains(known, label) {
				t.Errorf("%s: nothing in it has the label %s: %s", who, label, expr)
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d selectors were checked", checked)
	}
}

// machines are those of a store on several, one of which is down.
type machines struct{ store.Store }

func (machines) Cluster(context.Context) store.ClusterStatus {
	return store.ClusterStatus{Nodes: []store.NodeStatus{
		{Address: "10.0.0.1:3000", Reachable: true, Name: "A1", WithMajority: true, NamespaceAvailable: true}, {Address: "10.0.0.2:3000"},
	}}
}

// run runs the program, lets it be used, and gives the metrics that it tells then: the
// values of each label of each.
func run(t *testing.T) map[string]map[string][]string {
	t.Helper()
	data, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = data.Close() })
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	site := handlers.New(t.Context(), handlers.Config{
		Store: data, Cluster: machines{data}, Assets: files, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Now: time.Now, Random: rand.Reader,
		Instance: "front1", Version: "test", Zone: roster.UTC(),
		Limits: web.Limits{Work: time.Minute}, // on a machine that does much beside
		Ways:   telling.Ways{Group: func(context.Context, string, []string) (slack.Result, error) { return slack.Result{}, nil }},
	})
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	ask := func(method, path, body string, want int, header ...string) string {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != want {
			t.Fatalf("%s %s: got %d %s, %v, want %d", method, path, res.StatusCode, text, err, want)
		}
		return string(text)
	}
	ask("POST", "/api/v1/teams", `{"name":"Ops"}`, http.StatusCreated)
	day := "/api/v1/teams/ops/days/" + time.Now().UTC().AddDate(0, 0, 1).Format(time.DateOnly)
	ask("PUT", day, `{"assignments":{"primary":"Ana Ruiz"}}`, http.StatusOK)
	ask("PUT", day, `{"assignments":{"primary":"Bo Chen"}}`, http.StatusPreconditionFailed, "If-Match", `"01ARZ3NDEKTSV4RRFFQ69G5FAV"`)
	ask("GET", "/", "", http.StatusOK)
	ask("POST", "/groups", "name=On+call&address=S0123ABCDEF&feeds=ops", http.StatusOK, "Content-Type", "application/x-www-form-urlencoded")
	if err := site.Telling.SetGroups(t.Context()); err != nil {
		t.Fatal(err)
	}
	text := ask("GET", "/metrics", "", http.StatusOK)

	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]map[string][]string{}
	for name, family := range families {
		names := []string{name}
		if family.GetType() == dto.MetricType_HISTOGRAM {
			names = []string{name + "_count", name + "_sum", name + "_bucket"}
		}
		for _, n := range names {
			told[n] = map[string][]string{}
			if strings.HasSuffix(n, "_bucket") {
				told[n]["le"] = []string{}
			}
			for _, metric := range family.GetMetric() {
				for _, label := range metric.GetLabel() {
					told[n][label.GetName()] = append(told[n][label.GetName()], label.GetValue())
				}
			}
		}
	}
	return told
}

// TestPromtool holds the files against Prometheus itself, the dashboard's expressions
// too, and the alerts against what they are to say.
func TestPromtool(t *testing.T) {
	const what = "alerts and dashboard with promtool"
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		testreport.Skip(t, what, "there is no promtool (Debian: prometheus)")
	}
	var rules strings.Builder
	rules.WriteString("groups:\n- name: dashboard\n  rules:\n")
	for who, expr := range expressions(t) {
		if strings.HasPrefix(who, "panel ") {
			expr = strings.NewReplacer("$__rate_interval", "5m", "$team", ".*").Replace(expr)
			rules.WriteString("  - alert: Panel\n    expr: |\n      " + expr + "\n    annotations:\n      who: " + quoted(who) + "\n")
		}
	}
	fromDashboard := filepath.Join(t.TempDir(), "dashboard.yml")
	if err := os.WriteFile(fromDashboard, []byte(rules.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"check", "config", "prometheus.yml"},
		{"check", "rules", fromDashboard},
		{"test", "rules", "alerts_test.yml"},
	} {
		if out, err := exec.CommandContext(t.Context(), promtool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %q: %v\n%s", args, err, out)
		}
	}
	testreport.Ran(t, what)
}

// quoted is a text as YAML, without what Prometheus would fill in.
func quoted(text string) string {
	return "'" + strings.NewReplacer("'", "", "{", "", "}", "").Replace(text) + "'"
}
