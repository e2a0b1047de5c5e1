package scale

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/roster"
)

// work is something that is asked for, and what holds of it.
type work struct {
	name string
	ask  func(p *place, i int) request
	// The bounds; 0 is none.
	grow   float64 // times the small company's
	weigh  float64 // times its bytes
	bare   float64 // times a bare handler, in the small company
	ms     float64 // of the median, in the large company
	bytes  int     // of the answer, in the small company
	allocs int     // likewise
	trips  float64 // round trips to the cluster
}

// request is what is sent.
type request struct{ method, path, body, cookie string }

func get(path string) func(*place, int) request {
	return func(p *place, _ int) request { return request{method: http.MethodGet, path: p.path(path)} }
}

// path fills in whom and what a path is about.
func (p *place) path(path string) string {
	today := p.company.Today
	return strings.NewReplacer(
		"{team}", string(p.company.Team()), "{person}", string(p.company.Member()), "{feed}", p.company.Feed(),
		"{today}", today.String(), "{tomorrow}", today.AddDays(1).String(), "{month}", today.InMonth().String(), "{last}", today.AddDays(34).String(),
	).Replace(path)
}

const (
	liveWork   = "one round of the live hub, all teams watched"
	noticeWork = "one round that finds which notices are due"
)

// works are what is measured.
func works() []work {
	return slices.DeleteFunc(allWorks(), func(w work) bool { return !chosen(w.name) })
}

func allWorks() []work {
	return []work{
		{name: "roster page of 35 days", ask: get("/teams/{team}?from={today}&days=35"), grow: 1.5, weigh: 1.3, bare: 4, bytes: 30_000, allocs: 1500, trips: 1},
		{name: "row", ask: get("/teams/{team}/days/{tomorrow}?from={today}&days=35"), grow: 1.5, weigh: 1.3, trips: 1},
		{name: "row as form", ask: get("/teams/{team}/days/{tomorrow}/edit?from={today}&days=35"), grow: 1.5, weigh: 1.3, trips: 1},
		{name: "save", ask: save, grow: 1.5, weigh: 1.3},
		{name: "grid", ask: get("/teams/{team}/grid?month={month}"), grow: 1.5, weigh: 1.3},
		{name: "on call of one team, JSON", ask: get("/api/v1/teams/{team}/oncall"), grow: 1.5, weigh: 1.3, bare: 3, allocs: 80, trips: 1},
		{name: "35 days, JSON", ask: get("/api/v1/teams/{team}/days?from={today}&to={last}"), grow: 1.5, weigh: 1.3, trips: 1},
		{name: "import of 500 rows, preview", ask: importRows, grow: 1.5},
		{name: "fill of a year, preview", ask: fillYear, grow: 1.5},
		{name: "on call, all teams", ask: get("/api/v1/oncall"), ms: 100, trips: 12},
		{name: "metrics", ask: get("/metrics"), ms: 100, trips: 12},
		{name: liveWork, ms: 100, trips: 12},
		{name: noticeWork, ms: 200, trips: 15},
		{name: "teams", ask: get("/teams"), ms: 50},
		{name: "people", ask: get("/people"), ms: 50},
		{name: "coverage", ask: get("/coverage"), ms: 50},
		{name: "a person's page", ask: get("/people/{person}"), ms: 50},
		{name: "mine", ask: mine, ms: 50},
		{name: "a team's people and absences", ask: get("/teams/{team}/people"), ms: 50},
		{name: "history by acts", ask: get("/teams/{team}/history"), ms: 50},
		{name: "rotations, and what a fill would do", ask: get("/teams/{team}/rotations?fill-from={tomorrow}&fill-to={last}"), ms: 50},
		{name: "a rotation's next four weeks", ask: nextWeeks, ms: 50},
		{name: "leaving, preview", ask: get("/people/{person}/deactivate?from={tomorrow}"), ms: 50},
		{name: "a person's feed", ask: get("/feeds/{feed}.ics"), ms: 50},
		{name: "search, page", ask: get("/search?q=o"), ms: 30},
		{name: "search, JSON", ask: get("/api/v1/search?q=zo%C3%AB+p"), ms: 30},
	}
}

func save(p *place, i int) request {
	return request{method: http.MethodPut, path: p.path("/api/v1/teams/{team}/days/{tomorrow}"), body: fmt.Sprintf(`{"note":"note %d"}`, i)}
}

// mine is the page of one of the first team's people.
func mine(p *place, _ int) request {
	return request{method: http.MethodGet, path: "/me", cookie: "roster_me=" + string(p.company.Member())}
}

// nextWeeks is what the editor of a rotation draws while ten people are typed into it.
func nextWeeks(p *place, _ int) request {
	var names []string
	for _, who := range p.company.People()[:10] {
		names = append(names, who.Name)
	}
	rotation := p.company.Teams()[0].Rotations[0]
	return request{method: http.MethodPost, path: p.path("/teams/{team}/rotations/preview"), body: url.Values{
		"id": {string(rotation.ID)}, "name": {rotation.Name}, "role": {string(rotation.Role)}, "daysPerTurn": {"7"}, "handOver": {"mon"}, "from": {p.company.Today.AddDays(1).String()},
		"weekday": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, "people": {strings.Join(names, ", ")},
	}.Encode()}
}

// importRows is a spreadsheet of the first team's people and days.
func importRows(p *place, _ int) request {
	var rows strings.Builder
	rows.WriteString("Date,Primary,Secondary\n")
	for i := range 500 {
		who := p.company.People()[i%10 : i%10+2]
		_, _ = fmt.Fprintf(&rows, "%s,%s,%s\n", p.company.Today.AddDays(1+i), who[0].Name, who[1].Name)
	}
	return request{method: http.MethodPost, path: p.path("/teams/{team}/import"), body: url.Values{"text": {rows.String()}}.Encode()}
}

func fillYear(p *place, _ int) request {
	return request{
		method: http.MethodPost, path: p.path("/api/v1/teams/{team}/fill"),
		body: fmt.Sprintf(`{"from":%q,"to":%q,"preview":true}`, p.company.Today.AddDays(1), p.company.Today.AddDays(365)),
	}
}

// watchedDays are what a page of a team watches.
func watchedDays(today roster.Date) (from, to roster.Date) { return today, today.AddDays(34) }
