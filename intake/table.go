// Package intake understands rosters that people keep elsewhere: files of comma-separated
// values, lists within a text, and tables and lists of web pages, as far as they say days,
// roles and people. It only reads. Its callers show each line as it was understood, and make
// the changes.
//
// Reading has three steps. Read turns the file into tables: cells of text. Guess says what
// the columns are; people can correct that. Understand then turns the rows into who has which
// role on which days, and gives the reason for each row that it cannot understand. A list is
// a table too, whose columns are known.
package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"

	"dailyroster/words/said"
)

// What is read at most of one file.
const (
	MaxRows    = 1500
	MaxColumns = 40
	MaxTables  = 20
	maxCell    = 300     // characters; the rest of a longer cell is cut off
	maxText    = 300_000 // bytes of all cells together
)

// Table is a file or a part of it, as cells.
type Table struct {
	Title string `json:"title,omitempty"` // what stands above it, "" for nothing
	// Rows are equally long. Lines within a cell are kept apart by line feeds.
	Rows [][]string `json:"rows"`
	// Lines are the rows' lines in the file, or their numbers in the table, from 1.
	Lines []int `json:"lines"`
	// Left are the lines of a list that are not in Rows, in order, although they look as if
	// they said who is on call.
	Left []Left `json:"left,omitempty"`
	// Unread is how many other lines there are around a list.
	Unread int `json:"unread,omitempty"`
}

// Valid reports whether the table is one that a reader can have made: it may come back
// from a browser.
func (t Table) Valid() error {
	if len(t.Rows) != len(t.Lines) || len(t.Rows) > MaxRows {
		return said.New("the table has another number of rows than it may")
	}
	if len(t.Left) > maxLeft || t.Unread < 0 {
		return said.New("the table has more lines that are left out than it may")
	}
	for _, left := range t.Left {
		if !validCell(left.Text) || !validCell(left.Says) {
			return said.New("the table has a line that is no text")
		}
	}
	for _, row := range t.Rows {
		if len(row) != len(t.Rows[0]) || len(row) > MaxColumns {
			return said.New("the table has another number of columns than it may")
		}
		for _, cell := range row {
			if !validCell(cell) {
				return said.New("the table has a cell that is no text")
			}
		}
	}
	return nil
}

func validCell(cell string) bool {
	return utf8.ValidString(cell) && utf8.RuneCountInString(cell) <= maxCell
}

// builder collects rows and keeps within the limits.
type builder struct {
	table Table
	bytes int
}

var errTooLarge = said.New("this is more than %d rows, %d columns or %d kB of text; take a part of it", MaxRows, MaxColumns, maxText/1000)

// add adds a row as it is written.
func (b *builder) add(line int, cells []string) error {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if len(cells) > MaxColumns {
		return errTooLarge
	}
	row := make([]string, len(cells))
	for i, c := range cells {
		row[i] = tidy(c)
	}
	return b.addTidy(line, row)
}

// addTidy adds a row whose cells are tidy, and keeps it.
func (b *builder) addTidy(line int, row []string) error {
	for len(row) > 0 && row[len(row)-1] == "" {
		row = row[:len(row)-1]
	}
	for _, cell := range row {
		b.bytes += len(cell)
	}
	if len(row) > MaxColumns || len(b.table.Rows) == MaxRows || b.bytes > maxText {
		return errTooLarge
	}
	b.table.Rows = append(b.table.Rows, row)
	b.table.Lines = append(b.table.Lines, line)
	return nil
}

// done gives the table, its rows filled up to the same length and without empty ones.
func (b *builder) done() Table {
	t := Table{Title: b.table.Title}
	width := 0
	for _, row := range b.table.Rows {
		width = max(width, len(row))
	}
	for i, row := range b.table.Rows {
		if len(row) > 0 {
			t.Rows = append(t.Rows, append(row, make([]string, width-len(row))...))
			t.Lines = append(t.Lines, b.table.Lines[i])
		}
	}
	return t
}

// tidy is a cell's text with single spaces, without invisible characters, and not too long.
func tidy(s string) string {
	if len(s) <= maxCell && single(s) {
		return s
	}
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.Map(func(r rune) rune {
			switch {
			case unicode.IsSpace(r):
				return ' '
			case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == utf8.RuneError:
				return -1
			}
			return r
		}, line)
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	text := []rune(strings.Join(lines, "\n"))
	if len(text) > maxCell {
		text = append(text[:maxCell-1], '…')
	}
	return string(text)
}

// decode turns a file into text: UTF-8, UTF-16 with its mark, or what older spreadsheets
// write, Windows-1252.
func decode(data []byte) (string, error) {
	switch {
	case len(data) >= 2 && (data[0] == 0xff && data[1] == 0xfe || data[0] == 0xfe && data[1] == 0xff):
		text, err := xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM).NewDecoder().Bytes(data)
		return string(text), err
	case utf8.Valid(data):
		return strings.TrimPrefix(string(data), "\ufeff"), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	return string(text), err
}
