package intake

import (
	"fmt"
	"strings"
	"testing"

	"dailyroster/check/corpus"
	"dailyroster/roster"
)

// price is the most that it may cost to read a file and to understand it.
var price = corpus.Price{Bytes: corpus.Line{Base: 4 << 20, Each: 300}, Allocs: corpus.Line{Base: 20_000, Each: 3}}

// readAll reads a file as an import does, and understands all of its tables.
func readAll(data []byte) {
	names, wide := someNames(), wideTeam()
	tables, _, _, _ := Read(data, &wide, names)
	for _, table := range tables {
		if m, _ := Guess(table, &wide, names); m.Validate(table, &wide) == nil {
			Understand(table, m, &wide, names, nil, today)
		}
	}
}

// wideTeam has as many roles as a team can have.
func wideTeam() roster.Team {
	wide := team
	for i := len(wide.Roles); i < 8; i++ {
		wide.Roles = append(wide.Roles[:i:i], roster.Role{ID: roster.RoleID(fmt.Sprintf("role-%d", i)), Name: fmt.Sprintf("Role %d", i)})
	}
	return wide
}

// fill repeats a piece, whose verb is its number, between a beginning and an end until the
// file has the size.
func fill(size int, begin, piece, end string) []byte {
	var b strings.Builder
	b.WriteString(begin)
	for i := 0; b.Len()+len(piece)+len(end)+8 < size; i++ {
		if strings.Contains(piece, "%") {
			fmt.Fprintf(&b, piece, i)
		} else {
			b.WriteString(piece)
		}
	}
	b.WriteString(end)
	return []byte(b.String())
}

func rows(n int, row string) string { return strings.Repeat(row, n) }

