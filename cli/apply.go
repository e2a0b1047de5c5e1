package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"dailyroster/client"
)

// file is what apply reads and pull writes: people and teams as the API has them. What a person
// or team in it does not say stays as it is on the server, and so does who is not in it.
type file struct {
	People []map[string]any `yaml:"people"`
	Teams  []map[string]any `yaml:"teams"`
}

// fieldsOfFile are those that pull writes, in their order: how things are arranged, and not what
// changes from day to day.
func fieldsOfFile(kind string) []string {
	if kind == "person" {
		return []string{"id", "name", "email", "phone", "chat", "zone"}
	}
	return []string{"id", "name", "roles", "settings", "rotations", "keepFilled", "agreeFirst", "holidays", "rates", "editors", "openEditing"}
}

type pullCmd struct {
	remote `embed:""`
}

func (c *pullCmd) run(ctx context.Context, w World) error {
	server, err := c.dial(w)
	if err != nil {
		return err
	}
	listed, err := everything(ctx, server)
	if err != nil {
		return err
	}
	if c.Output == "json" {
		out, err := json.MarshalIndent(map[string]any{"people": arranged("person", listed.People), "teams": arranged("team", listed.Teams)}, "", "  ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(w.Stdout, "%s\n", out)
		return err
	}
	root := &yaml.Node{Kind: yaml.MappingNode}
	for _, part := range []struct {
		name, kind string
		list       []map[string]any
	}{{"people", "person", listed.People}, {"teams", "team", listed.Teams}} {
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, one := range arranged(part.kind, part.list) {
			node := &yaml.Node{Kind: yaml.MappingNode}
			for _, name := range fieldsOfFile(part.kind) {
				value, there := one[name]
				if !there {
					continue
				}
				var field yaml.Node
				if err := field.Encode(value); err != nil {
					return err
				}
				node.Content = append(node.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name}, &field)
			}
			list.Content = append(list.Content, node)
		}
		root.Content = append(root.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: part.name}, list)
	}
	out := yaml.NewEncoder(w.Stdout)
	out.SetIndent(2)
	return errors.Join(out.Encode(root), out.Close())
}

// everything is what a server has, as the API says it.
func everything(ctx context.Context, server *client.ClientWithResponses) (listed file, err error) {
	people, err := server.ListPeopleWithResponse(ctx, nil)
	if err != nil {
		return listed, err
	}
	teams, err := server.ListTeamsWithResponse(ctx, nil)
	if err != nil {
		return listed, err
	}
	if err := errors.Join(json.Unmarshal(people.Body, &listed), json.Unmarshal(teams.Body, &listed)); err != nil {
		return listed, fmt.Errorf("the server's answer cannot be read: %w", err)
	}
	return listed, nil
}

// arranged are people or teams with the fields of a file that say anything.
func arranged(kind string, list []map[string]any) []map[string]any {
	all := make([]map[string]any, 0, len(list))
	for _, one := range list {
		kept := map[string]any{}
		for _, name := range fieldsOfFile(kind) {
			if value := one[name]; !isEmpty(value) {
				kept[name] = value
			}
		}
		all = append(all, kept)
	}
	return all
}

func isEmpty(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case float64:
		return v == 0
	case []any:
		return len(v) == 0
	}
	return false
}

type applyCmd struct {
	File   string `short:"f" required:"" help:"The file, in YAML or JSON; - is standard input." placeholder:"FILE"`
	Plan   bool   `help:"Only say what would change."`
	Yes    bool   `short:"y" help:"Do not ask."`
	remote `embed:""`
}

// change is what one entry of the file changes.
type change struct {
	kind, id string         // person or team
	is       map[string]any // on the server; nil for a new one
	want     map[string]any
	fields   []string // that differ
}

func (c *applyCmd) run(ctx context.Context, w World) error {
	wanted, err := c.read(w)
	if err != nil {
		return err
	}
	server, err := c.dial(w)
	if err != nil {
		return err
	}
	plan, err := planOf(ctx, server, wanted)
	if err != nil {
		return err
	}
	if err := c.show(w, plan); err != nil || len(plan) == 0 {
		return err
	}
	if c.Plan {
		return &ExitError{2}
	}
	if !c.Yes {
		_, _ = fmt.Fprint(w.Stderr, "Apply this? Type yes: ")
		answer, _ := bufio.NewReader(w.Stdin).ReadString('\n')
		if strings.TrimSpace(answer) != "yes" {
			_, _ = fmt.Fprintln(w.Stderr, "Nothing is changed.")
			return &ExitError{2}
		}
	}
	for _, ch := range plan {
		if err := ch.apply(ctx, server); err != nil {
			return fmt.Errorf("%s %s: %w", ch.kind, ch.id, err)
		}
		_, _ = fmt.Fprintf(w.Stderr, "%s %s is as the file says.\n", ch.kind, ch.id)
	}
	return nil
}

