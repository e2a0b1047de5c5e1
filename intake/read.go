package intake

import (
	"errors"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// errNothing is what people read of a text without a table or list.
var errNothing = said.New("no line says both a day and who is on call; write lines such as “3 Nov – 9 Nov: Ana”, or paste a table")

// Read reads what is no calendar: the tables and lists in it, which of them is most probably
// the roster, and how to read that. The error is for people.
func Read(data []byte, team *roster.Team, names roster.Names) (tables []Table, chosen int, m Mapping, err error) {
	dir := newDirectory(names)
	if KindOf(data) == KindHTML {
		if tables, err = readPage(data, team, dir); err != nil {
			return nil, 0, m, err
		}
		chosen, m = Best(tables, team, names)
		if isList(tables[chosen]) && tables[chosen].Title == allLists {
			chosen += partOf(tables[chosen:], team)
		}
		return tables, chosen, m, nil
	}
	text, err := decode(data)
	if err != nil {
		return nil, 0, m, err
	}
	table, err := ReadCSV(data)
	var share float64
	good := 0.0 // lines of the table that have a date and somebody
	if err == nil {
		m, share = guessed(table, team, dir)
		if m.Validate(table, team) != nil {
			share = 0
		}
		good = share * float64(len(table.Rows)-m.Heading)
	}
	markdown := err == nil && markdownRule.MatchString(text)
	if share >= convincing && !markdown {
		return []Table{table}, 0, m, nil
	}
	lists, failed := readLists(linesOf(text), team, dir)
	switch entries := entriesOf(lists); {
	case failed != nil && (err != nil || share == 0):
		return nil, 0, m, failed
	case entries == 0 && err != nil:
		return nil, 0, m, err
	case entries == 0 && len(table.Rows) > 0 && len(table.Rows[0]) == 1 && share == 0:
		return nil, 0, m, errNothing
	case entries == 0:
		return []Table{table}, 0, m, nil
	case markdown && len(table.Rows) > 1:
		if tables = append([]Table{table}, lists...); float64(entries) > good {
			return tables, 1 + partOf(lists, team), listMapping(), nil
		}
		return tables, 0, m, nil
	case float64(entries) > good:
		return lists, partOf(lists, team), listMapping(), nil
	}
	return []Table{table}, 0, m, nil
}

// convincing is the share of rows that have a date and somebody from which on a text is a
// table, and not looked at as a list.
const convincing = 0.5

// entriesOf is how many lines of the lists of a text are entries.
func entriesOf(lists []Table) (n int) {
	if len(lists) == 0 {
		return 0
	}
	for i, line := range lists[0].Lines {
		if row := lists[0].Rows[i]; i > 0 && row[len(row)-1] != "" && line != lists[0].Lines[i-1] {
			n++
		}
	}
	return n
}

// readPage reads the tables and the list of a page.
func readPage(data []byte, team *roster.Team, dir directory) ([]Table, error) {
	doc, err := parsePage(data)
	if err != nil {
		return nil, err
	}
	tables, err := tablesOf(doc)
	lists, failed := readLists(linesOfPage(doc, ancestorsOf(doc.Find("table"))), team, dir)
	switch {
	case failed == nil && len(lists) > 0:
		return append(tables[:min(len(tables), MaxTables-len(lists))], lists...), nil
	case errors.Is(err, errNoTable):
		return nil, errNothing
	}
	return tables, err
}
