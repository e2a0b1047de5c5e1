package handlers_test

import (
	"net/http"
	"strings"

	"dailyroster/assets"
)

// Parts of what is asked for most.
const (
	yearOfDays = "?from=2026-11-23&days=366"
	yearFromTo = "?from=2026-11-23&to=2027-11-23"
	fiveYears  = "?by=month&from=2024-11-23&to=2029-11-20"
	ok         = http.StatusOK
	seeOther   = http.StatusSeeOther
	refused    = http.StatusUnprocessableEntity

	// wholeExport is how much is read of the export of everything. All of it is a quarter of a
	// gigabyte, and takes as long as the store is large, but not more memory.
	wholeExport = 4 << 20

	// planWeight is how many kilobytes a plan of two years for eight roles weighs at most.
	planWeight = 160
)

// dearPages has the most expensive request of each route for people.
var dearPages = map[string][]dear{
	"GET /": {{status: ok, bound: everyTeam}},
	"POST /teams/{team}/start": {
		{own: true, body: form("name", "{fresh}", "change", "{fresh-id}"), status: http.StatusConflict},
		{own: true, body: form("name", strings.Repeat("x", 81), "change", "{fresh-id}"), status: refused},
	},
	"GET /example":         {{as: "admin", status: ok}},
	"POST /example":        {{as: "admin", status: seeOther}},
	"POST /example/remove": {{as: "admin", status: seeOther, bound: everyTeam}},
	"GET /teams":           {{status: ok, bound: everyTeam}},
	"POST /teams": {{as: "admin", status: seeOther, body: form(
		"name", "{fresh}", "zone", "UTC", "handOff", "09:00", "roles", "A,B,C,D,E,F,G,H")}},

	"GET /teams/{team}":            {{query: yearOfDays, status: ok, kB: 48}, {query: yearOfDays, status: ok, header: asHTMX, kB: 48}},
	"GET /teams/{team}/grid":       {{query: "?month=2027-05", status: ok}},
	"POST /teams/{team}/grid":      {{query: "?month=2026-12", own: true, body: pasted, status: http.StatusConflict, bound: manySeats}},
	"GET /teams/{team}/grid/table": {{query: "?month=2027-05", status: ok}},
	"GET /teams/{team}/oncall":     {{status: ok}},
	"GET /teams/{team}/history": {
		{query: "?limit=500", status: ok}, {query: "?limit=500&person=nobody", status: ok}, {query: "?limit=500&from=2026-01-01&to=2026-12-31", status: ok},
	},
	"GET /teams/{team}/days/{date}/history": {{header: asHTMX, status: ok}},
	"POST /teams/{team}/undo":               {{own: true, body: form("change", "{change}", "why", "Because"), status: seeOther, bound: manySeats}},
	"GET /teams/{team}/rotations": {
		{query: "?fill-from=2026-11-24&fill-to=2028-11-20&overwrite=yes", status: ok, kB: planWeight},
		{query: "?fill-from=2026-11-24&fill-to=2028-11-20", status: ok, kB: planWeight},
	},
	"POST /teams/{team}/rotations": {
		{status: seeOther, body: rotation(lines(10*99+9, ", ", func(i int) string { return knownPerson(i + 700) }))},
		{status: refused, kB: 48, body: rotation(lines(maxForm*6/10, ",", newPerson))},
	},
	"POST /teams/{team}/rotations/preview": {
		{status: ok, body: rotation(lines(10*99+9, ", ", func(i int) string { return knownPerson(i + 700) }))},
		{status: ok, body: rotation(lines(maxForm*6/10, ",", newPerson))},
	},
	"POST /teams/{team}/fill":        {{own: true, body: form("fill-from", "2026-11-24", "fill-to", "2028-11-20", "overwrite", "yes", "group", "{fresh-id}"), status: seeOther}},
	"GET /teams/{team}/fairness":     {{query: fiveYears, status: ok}},
	"GET /teams/{team}/fairness.csv": {{query: fiveYears, status: ok, kB: 256}},
	"GET /teams/{team}/pay":          {{query: fiveYears, status: ok, kB: 256}},
	"POST /teams/{team}/pay":         {{own: true, body: form("currency", "EUR", "hour", "1", "revision", "{team-revision}"), status: seeOther}},
	"GET /teams/{team}/pay.csv":      {{query: fiveYears, status: ok, kB: 256}},
	"GET /teams/{team}/people":       {{status: ok}},
	"GET /teams/{team}/holidays":     {{status: ok}},
	"GET /teams/{team}/import":       {{status: ok}},
	"POST /teams/{team}/import": {
		{body: previews(spreadsheet(1400, 11)), status: ok, bound: upload, kB: 1400},
		{body: previews(spreadsheetOf(knownPerson)), status: ok, kB: planWeight},
		{own: true, body: imports(knownPerson), status: seeOther},
		{body: previews(spreadsheetOf(newPerson)), status: refused},
	},
	"GET /teams/{team}/days.csv":      {{query: yearFromTo, status: ok}},
	"GET /teams/{team}/days.ics":      {{query: yearFromTo, status: ok, kB: 48}},
	"GET /teams/{team}/settings":      {{status: ok}},
	"POST /teams/{team}/settings":     {{own: true, status: seeOther, body: settings}},
	"POST /teams/{team}/take-back":    {{own: true, status: http.StatusConflict}},
	"POST /people/{person}/take-back": {{status: http.StatusConflict}},
	"GET /teams/{team}/hours":         {{query: "?start=sun", status: ok}},
	"POST /teams/{team}/hours": {
		{query: "?preview=yes", header: asHTMX, body: hoursOf("00:00-00:01"), status: ok},
		{own: true, body: hoursOf("00:00-00:02"), status: seeOther},
	},
	"POST /teams/{team}/remove": {{as: "admin", own: true, body: form("revision", "{team-revision}"), status: seeOther}},
	"GET /teams/{team}/events":  {{query: yearOfDays + "&seen=x", header: asStream, status: ok}},

	"GET /teams/{team}/days/{date}":           {{query: yearOfDays, header: asHTMX, status: ok}},
	"GET /teams/{team}/days/{date}/edit":      {{query: yearOfDays, header: asHTMX, status: ok}},
	"PUT /teams/{team}/days/{date}":           {{query: yearOfDays, header: asHTMX, body: form("role-0", "N1", "role-1", "N2", "role-2", "N3", "note", strings.Repeat("x", 280)), status: ok}},
	"POST /teams/{team}/days/{date}":          {{query: yearOfDays, body: form("role-0", "N4", "note", "y"), status: seeOther}},
	"DELETE /teams/{team}/days/{date}":        {{query: yearOfDays, header: asHTMX, status: ok}},
	"GET /teams/{team}/days/{date}/exchange":  {{query: "?role=role-0", status: ok}},
	"POST /teams/{team}/exchanges":            {{own: true, body: form("kind", "take", "date", "2027-06-24", "role", "role-0", "change", "{fresh-id}", "by", "t-0007-7"), status: seeOther}},
	"POST /teams/{team}/exchanges/{exchange}": {{own: true, body: form("answer", "agree", "person", "{person}"), status: seeOther}},

	"GET /me":                               {{status: ok}},
	"POST /me":                              {{body: form("name", "someone"), status: refused}},
	"POST /me/forget":                       {{status: seeOther}},
	"GET /search":                           {{query: "?q=a+e", status: ok}},
	"GET /people/suggestions":               {{query: "?q=a", status: ok}},
	"GET /people":                           {{status: ok}},
	"POST /people":                          {{body: form("name", "{fresh}"), status: seeOther}},
	"GET /people/{person}":                  {{status: ok, bound: everyTeam}},
	"POST /people/{person}":                 {{body: form("name", "{fresh}", "email", "x@example.org", "active", "yes", "revision", "{person-revision}"), status: seeOther}},
	"GET /wall":                             {{status: ok}, {query: "?teams=full-23,t-0001,t-0002,t-0003,t-0004,t-0005,t-0006,t-0007,t-0008,t-0009,t-0010,t-0011", status: ok}},
	"POST /hooks/slack/oncall":              {{body: form("text", ""), status: http.StatusUnauthorized}}, // with a signature as dear as the next
	"POST /hooks/mattermost/oncall":         {{body: form("text", "", "token", commandToken), status: ok}, {body: form("text", "full team 0x", "token", commandToken), status: ok}},
	"GET /people/{person}/contact.vcf":      {{status: ok}},
	"POST /people/{person}/absences":        {{body: form("from", "2031-12-01", "to", "2031-12-05", "revision", "{person-revision}"), status: refused, bound: everyTeam}},
	"POST /people/{person}/absences/remove": {{body: form("from", "2026-12-07", "to", "2026-12-08", "revision", "{person-revision}"), status: seeOther}},
	"GET /people/{person}/deactivate":       {{usual: true, query: "?from=2026-11-24", status: ok, bound: everyTeam}},
	"POST /people/{person}/deactivate":      {{as: "admin", usual: true, body: form("from", "2026-11-24", "group", "{fresh-id}", "revision", "{person-revision}"), status: seeOther, bound: everyTeam}},
	"GET /people/{person}/deactivated":      {{usual: true, query: "?group={fresh-id}", status: ok, bound: everyTeam}},
	"POST /people/{person}/activate":        {{usual: true, body: form("group", "{fresh-id}", "revision", "{person-revision}"), status: seeOther, bound: everyTeam}},
	"GET /people/{person}/calendar":         {{status: ok}},
	"POST /people/{person}/remove":          {{usual: true, body: form("revision", "{person-revision}"), status: seeOther, bound: everyTeam}},

	"GET /teams/{team}/tokens":                  {{status: ok}},
	"POST /teams/{team}/tokens":                 {{body: form("name", "New", "scope", "edit", "days", "30"), status: ok}},
	"POST /teams/{team}/tokens/{token}/revoke":  {{status: seeOther}},
	"GET /tokens":                               {{status: ok}},
	"POST /tokens":                              {{body: form("name", "New", "scope", "read", "days", "30"), status: ok}},
	"POST /tokens/{token}/revoke":               {{status: seeOther}},
	"GET /feeds/{secret}.ics":                   {{status: ok, kB: 64}},
	"GET /teams/{team}/feeds":                   {{status: ok}},
	"POST /teams/{team}/feeds":                  {{body: form("name", "New", "role", "role-0"), status: ok}},
	"POST /teams/{team}/feeds/{feed}/revoke":    {{status: seeOther}},
	"GET /people/{person}/feeds":                {{status: ok}},
	"POST /people/{person}/feeds":               {{body: form("name", "New"), status: ok}},
	"POST /people/{person}/feeds/{feed}/revoke": {{status: seeOther}},

	"GET /teams/{team}/notices":                      {{status: ok}},
	"POST /teams/{team}/notices/channels":            {{body: form("name", "New", "way", "chat", "address", "ntfy://ntfy.example.org/topic", "kind", "now"), status: seeOther}},
	"POST /teams/{team}/notices/{channel}/test":      {{status: seeOther}},
	"POST /teams/{team}/notices/{channel}/remove":    {{status: seeOther}},
	"GET /people/{person}/notices":                   {{status: ok, bound: everyTeam}},
	"POST /people/{person}/notices":                  {{body: form("kind", "now", "revision", "{person-revision}"), status: seeOther}},
	"POST /people/{person}/notices/test":             {{status: seeOther}},
	"POST /people/{person}/notices/channels":         {{body: form("name", "New", "way", "chat", "address", "ntfy://ntfy.example.org/topic", "kind", "now"), status: seeOther}},
	"POST /people/{person}/notices/{channel}/test":   {{status: seeOther}},
	"POST /people/{person}/notices/{channel}/remove": {{status: seeOther}},
	"GET /groups":                   {{as: "admin", status: ok}},
	"POST /groups":                  {{as: "admin", body: form("name", "New", "address", "S0123ABCDEF", "feeds", "{team}"), status: seeOther}},
	"POST /groups/{channel}/remove": {{as: "admin", status: seeOther}},
	"GET /unsubscribe/{team}/{date}/{notice}/{secret}":  {{status: ok}},
	"POST /unsubscribe/{team}/{date}/{notice}/{secret}": {{body: form("List-Unsubscribe", "One-Click"), status: ok}},

	"GET /signin":               {{status: seeOther}},
	"GET /signin/callback":      {{query: "?code=x&state=y", status: seeOther}},
	"POST /signout":             {{status: seeOther}},
	"POST /signout/everywhere":  {{as: "reader", status: seeOther}},
	"POST /signouts":            {{as: "admin", body: form("who", "{fresh}"), status: seeOther}},
	"GET /keys":                 {{status: ok}},
	"GET /offline":              {{status: ok}},
	"GET /manifest.webmanifest": {{status: ok}},
	"GET /sw.js":                {{status: ok}},
	"GET /signed-out":           {{status: ok}},

	"GET /coverage":     {{query: "?weeks=5", status: ok, bound: everyTeam}, {query: "?weeks=52", status: http.StatusBadRequest}},
	"GET /coverage.csv": {{query: "?weeks=5", status: ok, bound: everyTeam}},
	"GET /cluster":      {{status: ok}},
	"GET /api":          {{status: ok}},

	"POST /teams/{team}/holidays": {
		{header: asUpload, body: uploads(calendarOf(11_800)), status: refused}, {header: asUpload, body: uploads(repeating()), status: refused},
		{body: tickedForm(aHoliday), status: refused},
	},
	"POST /teams/{team}/holidays/remove": {{body: tickedForm(aHoliday), status: seeOther}},
	"POST /people/{person}/calendar": {
		{header: asUpload, body: uploads(calendarOf(11_800)), status: refused}, {header: asUpload, body: uploads(repeating()), status: refused},
		{body: tickedForm(anAbsence), status: refused},
	},
	"GET /export.jsonl": {{as: "admin", status: ok, leave: wholeExport}},

	"GET /livez":           {{status: ok}},
	"GET /readyz":          {{status: ok}},
	"GET /metrics":         {{status: ok, bound: everyTeam, kB: 48}}, // a line for each person on call
	"GET " + assets.Prefix: {{query: "htmx.min.js", status: http.StatusNotFound}},
}
