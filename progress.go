package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// progress shows how far something is: as a bar on a terminal, elsewhere as a line for
// every tenth of the way.
type progress struct {
	out      io.Writer
	verb     string
	terminal bool
	last     int // what was shown last, in percent or in tenths
	begun    bool
}

func newProgress(out io.Writer, verb string) *progress {
	p := &progress{out: out, verb: verb, last: -1}
	if file, ok := out.(*os.File); ok {
		p.terminal = term.IsTerminal(int(file.Fd()))
	}
	return p
}

// show is an archive.Progress.
func (p *progress) show(done, total int) {
	if total == 0 {
		return
	}
	p.begun = true
	if !p.terminal {
		if tenth := 10 * done / total; tenth != p.last {
			p.last = tenth
			_, _ = fmt.Fprintf(p.out, "%s %d of %d\n", p.verb, done, total)
		}
		return
	}
	if percent := 100 * done / total; percent != p.last {
		p.last = percent
		const width = 40
		full := width * done / total
		_, _ = fmt.Fprintf(p.out, "\r%s [%s%s] %3d %%", p.verb, strings.Repeat("=", full), strings.Repeat(" ", width-full), percent)
	}
}

// end leaves the line of the bar.
func (p *progress) end() {
	if p.terminal && p.begun {
		_, _ = fmt.Fprintln(p.out)
	}
}
