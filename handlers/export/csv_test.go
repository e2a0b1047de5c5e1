package export

import (
	"bytes"
	"encoding/csv"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"dailyroster/intake"
)

func TestPlainCell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "Ana": "Ana", "'": "'", "a-b": "a-b", "1 + 1 = 2": "1 + 1 = 2", "ana@x.org": "ana@x.org", "'Ana": "'Ana",
		"=1+1": "'=1+1", "-": "'-", "+49 30": "'+49 30", "@ana": "'@ana", "\t=1": "'\t'=1",
		"Ana;=1+1": "Ana;'=1+1", "Ana; =1+1": "Ana; '=1+1", "Ana,@SUM(1)": "Ana,'@SUM(1)", "x\ty\t-1": "x\ty\t'-1", "x|=1": "x|'=1",
		"first\n=1+1": "first\n'=1+1", "first\r\n=1+1": "first\r\n'=1+1", `x;"=1`: `x;"'=1`, ` =1`: ` '=1`,
		"'=1": "''=1", "x;''=1": "x;'''=1", ";;=1": ";;'=1", "x;'": "x;'",
	} {
		if got := plainCell(text); got != want {
			t.Errorf("plainCell(%q): got %q, want %q", text, got, want)
		}
	}
}

// written is a file as it is answered.
func written(t interface{ Fatal(...any) }, rows [][]string) []byte {
	w := httptest.NewRecorder()
	copied := make([][]string, len(rows))
	for i, row := range rows {
		copied[i] = append([]string(nil), row...)
	}
	if err := answerCSV(w, "x", copied); err != nil {
		t.Fatal(err)
	}
	return w.Body.Bytes()
}

// However a program takes the file apart, no cell that comes of it is a formula.
func TestNoFormulas(t *testing.T) {
	t.Parallel()
	bits := []string{"=1", "+", "-x", "@", "'", ";", ",", "\t", "\n", "|", `"`, " ", "Ana", "="}
	rapid.Check(t, func(rt *rapid.T) {
		cell := strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 8).Draw(rt, "bits"), "")
		data := written(rt, [][]string{{"Date", "Primary", "Note"}, {"2026-11-24", cell, cell}})
		for _, comma := range []rune{',', ';', '\t', '|'} {
			r := csv.NewReader(bytes.NewReader(data))
			r.Comma, r.LazyQuotes, r.FieldsPerRecord = comma, true, -1
			rows, err := r.ReadAll()
			if err != nil {
				rt.Fatal(err)
			}
			for line := range strings.Lines(string(data)) { // some end a row at each line break
				rows = append(rows, strings.Split(strings.TrimRight(line, "\r\n"), string(comma)))
			}
			for _, row := range rows {
				for _, got := range row {
					if got = strings.TrimLeft(got, ` "`); got != "" && strings.Contains("=+-@\t\r", got[:1]) {
						rt.Fatalf("%q, read with %q: got the cell %q, want no formula", cell, comma, got)
					}
				}
			}
		}
	})
}

// What is exported is imported as it was, whatever it looks like.
func TestCSVRoundTrip(t *testing.T) {
	t.Parallel()
	bits := []string{"=1", "+", "-x", "@", "'", ";", ",", "|", `"`, "x", "Ana", "=", "\n=", " ;= y"}
	rapid.Check(t, func(rt *rapid.T) {
		rows := [][]string{{"Date", "Primary;=1", "Note"}}
		for range rapid.IntRange(1, 4).Draw(rt, "rows") {
			row := []string{"2026-11-24", "", "end"}
			text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(bits), 0, 8).Draw(rt, "bits"), "")
			var lines []string
			for line := range strings.SplitSeq(text, "\n") { // as the table tidies every cell
				if line = strings.Join(strings.Fields(line), " "); line != "" {
					lines = append(lines, line)
				}
			}
			row[1] = strings.Join(lines, "\n")
			rows = append(rows, row)
		}
		table, err := intake.ReadCSV(written(rt, rows))
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(rows, table.Rows); diff != "" {
			rt.Fatalf("imported (-exported +imported):\n%s", diff)
		}
	})
}
