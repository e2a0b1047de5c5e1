package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	gocmp "github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/configuration.md")

// docs/configuration.md says what the program can be told, as the program itself knows it.
func TestConfigurationPage(t *testing.T) {
	const file = "docs/configuration.md"
	want := configurationPage(t)
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s is not what the flags make it; run go tool task docs (-want +got):\n%s", file, diff)
	}
}

const pageBegin = `# Configuration

<!-- Made from the flags of the program by "go tool task docs". Do not edit. -->

Each flag can also come from the environment. A flag on the command line takes precedence
over its environment variable, and an empty variable counts as unset. A duration is written
like ` + "`90s`, `10m` or `12h`" + `. What cannot work is refused at the start, with the name of the setting.
`

// configurationPage is the page, with a section for each command and a table for each group
// of its flags.
func configurationPage(t *testing.T) []byte {
	t.Helper()
	var asked commands
	parser, err := newParser(&asked, func(string) string { return "" }, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	page := bytes.NewBufferString(pageBegin)
	for _, command := range parser.Model.Children {
		fmt.Fprintf(page, "\n## roster %s\n\n%s", command.Name, asMarkdown(command.Help))
		if command.Tag.Default != "" {
			fmt.Fprint(page, " This is what `roster` does without a command.")
		}
		fmt.Fprintln(page)
		if len(command.Positional) > 0 {
			fmt.Fprint(page, "\n| Argument | Meaning |\n|---|---|\n")
		}
		for _, argument := range command.Positional {
			fmt.Fprintf(page, "| `<%s>` | %s |\n", argument.Name, asMarkdown(argument.Help))
		}
		group, begun := "", false
		for _, flag := range command.Flags {
			if flag.Name == "help" {
				continue
			}
			title := ""
			if flag.Group != nil {
				title = strings.TrimSuffix(flag.Group.Title, ":")
			}
			if title != group || !begun {
				group, begun = title, true
				if title != "" && len(command.Flags) > 2 { // a heading for one flag says nothing
					fmt.Fprintf(page, "\n### %s\n", title)
				}
				fmt.Fprint(page, "\n| Flag | Environment variable | Default | Meaning |\n|---|---|---|---|\n")
			}
			fmt.Fprintf(page, "| `--%s` | `%s` | %s | %s |\n", flag.Name, variable(flag.Name), defaultOf(flag), asMarkdown(flag.Help))
		}
		if command.Name == "serve" {
			writeSecrets(t, page, asked.Serve.secrets(), command.Flags)
		}
	}
	return page.Bytes()
}

// writeSecrets writes the table of what comes from the environment or a file alone.
func writeSecrets(t *testing.T, page io.Writer, secrets map[string]*secret, flags []*kong.Flag) {
	fmt.Fprint(page, "\n### Secrets\n\nSecrets have no flags, because other users of a machine can read its command lines.\n"+
		"\n| Environment variable | Meaning |\n|---|---|\n")
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		at := slices.IndexFunc(flags, func(f *kong.Flag) bool { return variable(f.Name) == name+"_FILE" })
		if at < 0 {
			t.Errorf("no flag names a file with %s", name)
			continue
		}
		fmt.Fprintf(page, "| `%s` | What the file in `--%s` would hold. If both are set, the file is not read. |\n", name, flags[at].Name)
	}
}

func defaultOf(flag *kong.Flag) string {
	switch {
	case flag.Required:
		return "required"
	case flag.Default == "":
		return ""
	}
	return "`" + flag.Default + "`"
}

// code is what stands in a help text as a reader would type it.
var code = regexp.MustCompile(`--[a-z][a-z-]+|(Daily Roster \\<)?[a-z]+@[a-z.]+[a-z]>?|ROSTER_[A-Z_]+|X-[A-Za-z-]+|\b(bolt|aerospike|https):[^ ]*[^ ,.]|/readyz|\?[a-z]+=[a-z]+|group=team[a-z=;,]*|[0-9.]+/[0-9]+|roster export`)

// asMarkdown is a help text in a cell of a table.
func asMarkdown(help string) string {
	help = strings.NewReplacer("|", `\|`, "<", `\<`, "*", `\*`).Replace(help)
	return code.ReplaceAllStringFunc(help, func(text string) string { return "`" + strings.ReplaceAll(text, `\<`, "<") + "`" })
}
