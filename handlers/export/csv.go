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

// plainCell keeps a spreadsheet from running typed text as a formula: it puts an apostrophe
// before such text (https://owasp.org/www-community/attacks/CSV_Injection).
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