func (c *applyCmd) read(w World) (wanted file, err error) {
	var content []byte
	if c.File == "-" {
		content, err = io.ReadAll(w.Stdin)
	} else {
		content, err = os.ReadFile(c.File)
	}
	if err != nil {
		return wanted, err
	}
	in := yaml.NewDecoder(bytes.NewReader(content))
	in.KnownFields(true)
	if err := in.Decode(&wanted); err != nil && !errors.Is(err, io.EOF) {
		return wanted, fmt.Errorf("%s: %w", c.File, err)
	}
	// As it would be in JSON, so that it can be held against what the server has.
	plain, err := json.Marshal(map[string]any{"People": withDates(wanted.People), "Teams": withDates(wanted.Teams)})
	if err == nil {
		wanted = file{}
		err = json.Unmarshal(plain, &wanted)
	}
	if err != nil {
		return wanted, fmt.Errorf("%s: %w", c.File, err)
	}
	for kind, list := range map[string][]map[string]any{"people": wanted.People, "teams": wanted.Teams} {
		for i, one := range list {
			if id, _ := one["id"].(string); id == "" {
				return wanted, fmt.Errorf("%s: entry %d of %s has no id", c.File, i+1, kind)
			}
			if name, _ := one["name"].(string); name == "" {
				return wanted, fmt.Errorf("%s: %s has no name", c.File, one["id"])
			}
		}
	}
	return wanted, nil
}

// withDates is a value of a file with its dates as texts: YAML takes 2026-12-24 for an instant.
func withDates(value any) any {
	switch v := value.(type) {
	case []map[string]any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = withDates(v[i])
		}
		return all
	case map[string]any:
		for name := range v {
			v[name] = withDates(v[name])
		}
	case []any:
		for i := range v {
			v[i] = withDates(v[i])
		}
	case time.Time:
		return v.Format(time.DateOnly)
	}
	return value
}

// planOf compares a file with the server: people first, of whom the teams speak.
func planOf(ctx context.Context, server *client.ClientWithResponses, wanted file) ([]change, error) {
	has, err := everything(ctx, server)
	if err != nil {
		return nil, err
	}
	var plan []change
	for _, part := range []struct {
		kind      string
		want, has []map[string]any
	}{{"person", wanted.People, has.People}, {"team", wanted.Teams, has.Teams}} {
		known := make(map[any]map[string]any, len(part.has))
		for _, one := range part.has {
			known[one["id"]] = one
		}
		for _, want := range part.want {
			ch := change{kind: part.kind, want: want, is: known[want["id"]]}
			ch.id, _ = want["id"].(string) // see read
			if ch.is != nil {
				for _, name := range slices.Sorted(maps.Keys(want)) {
					if !saysSame(want[name], ch.is[name]) {
						ch.fields = append(ch.fields, name)
					}
				}
			}
			if ch.is == nil || len(ch.fields) > 0 {
				plan = append(plan, ch)
			}
		}
	}
	return plan, nil
}

// saysSame reports whether the server has what a file says: a text stands for something with that
// id or name, and what an entry does not say may be anything.
func saysSame(want, is any) bool {
	switch want := want.(type) {
	case map[string]any:
		has, ok := is.(map[string]any)
		if !ok {
			return false
		}
		for name, value := range want {
			if !saysSame(value, has[name]) {
				return false
			}
		}
		return true
	case []any:
		has, ok := is.([]any)
		if !ok || len(has) != len(want) {
			return ok && len(has) == len(want) || !ok && len(want) == 0
		}
		for i := range want {
			if !saysSame(want[i], has[i]) {
				return false
			}
		}
		return true
	case string:
		if has, ok := is.(map[string]any); ok {
			return want == has["id"] || want == has["name"]
		}
		return want == is || want == "" && is == nil
	case nil:
		return isEmpty(is)
	}
	return want == is
}

func (c *applyCmd) show(w World, plan []change) error {
	if c.Output == "json" {
		lines := make([]map[string]any, len(plan))
		for i, ch := range plan {
			lines[i] = map[string]any{"kind": ch.kind, "id": ch.id, "new": ch.is == nil, "fields": ch.fields}
		}
		out, err := json.Marshal(lines)
		if err == nil {
			_, err = fmt.Fprintf(w.Stdout, "%s\n", out)
		}
		return err
	}
	var text strings.Builder
	for _, ch := range plan {
		if ch.is == nil {
			fmt.Fprintf(&text, "+ %s %s is new: %s\n", ch.kind, ch.id, ch.want["name"])
			continue
		}
		fmt.Fprintf(&text, "~ %s %s\n", ch.kind, ch.id)
		for _, name := range ch.fields {
			fmt.Fprintf(&text, "    %s: %s → %s\n", name, short(ch.is[name]), short(ch.want[name]))
		}
	}
	if len(plan) == 0 {
		text.WriteString("The server is as the file says.\n")
	}
	_, err := io.WriteString(w.Stdout, text.String())
	return err
}

// short is a value in a line.
func short(value any) string {
	const most = 300
	out, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	text := []rune(string(out))
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}

// apply makes the server have what the file says, unless somebody changed it since the plan.
func (ch *change) apply(ctx context.Context, server *client.ClientWithResponses) error {
	body, err := json.Marshal(ch.want)
	if err != nil {
		return err
	}
	const kind = "application/json"
	revision, _ := ch.is["revision"].(string)
	match := `"` + revision + `"`
	switch {
	case ch.kind == "person" && ch.is == nil:
		_, err = server.MakePersonWithBodyWithResponse(ctx, nil, kind, bytes.NewReader(body))
	case ch.kind == "person":
		_, err = server.PutPersonWithBodyWithResponse(ctx, ch.id, &client.PutPersonParams{IfMatch: &match}, kind, bytes.NewReader(body))
	case ch.is == nil:
		_, err = server.MakeTeamWithBodyWithResponse(ctx, nil, kind, bytes.NewReader(body))
	default:
		_, err = server.PutTeamWithBodyWithResponse(ctx, ch.id, &client.PutTeamParams{IfMatch: &match}, kind, bytes.NewReader(body))
	}
	if hasStatus(err, http.StatusPreconditionFailed) {
		return errors.New("somebody changed it since the plan; run apply again")
	}
	return err
}
