package api

import (
	"fmt"
	"net/http"
)

func describeExports(d *describer) {
	days := "/teams/ops/days%s?from=2026-11-23&to=2026-11-24"
	d.add(Operation{
		ID: "exportDaysCSV", Method: "GET", Path: "/teams/{team}/days.csv", Summary: "Export a range of days for spreadsheets",
		Text: "You can import the file again.", Query: rangeParameters(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The days.", File: "text/csv", Plain: "A row for each day, with a column for each role and one for the note (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe."}},
		Examples: []Example{{Summary: "Two days", Target: fmt.Sprintf(days, ".csv")}},
	}, Operation{
		ID: "exportDaysCalendar", Method: "GET", Path: "/teams/{team}/days.ics", Summary: "Export a range of days as a calendar",
		Text: "You can import the file again.", Query: rangeParameters(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The shifts.", File: calendarType, Plain: "An event for each shift and role (RFC 5545)."}},
		Examples: []Example{{Summary: "Two days", Target: fmt.Sprintf(days, ".ics")}},
	}, Operation{
		ID: "exportPayCSV", Method: "GET", Path: "/teams/{team}/pay.csv", Summary: "Export what people are paid, for spreadsheets", Query: payParameters(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The hours and amounts.", File: "text/csv", Plain: "A row for each person and month (RFC 4180)."}},
		Examples: []Example{{Summary: "A month", Target: "/teams/ops/pay.csv?from=2026-11-01&to=2026-11-30"}},
	}, Operation{
		ID: "exportEverything", Method: "GET", Path: "/export", Summary: "Export everything, for all teams",
		Text:     "The export has people, teams, tokens without their secrets, days and history, for `roster restore`. Its last line has counts and a checksum. If that line is missing, the export is incomplete.",
		Answers:  []Answered{{Status: http.StatusOK, Text: "Everything.", File: "application/jsonl", Plain: "A JSON object on each line."}},
		Examples: []Example{{Summary: "Everything", Target: "/export"}},
	})
}
