package handlers_test

import (
	"net/http"
)

// dearAPI has the most expensive request of each route for programs.
var dearAPI = map[string][]dear{
	"GET /api/v1/oncall":       {{status: ok, bound: everyTeam, kB: 48}},
	"GET /api/v1/coverage":     {{query: "?weeks=5", status: ok, bound: everyTeam}},
	"GET /api/v1/cluster":      {{status: ok}},
	"GET /api/v1/openapi.json": {{status: ok}},
	"GET /api/v1/export":       {{as: "admin", status: ok, leave: wholeExport}},

	"GET /api/v1/teams":           {{status: ok, kB: 160}},
	"POST /api/v1/teams":          {{as: "admin", body: sends(`{"name":"{fresh}"}`), status: http.StatusCreated}},
	"GET /api/v1/teams/{team}":    {{status: ok}},
	"PUT /api/v1/teams/{team}":    {{body: fullTeamBody, status: ok}},
	"DELETE /api/v1/teams/{team}": {{as: "admin", own: true, status: http.StatusNoContent}},

	"GET /api/v1/teams/{team}/oncall": {{status: ok}},
	"GET /api/v1/teams/{team}/changes": {
		{query: "?limit=500", status: ok}, {query: "?limit=500&person=nobody", status: ok}, {query: "?limit=500&from=2026-01-01&to=2026-12-31", status: ok},
	},
	"POST /api/v1/teams/{team}/fill": {
		{body: sends(`{"from":"2026-11-24","to":"2028-11-20","overwrite":true,"preview":true}`), status: ok, kB: planWeight},
		{own: true, body: sends(`{"from":"2026-11-24","to":"2028-11-20","overwrite":true}`), status: ok, kB: planWeight},
	},
	"POST /api/v1/teams/{team}/undo":       {{own: true, body: sends(`{"change":"{change}","why":"Because"}`), status: ok, bound: manySeats}},
	"GET /api/v1/teams/{team}/fairness":    {{query: fiveYears, status: ok, kB: 64}},
	"GET /api/v1/teams/{team}/pay":         {{query: fiveYears, status: ok, kB: 256}},
	"GET /api/v1/teams/{team}/pay.csv":     {{query: fiveYears, status: ok, kB: 256}},
	"GET /api/v1/teams/{team}/holidays":    {{status: ok}},
	"DELETE /api/v1/teams/{team}/holidays": {{own: true, status: http.StatusNoContent}},

	"GET /api/v1/teams/{team}/days":     {{query: yearFromTo, status: ok}},
	"GET /api/v1/teams/{team}/days.csv": {{query: yearFromTo, status: ok}},
	"GET /api/v1/teams/{team}/days.ics": {{query: yearFromTo, status: ok, kB: 48}},
	"POST /api/v1/teams/{team}/days": {
		{own: true, body: assignments(knownPerson), status: ok}, {own: true, body: assignments(newPerson), status: refused},
	},
	"GET /api/v1/teams/{team}/days/{date}":    {{status: ok}},
	"PUT /api/v1/teams/{team}/days/{date}":    {{body: sends(`{"assignments":{"role-0":"M1","role-1":"M2","role-2":"M3"}}`), status: ok}},
	"DELETE /api/v1/teams/{team}/days/{date}": {{status: ok}},

	"GET /api/v1/teams/{team}/exchanges":                                             {{status: ok}},
	"POST /api/v1/teams/{team}/exchanges":                                            {{own: true, body: sends(`{"kind":"take","seat":{"date":"2027-06-24","role":"role-0"},"by":"t-0007-7"}`), status: http.StatusCreated}},
	"GET /api/v1/teams/{team}/exchanges/{exchange}":                                  {{status: ok}},
	"POST /api/v1/teams/{team}/exchanges/{exchange}/{answer:agree|decline|withdraw}": {{own: true, body: sends(`{"person":"{person}"}`), status: ok}},

	"GET /api/v1/search":                      {{query: "?q=a+e&limit=100", status: ok}},
	"GET /api/v1/people":                      {{status: ok, kB: 160}},
	"POST /api/v1/people":                     {{body: fullPersonBody, status: http.StatusCreated}},
	"GET /api/v1/people/{person}":             {{status: ok}},
	"PUT /api/v1/people/{person}":             {{body: fullPersonBody, status: ok}},
	"DELETE /api/v1/people/{person}":          {{as: "admin", usual: true, status: http.StatusNoContent, bound: everyTeam}},
	"GET /api/v1/people/{person}/shifts":      {{status: ok, bound: everyTeam}},
	"POST /api/v1/people/{person}/deactivate": {{as: "admin", usual: true, body: sends(`{"from":"2026-11-24"}`), status: ok, bound: everyTeam}},
	"POST /api/v1/people/{person}/activate":   {{usual: true, body: sends(`{"group":"{fresh-id}"}`), status: ok, bound: everyTeam}},
	"GET /api/v1/people/{person}/absences":    {{status: ok}},

	"GET /api/v1/teams/{team}/tokens":            {{status: ok}},
	"POST /api/v1/teams/{team}/tokens":           {{body: sends(`{"name":"New","scope":"edit"}`), status: http.StatusCreated}},
	"DELETE /api/v1/teams/{team}/tokens/{token}": {{status: http.StatusNoContent}},
	"GET /api/v1/tokens":                         {{status: ok}},
	"POST /api/v1/tokens":                        {{body: sends(`{"name":"New","scope":"read","days":7}`), status: http.StatusCreated}},
	"DELETE /api/v1/tokens/{token}":              {{status: http.StatusNoContent}},

	"PUT /api/v1/teams/{team}/holidays": {
		{query: "?preview=yes", header: asCalendar, body: sends(calendarOf(12_000)), status: refused},
		{query: "?preview=yes", header: asCalendar, body: sends(repeating()), status: refused},
	},
	"PUT /api/v1/people/{person}/absences": {
		{query: "?preview=yes", header: asCalendar, body: sends(calendarOf(12_000)), status: refused},
		{query: "?preview=yes", header: asCalendar, body: sends(repeating()), status: refused},
	},
}