// What grew faster than the file, or would have, is within the price: at a size that is
// pasted, and at the largest that is read.
func TestPriceOfTheWorst(t *testing.T) {
	const table = "<table><tr><td>2026-11-23<td>Ana<tr><td>2026-11-24<td>Bo</table>"
	for what, shape := range map[string]func(size int) []byte{
		"text":                 func(size int) []byte { return fill(size, "", "x", "") },
		"commas":               func(size int) []byte { return fill(size, "", ",", "a") },
		"quotes":               func(size int) []byte { return fill(size, "a,\"b\n", "\"\"\n", "") },
		"short lines":          func(size int) []byte { return fill(size, strings.Repeat("a,", 39)+"b\n", "a\n", "") },
		"dates in all columns": func(size int) []byte { return fill(size, "", strings.Repeat("23 Nov – 29,", 39)+"Ana\n", "") },
		"names of roles": func(size int) []byte {
			return fill(size, "Date"+strings.Repeat(",x", 39)+"\n", "2026-11-23"+strings.Repeat(",l1", 39)+"\n", "")
		},
		"long rows of one name in two spellings": func(size int) []byte {
			years := "2025-12-01 – 2026-11-29" + strings.Repeat(",Zoë", 8) + "\n2025-12-01 – 2026-11-29" + strings.Repeat(",ZOË", 8) + "\n"
			return fill(size, "Date,Primary,Secondary,Role 2,Role 3,Role 4,Role 5,Role 6,Role 7\n", years, "")
		},
		"new names": func(size int) []byte {
			return fill(size, "Date,Primary\n", "2026-11-23,Nobody %[1]d and Else %[1]d\n", "")
		},
		"a Markdown rule": func(size int) []byte { return fill(size, "|a|b|\n|--|--|\n", "|:-", "") },

		"cells that span": func(size int) []byte {
			return fill(size, "<table><tr><td rowspan=0>2026-11-23"+rows(38, "<td rowspan=0>l1")+"<td rowspan=0>Ana", "<tr>", "")
		},
		"wide cells that span": func(size int) []byte { return fill(size, "<table>", "<tr><td rowspan=99 colspan=40>2026-11-23", "") },
		"many tables that are wide": func(size int) []byte {
			return fill(size, "", "<table><tr><td rowspan=0 colspan=40>x"+rows(99, "<tr>")+"<tr><td colspan=41>y</table>", "")
		},
		"tables within tables":    func(size int) []byte { return fill(size, rows(100, "<table><tr><td>"), "<td>x", "") },
		"headings before a table": func(size int) []byte { return fill(size, "<div>", "<h1>x</h1>", "</div>"+rows(30, "<p>x</p>"+table)) },
		"headings before each table": func(size int) []byte {
			return fill(size, "<div>"+rows(size/20, "<h1>x</h1>")+"</div>", "<section>"+table+"</section>", "")
		},
		"blocks before each table": func(size int) []byte {
			return fill(size, "<div>"+rows(size/20, "<p>x</p>")+"</div>", "<section>"+table+"</section>", "")
		},
		"drawings": func(size int) []byte {
			return fill(size, "<table><tr><td>a<svg>"+rows(200, "<tr><td>"), "x", "")
		},
		"formatting that is opened anew": func(size int) []byte {
			var bold strings.Builder
			for i := range min(450, size/40) {
				fmt.Fprintf(&bold, "<b class=%d>", i)
			}
			return fill(size, table+"<p>"+bold.String(), "<p>x", "")
		},
		"text that goes on":         func(size int) []byte { return fill(size, table, "xxxxxx</i>", "") },
		"text that goes on, blocks": func(size int) []byte { return fill(size, table+"<div>", "xxxxx</li>", "") },
		"text before a table":       func(size int) []byte { return fill(size, "<table>", "<tr>xxxxxx", "") },
		"space that goes on":        func(size int) []byte { return fill(size, "<table><tr><td><time>", "</li>    ", "") },
		"options":                   func(size int) []byte { return fill(size, "<table><tr><td><select>", "xxxxx<option>", "") },
		"attributes of the page":    func(size int) []byte { return fill(size, table, "<html a%d>", "") },
		"attributes of an element":  func(size int) []byte { return fill(size, table+"<b ", "a%d ", "><p>x<p>x<p>x") },
		"deep elements":             func(size int) []byte { return fill(size, table+rows(400, "<div>"), "<li>x", "") },
		"a long title":              func(size int) []byte { return fill(size, "<h1>", "title ", "</h1>"+rows(30, "<p>x</p>"+table)) },
		"entries of a list":         func(size int) []byte { return fill(size, "", "- 23 Nov – 29 Nov: Ana (link)\n", "") },
		"lines of a letter":         func(size int) []byte { return fill(size, "3 Nov: Ana\n", "x\n", "") },
		"a line of dates":           func(size int) []byte { return fill(size, "Ana: 3 Nov", ", 10 Nov", "") },
		"lines of dates":            func(size int) []byte { return fill(size, "", "Ana: "+rows(50, "3 Nov, ")+"\n", "") },
		"numbers in prose":          func(size int) []byte { return fill(size, "3 Nov: Ana\n", rows(300, "1 ")+"\n", "") },
		"days of a heading":         func(size int) []byte { return fill(size, "# November\n", "3"+rows(100, ", 3")+": Ana\n", "") },
		"names below a date":        func(size int) []byte { return fill(size, "3 Nov\n", "- Ana\n", "") },
		"dates below a name":        func(size int) []byte { return fill(size, "Ana:\n", "- 3 Nov\n", "") },
		"deeper and deeper": func(size int) []byte {
			var b strings.Builder
			for i := 0; b.Len() < size-1000; i = (i + 1) % 900 {
				b.WriteString(strings.Repeat(" ", i) + "2026\n")
			}
			return []byte(b.String())
		},
		"entries that differ": func(size int) []byte {
			return fill(size, "", "x%[1]d 3 Nov: a%[1]d (b%[1]d)\n", "")
		},
		"signs of links":       func(size int) []byte { return fill(size, "3 Nov: Ana\n", rows(200, "[x](")+"\n", "") },
		"brackets":             func(size int) []byte { return fill(size, "", "3 Nov: "+rows(300, "(")+"Ana\n", "") },
		"labels":               func(size int) []byte { return fill(size, "", "3 Nov: "+rows(300, "a:")+"Ana\n", "") },
		"notes":                func(size int) []byte { return fill(size, "", "3 Nov: "+rows(200, "A - ")+"Ana\n", "") },
		"emphasis":             func(size int) []byte { return fill(size, "", "3 Nov: "+rows(400, "* ")+"Ana\n", "") },
		"a block of code":      func(size int) []byte { return fill(size, "```\n", "2026-11-23   ana   bo\n", "```\n") },
		"a list of a page":     func(size int) []byte { return fill(size, "<ul>", "<li>23 Nov: Ana</li>", "</ul>") },
		"items without an end": func(size int) []byte { return fill(size, "<ul>", "<li>23 Nov: Ana<ul>", "") },
		"code on a page":       func(size int) []byte { return fill(size, "<pre>", "23 Nov: Ana\n", "</pre>") },
		"blocks of code":       func(size int) []byte { return fill(size, "<ul>", "<pre>x", "") },
		"entities":             func(size int) []byte { return fill(size, "<table><tr><td>", "&", "") },
	} {
		t.Run(what, func(t *testing.T) {
			for _, size := range []int{corpus.Long, 1 << 20} {
				data := shape(size)
				price.Of(t, len(data), func() uint64 { readAll(data); return 0 })
			}
		})
	}
}
