package api

import (
	"fmt"
	"net/http"
)

func describeExports(d *describer) {
	days := "/teams/ops/days%s?from=2026-11-23&to=2026-11-24"
	d.add(Operation{
		ID: "exportDaysCSV", Method: "GET", Path: "/teams/{team}/days.csv", Summary: "Read a range of days as a file for spreadsheets",
		Text: "What it gives can be imported again.", Query: rangeParameters(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The days.", File: "text/csv", Plain: "A row for each day, a column for each role, and the note (RFC 4180). A cell that a spreadsheet would take for a formula has an apostrophe before it."}},
		Examples: []Example{{Summary: "Two days", Target: fmt.Sprintf(days, ".csv")}},
	}, Operation{
		ID: "exportDaysCalendar", Method: "GET", Path: "/teams/{team}/days.ics", Summary: "Read a range of days as a calendar",
		Text: "What it gives can be imported again.", Query: rangeParameters(),
		Answers:  []Answered{{Status: http.StatusOK, Text: "The shifts.", File: calendarType, Plain: "An event for each shift and role (RFC 5545)."}},
		Examples: []Example{{Summary: "Two days", Target: fmt.Sprintf(days, ".ics")}},
	}, Operation{
		ID: "exportEverything", Method: "GET", Path: "/export", Summary: "Read everything that is kept, of all teams",
		Text:     "People, teams, tokens without their secrets, days and history, for `roster restore`. An answer without its last line, which has the counts and a checksum, broke off.",
		Answers:  []Answered{{Status: http.StatusOK, Text: "Everything.", File: "application/jsonl", Plain: "A JSON object in each line."}},
		Examples: []Example{{Summary: "Everything", Target: "/export"}},
	})
}
