package export

import (
	"bytes"
	"encoding/csv"
	"mime"
	"net/http"
	"strings"
)

// answerCSV answers with a table as a file for spreadsheets (RFC 4180). The first row names
// the columns.
func answerCSV(w http.ResponseWriter, name string, rows [][]string) error {
	var body bytes.Buffer
	table := csv.NewWriter(&body)
	table.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			row[i] = plainCell(cell)
		}
		if err := table.Write(row); err != nil {
			return err
		}
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name + ".csv"}))
	_, _ = w.Write(body.Bytes())
	return nil
}

// plainCell keeps a spreadsheet from running typed text as a formula
// (https://owasp.org/www-community/attacks/CSV_Injection). It puts an apostrophe wherever a
// cell that runs may begin: at the start of the text, and wherever a program with another
// separator, or one that starts a row at each line break, may split it. Where there are
// apostrophes already it adds one, so that package intake can remove it again.
func plainCell(text string) string {
	if !strings.ContainsAny(text, runs) {
		return text
	}
	var out strings.Builder
	begins := true
	for i := 0; i < len(text); i++ {
		c := text[i]
		if begins {
			rest := strings.TrimLeft(text[i:], "'")
			marks := len(text) - i - len(rest)
			out.WriteString(text[i : i+marks])
			if i += marks; rest == "" {
				break
			}
			if c = text[i]; strings.IndexByte(runs, c) >= 0 {
				out.WriteByte('\'')
			}
			begins = marks == 0 && (c == ' ' || c == '"')
		}
		out.WriteByte(c)
		begins = begins || strings.IndexByte(separates, c) >= 0
	}
	return out.String()
}

// What begins a formula, and what ends a cell or a row for some program.
const (
	runs      = "=+-@\t\r"
	separates = ",;|\t\r\n"
)
