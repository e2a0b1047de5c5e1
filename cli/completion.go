package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Shells are those for which there are completions.
func Shells() []string { return []string{"bash", "zsh", "fish"} }

// word is a command or a flag, and what it does.
type word struct{ text, help string }

// wordsOf are the commands of a program that people see, and the flags of each.
func wordsOf(model *kong.Application) (commands []word, flags map[string][]word) {
	flags = map[string][]word{}
	for _, node := range model.Children {
		if node.Hidden || node.Type != kong.CommandNode {
			continue
		}
		commands = append(commands, word{node.Name, firstSentence(node.Help)})
		for _, group := range node.AllFlags(true) {
			for _, flag := range group {
				flags[node.Name] = append(flags[node.Name], word{"--" + flag.Name, firstSentence(flag.Help)})
			}
		}
	}
	return commands, flags
}

// firstSentence is a help text in one line, without its full stop.
func firstSentence(help string) string {
	text, _, _ := strings.Cut(strings.ReplaceAll(help, "\n", " "), ". ")
	return strings.TrimSuffix(text, ".")
}

// Completion writes what a shell reads to complete the program's commands and flags.
func Completion(out io.Writer, model *kong.Application, shell string) error {
	commands, flags := wordsOf(model)
	var text strings.Builder
	switch shell {
	case "bash":
		bash(&text, model.Name, commands, flags)
	case "zsh":
		zsh(&text, model.Name, commands, flags)
	case "fish":
		fish(&text, model.Name, commands, flags)
	default:
		return fmt.Errorf("there is no completion for %q; there is one for %s", shell, strings.Join(Shells(), ", "))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

func bash(out *strings.Builder, name string, commands []word, flags map[string][]word) {
	fmt.Fprintf(out, "# Completion of %[1]s for bash.\n_%[1]s() {\n  local word=${COMP_WORDS[COMP_CWORD]} words=\"%[2]s\"\n  if ((COMP_CWORD > 1)); then\n    case ${COMP_WORDS[1]} in\n", name, list(commands))
	for _, c := range commands {
		fmt.Fprintf(out, "    %s) words=\"%s\" ;;\n", c.text, list(flags[c.text]))
	}
	fmt.Fprintf(out, "    *) words=\"\" ;;\n    esac\n  fi\n  if [[ -n $words && ( $word == -* || COMP_CWORD -eq 1 ) ]]; then\n    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n  else\n    mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n  fi\n}\ncomplete -F _%[1]s %[1]s\n", name)
}

func list(words []word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

func zsh(out *strings.Builder, name string, commands []word, flags map[string][]word) {
	quoted := func(w word) string {
		return "'" + strings.NewReplacer("'", `'\''`, ":", `\:`, "[", `\[`, "]", `\]`).Replace(w.text) + ":" + strings.NewReplacer("'", `'\''`).Replace(w.help) + "'"
	}
	fmt.Fprintf(out, "#compdef %s\n# Completion of %s for zsh.\nlocal -a commands\nif ((CURRENT == 2)); then\n  commands=(\n", name, name)
	for _, c := range commands {
		fmt.Fprintf(out, "    %s\n", quoted(c))
	}
	out.WriteString("  )\n  _describe command commands\n  return\nfi\nlocal -a flags\ncase $words[2] in\n")
	for _, c := range commands {
		fmt.Fprintf(out, "%s) flags=(\n", c.text)
		for _, f := range flags[c.text] {
			fmt.Fprintf(out, "    %s\n", quoted(f))
		}
		out.WriteString("  ) ;;\n")
	}
	out.WriteString("esac\n_describe flag flags\n_files\n")
}

func fish(out *strings.Builder, name string, commands []word, flags map[string][]word) {
	quote := func(text string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'" }
	fmt.Fprintf(out, "# Completion of %s for fish.\n", name)
	for _, c := range commands {
		fmt.Fprintf(out, "complete -c %s -f -n __fish_use_subcommand -a %s -d %s\n", name, c.text, quote(c.help))
		for _, f := range flags[c.text] {
			fmt.Fprintf(out, "complete -c %s -n '__fish_seen_subcommand_from %s' -l %s -d %s\n", name, c.text, strings.TrimPrefix(f.text, "--"), quote(f.help))
		}
	}
}
