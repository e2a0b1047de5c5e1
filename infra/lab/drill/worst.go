package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// victim is a team that holds as much as a team may, so that what is asked of it is as dear
// as it can be: a rotation for the weekdays and one for the weekends of each of eight roles,
// in which everybody has stood since 1970 and is away for 200 days; 500 holidays; three
// years that are filled from it; and all the people of a large company.
type victim struct {
	*Team
	people []string
	today  string
	group  string // the change that filled the roster
	weeks  string // the most for which the coverage of all teams can be asked
}

const (
	victimStands = 60  // people who stand in every rotation
	victimMost   = 500 // holidays of a team
	victimAway   = 200 // absences of a person
)

// victimRoles are the roles of the team; each has two rotations.
func victimRoles() []string {
	return []string{"primary", "secondary", "third", "fourth", "fifth", "sixth", "seventh", "eighth"}
}

// newVictim makes the team and so many people. The sites are asked in turn, so that no address
// makes more edits than it may.
func newVictim(ctx context.Context, sites []*Site, id string, people int) (*victim, error) {
	v := &victim{Team: &Team{id, sites[0]}, today: time.Now().UTC().Format(time.DateOnly)}
	for i := range people {
		v.people = append(v.people, fmt.Sprintf("siege-%04d", i))
	}
	err := inTurn(len(v.people), sites, func(i int, s *Site) error {
		// Whoever is there from the last time stays.
		_, err := s.must(ctx, sendJSON(http.MethodPost, api+"/people", map[string]any{"id": v.people[i], "name": fmt.Sprintf("Zoë Siege %d", i)}),
			http.StatusCreated, http.StatusConflict, http.StatusUnprocessableEntity)
		return err
	})
	if err != nil {
		return nil, err
	}
	stands := v.people[:min(victimStands, len(v.people))]
	err = inTurn(len(stands), sites, func(i int, s *Site) error {
		_, err := s.must(ctx, putCalendar(api+"/people/"+stands[i]+"/absences", calendar(v.today, victimAway, i%2)), http.StatusOK)
		return err
	})
	if err != nil {
		return nil, err
	}
	return v, v.fill(ctx, stands)
}

// weeksField is where the page of the coverage says how many weeks there may be, which is less where
// there are many teams.
var weeksField = regexp.MustCompile(`name="weeks"[^>]* max="(\d+)"`)

// findWeeks is for when all teams have been made.
func (v *victim) findWeeks(ctx context.Context) error {
	page, err := v.site.must(ctx, get("/coverage"), http.StatusOK)
	if err != nil {
		return err
	}
	found := weeksField.FindSubmatch(page)
	if found == nil {
		return errors.New("the page of the coverage does not say how many weeks there may be")
	}
	v.weeks = string(found[1])
	return nil
}

// fill makes the team, its rotations and its roster.
func (v *victim) fill(ctx context.Context, stands []string) error {
	team := map[string]any{"id": v.ID, "name": "Victim " + v.ID, "roles": victimRoles(), "settings": []any{map[string]string{"zone": "UTC"}}}
	if _, err := v.site.must(ctx, sendJSON(http.MethodPost, api+"/teams", team), http.StatusCreated); err != nil {
		return err
	}
	var rotations []any
	for i, role := range victimRoles() {
		turn := i * len(stands) / len(victimRoles())
		line := slices.Concat(stands[turn:], stands[:turn])
		for name, days := range map[string][]string{"week": {"mon", "tue", "wed", "thu", "fri"}, "end": {"sat", "sun"}} {
			rotations = append(rotations, map[string]any{"id": role + "-" + name, "role": role, "name": role + " " + name, "versions": []any{
				map[string]any{"from": "1970-01-01", "weekdays": days, "daysPerTurn": 1, "people": line},
			}})
		}
	}
	var filled struct{ Group string }
	for _, q := range []request{
		sendJSON(http.MethodPut, api+"/teams/"+v.ID, map[string]any{"name": "Victim " + v.ID, "rotations": rotations}),
		putCalendar(api+"/teams/"+v.ID+"/holidays", calendar(v.today, victimMost, 0)),
		v.fillDays(after(v.today, -364), after(v.today, -1), false),
		v.fillDays(v.today, after(v.today, 364), false),
		v.fillDays(after(v.today, 365), after(v.today, 729), false),
	} {
		body, err := v.site.must(ctx, q, http.StatusOK)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(body, &filled); err != nil {
			return err
		}
	}
	v.group = filled.Group
	return nil
}

func (v *victim) fillDays(from, to string, preview bool) request {
	return sendJSON(http.MethodPost, api+"/teams/"+v.ID+"/fill", map[string]any{"from": from, "to": to, "overwrite": true, "preview": preview, whyID: why})
}

