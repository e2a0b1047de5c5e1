package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// Manual writes the manual page of the program, in the macros of man(7), from its commands and
// flags.
func Manual(out io.Writer, model *kong.Application, version string) error {
	var text strings.Builder
	fmt.Fprintf(&text, ".TH %s 1 \"\" \"%s %s\" \"User Commands\"\n.SH NAME\n%s \\- who is on call, now and on any day\n.SH SYNOPSIS\n.B %s\n.I command\n[flags]\n.SH DESCRIPTION\n%s\n.SH COMMANDS\n",
		strings.ToUpper(model.Name), model.Name, roff(version), model.Name, model.Name, roff(model.Help))
	for _, node := range model.Children {
		if node.Hidden || node.Type != kong.CommandNode {
			continue
		}
		fmt.Fprintf(&text, ".SS %s\n%s\n", roff(strings.TrimPrefix(node.Summary(), model.Name+" ")), roff(node.Help))
		for _, arg := range node.Positional {
			fmt.Fprintf(&text, ".TP\n.I %s\n%s\n", roff(arg.Name), roff(arg.Help))
		}
		for _, group := range node.AllFlags(true) {
			for _, flag := range group {
				if flag.Name == "help" {
					continue
				}
				fmt.Fprintf(&text, ".TP\n.B %s\n%s\n", roff(flag.String()), roff(flag.Help))
			}
		}
	}
	text.WriteString(".SH ENVIRONMENT\nEach flag can also come from the environment: \\-\\-listen from ROSTER_LISTEN, and so on.\n" +
		".SH FILES\n.TP\n.I ~/.config/roster/config.yaml\nserver: and token: of the server that the commands for one ask.\n" +
		".SH EXIT STATUS\n0 for success, 1 for an error, 2 where apply found differences and left them.\n")
	_, err := io.WriteString(out, text.String())
	return err
}

// roff is a text with what roff would take for itself escaped.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, ".") || strings.HasPrefix(line, "'") {
			lines[i] = `\&` + line
		}
	}
	return strings.Join(lines, "\n")
}
