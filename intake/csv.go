package intake

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"

	"dailyroster/words/said"
)

// ReadCSV reads values that are separated by commas, semicolons or tabs (RFC 4180), as
// spreadsheets save or copy them, or a table of Markdown. The error is for people.
func ReadCSV(data []byte) (Table, error) {
	text, err := decode(data)
	if err != nil {
		return Table{}, err
	}
	if strings.TrimSpace(text) == "" {
		return Table{}, said.New("there is nothing in it")
	}
	comma := separatorOf(text)
	if comma == '|' {
		return readMarkdown(text)
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	var b builder
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			return Table{}, said.New("line %d cannot be read: %w", parse.Line, parse.Err)
		}
		if err != nil {
			return Table{}, err
		}
		line, _ := r.FieldPos(0)
		cells := make([]string, len(record))
		for i, cell := range record {
			cells[i] = bare(cell)
		}
		if err := b.add(line, cells); err != nil {
			return Table{}, err
		}
	}
	return b.done(), nil
}

// bare removes the apostrophes that keep a spreadsheet from running parts of a cell as
// formulas; files of this program have them, see plainCell of package export.
func bare(cell string) string {
	if !strings.Contains(cell, "'") {
		return cell
	}
	var out strings.Builder
	begins := true // a cell may begin here, for some program
	for i := 0; i < len(cell); i++ {
		c := cell[i]
		if begins {
			rest := strings.TrimLeft(cell[i:], "'")
			marks := len(cell) - i - len(rest)
			kept := marks
			if rest != "" && marks > 0 && strings.IndexByte("=+-@\t\r", rest[0]) >= 0 {
				kept--
			}
			out.WriteString(cell[i : i+kept])
			if i += marks; rest == "" {
				break
			}
			c = cell[i]
			begins = marks == 0 && (c == ' ' || c == '"')
		}
		out.WriteByte(c)
		begins = begins || strings.IndexByte(",;|\t\r\n", c) >= 0
	}
	return out.String()
}

// separatorOf is the character that splits the lines into columns most evenly.
func separatorOf(text string) rune {
	if strings.HasPrefix(text, "Date,") { // as this program writes it, whatever is in the cells
		return ','
	}
	lines := strings.SplitN(text, "\n", 21)
	if len(lines) > 20 {
		lines = lines[:20]
	}
	best, score := ',', 0
	for _, c := range []rune{'\t', ';', ',', '|'} {
		with := 0
		for _, line := range lines {
			if n := strings.Count(line, string(c)); n > 1 || n == 1 && c != '|' {
				with++
			}
		}
		if c == '|' && !markdownRule.MatchString(text) {
			continue
		}
		if with > score {
			best, score = c, with
		}
	}
	return best
}

var markdownRule = regexp.MustCompile(`(?m)^[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*\|[-:| \t]*\r?$`)

// readMarkdown reads a table of GitHub's Markdown; text around it is left out.
func readMarkdown(text string) (Table, error) {
	var b builder
	number := 0
	for line := range strings.SplitSeq(text, "\n") {
		number++
		line = strings.TrimSpace(line)
		if !strings.Contains(line, "|") || markdownRule.MatchString(line) {
			continue
		}
		line = strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|")
		if err := b.add(number, strings.Split(line, "|")); err != nil {
			return Table{}, err
		}
	}
	return b.done(), nil
}
