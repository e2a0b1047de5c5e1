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

// plainCell keeps a spreadsheet from running what somebody typed as a formula: each place
// where a cell may begin, and one that runs does, gets an apostrophe. A cell begins at the
// text's beginning, and wherever a program splits it that was told of another separator, or
// that starts a new row at each line break
// (https://owasp.org/www-community/attacks/CSV_Injection). Where there are apostrophes
// already it is one more, so that package intake can take it away again.
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