// inTurn does n things, as many at once as there are sites, each with one of them.
func inTurn(n int, sites []*Site, do func(i int, s *Site) error) error {
	errs := make(chan error, len(sites))
	var wg sync.WaitGroup
	for first, s := range sites {
		wg.Go(func() {
			for i := first; i < n; i += len(sites) {
				if err := do(i, s); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs // nil when there is none
}

func sendJSON(method, path string, value any) request {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // of strings and numbers
	}
	return request{method, path, []string{"Content-Type", "application/json"}, body}
}

func putCalendar(path, text string) request {
	return request{http.MethodPut, path, []string{"Content-Type", "text/calendar"}, []byte(text)}
}

func sendForm(path string, fields url.Values) request {
	return request{http.MethodPost, path, []string{"Content-Type", "application/x-www-form-urlencoded"}, []byte(fields.Encode())}
}

// calendar is one of so many days, every other from a date on.
func calendar(from string, days, begin int) string {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
	first := parseDate(from)
	for i := range days {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d\r\nDTSTART;VALUE=DATE:%s\r\nSUMMARY:Tág %d\r\nEND:VEVENT\r\n",
			i, first.AddDate(0, 0, (2*i+begin)%1000).Format("20060102"), i)
	}
	return b.String() + "END:VCALENDAR\r\n"
}

// spreadsheet is a roster of so many days in as many columns, half of them with names that
// nobody has.
func (v *victim) spreadsheet(rows, columns int) string {
	var b strings.Builder
	b.WriteString("Date,Primary" + strings.Repeat(",More", columns-1) + "\n")
	for i := range rows {
		b.WriteString(after(v.today, i%700))
		for c := range columns {
			if c%2 == 0 {
				fmt.Fprintf(&b, ",Zoë Siege %d", (i+c)%len(v.people))
			} else {
				fmt.Fprintf(&b, ",%d. Nobody %c", i, 'a'+c)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// worst is a request that is among the dearest of those that are allowed.
type worst struct {
	name string
	request
	lasts bool // it is left after a while, as it would go on
}

// worst are they, one of each kind. None is refused for what it asks.
func (v *victim) worst() []worst {
	const nobody = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
	team, days := "/teams/"+v.ID, url.Values{"from": {v.today}, "to": {after(v.today, 365)}}.Encode()
	years := url.Values{"from": {after(v.today, -5*365)}, "to": {v.today}, "by": {"month"}}.Encode()
	page := func(name, path string) worst { return worst{name, get(path), false} }
	all := []worst{
		page("roster page of a year", team+"?days=366&from="+v.today),
		page("roster page of a year, of the past", team+"?days=366&from="+after(v.today, -365)),
		page("grid", team+"/grid?month="+v.today[:7]),
		page("rotations and what two years would be", team+"/rotations?overwrite=yes&fill-from="+v.today+"&fill-to="+after(v.today, 729)),
		page("fairness by month over five years", team+"/fairness?"+years),
		page("fairness as CSV", team+"/fairness.csv?"+years),
		page("fairness by the API", api+team+"/fairness?"+years),
		page("a year as CSV", team+"/days.csv?"+days),
		page("a year as a calendar", team+"/days.ics?"+days),
		page("a year by the API", api+team+"/days?"+days),
		page("coverage of all weeks that there may be", "/coverage?weeks="+v.weeks),
		page("coverage by the API", api+"/coverage?weeks="+v.weeks),
		page("history of a group that is not there", api+team+"/changes?limit=500&group="+nobody),
		page("history of somebody who is not there", api+team+"/changes?limit=500&person=nobody"),
		page("history page of them", team+"/history?person=nobody"),
		page("history of a large group", team+"/history?group="+v.group),
		page("everybody", "/people"),
		page("everybody by the API", api+"/people"),
		page("a person", "/people/"+v.people[0]),
		page("a person's shifts", api+"/people/"+v.people[0]+"/shifts"),
		page("what goes with a person", "/people/"+v.people[0]+"/deactivate"),
		page("who is on call in all teams", api+"/oncall"),
		page("the machines", "/cluster"),
		page("is the site ready", "/readyz"),
		{"live updates far away", get(team + "/events?days=366&from=" + after(v.today, 1400)), true},
		{"live updates of a year", get(team + "/events?days=366&from=" + v.today), true},
		{"import of 1,400 lines", sendForm(team+"/import", url.Values{"text": {v.spreadsheet(1400, 11)}}), false},
		{"preview of 500 holidays", putCalendar(api+team+"/holidays?preview=yes", calendar(v.today, victimMost, 0)), false},
		{"preview of 200 absences", putCalendar(api+"/people/"+v.people[0]+"/absences?preview=yes", calendar(v.today, victimAway, 0)), false},
		{"preview of a fill of two years", v.fillDays(v.today, after(v.today, 729), true), false},
		{"preview of an undo of a year", sendJSON(http.MethodPost, api+team+"/undo", map[string]any{"change": v.group, "preview": true}), false},
		{"edit of a year of seats", sendJSON(http.MethodPost, api+team+"/days", v.seats()), false},
	}
	return all
}

// seats names somebody for a role of each of a year's days.
func (v *victim) seats() any {
	type seat struct {
		Date   string `json:"date"`
		Role   string `json:"role"`
		Person string `json:"person"`
	}
	var all []seat
	for i := range 365 {
		all = append(all, seat{after(v.today, 1+i), "eighth", v.people[i%len(v.people)]})
	}
	return map[string]any{"days": all, whyID: why}
}
