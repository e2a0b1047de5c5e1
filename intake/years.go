package intake

// YearTaken is a year that is not written, from a line on.
type YearTaken struct {
	Line int // in the file
	Year int
	From YearFrom
}

// YearFrom says where a year is taken from.
type YearFrom string

// Where a year can come from.
const (
	YearOfHeading YearFrom = "heading" // of the list, the section or the table
	YearNearToday YearFrom = "today"   // the date is nearest to today then
	YearOfBefore  YearFrom = "before"  // the date is nearest to the one before it then
)

// maxYears is how many such years are told.
const maxYears = 12

// tellYear tells a year that is not written, if it is the first or another than that of the
// line before.
func (u *understanding) tellYear(line *Line, from YearFrom, before int) {
	n := len(u.reading.Years)
	if n > 0 && line.From.Year == before && from == YearOfBefore || n == maxYears {
		return
	}
	if n > 0 && u.reading.Years[n-1].Year == line.From.Year {
		return
	}
	u.reading.Years = append(u.reading.Years, YearTaken{Line: line.Number, Year: line.From.Year, From: from})
}
