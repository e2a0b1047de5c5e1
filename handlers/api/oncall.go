package api

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/export"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/oncall"
)

// onCallJSON is who is on call for a team at an instant.
type onCallJSON struct {
	Team teamRef   `json:"team"`
	At   time.Time `json:"at"`
	// Called is there only where roles have hours. Elsewhere it is who holds the first role.
	Called *callJSON  `json:"called,omitempty"`
	Roles  []dutyJSON `json:"roles"`
}

// callJSON is an oncall.Call. Until and Next are null as in dutyJSON.
type callJSON struct {
	Role   *roster.RoleID `json:"role"`
	Person *holderJSON    `json:"person"`
	Until  *time.Time     `json:"until"`
	Next   *nextJSON      `json:"next"`
}

func newCallJSON(c oncall.Call, names roster.Names, reach web.Reach) *callJSON {
	j := &callJSON{Person: new(holderJSON).of(c.Person, names, reach)}
	if c.Role != "" {
		j.Role = &c.Role
	}
	if !c.Open {
		j.Until, j.Next = &c.Until, &nextJSON{refTo(c.Next, names), c.Until}
	}
	return j
}

// onCallAllJSON is who is on call for every team at an instant.
type onCallAllJSON struct {
	At    time.Time    `json:"at"`
	Teams []onCallJSON `json:"teams"`
}

// teamRef is a team, in short.
type teamRef struct {
	ID   roster.TeamID `json:"id"`
	Name string        `json:"name"`
}

func refToTeam(team *roster.Team) teamRef { return teamRef{team.ID, team.Name} }

// roleRef is a role, in short.
type roleRef struct {
	ID   roster.RoleID `json:"id"`
	Name string        `json:"name"`
}

func refToRole(r roster.Role) roleRef { return roleRef(r) }

// dutyJSON is an oncall.Duty. Until is null, and so is Next, where no end is planned
// within oncall.LookAhead days.
type dutyJSON struct {
	Role    roleRef     `json:"role"`
	Person  *holderJSON `json:"person"`
	OffDuty bool        `json:"offDuty,omitempty"`
	Date    roster.Date `json:"date"`
	Until   *time.Time  `json:"until"`
	Next    *nextJSON   `json:"next"`
}

// nextJSON is who takes over; a null person is a gap.
type nextJSON struct {
	Person *personRef `json:"person"`
	From   time.Time  `json:"from"`
}

func newOnCallJSON(team *roster.Team, at time.Time, now desk.Answer, names roster.Names, reach web.Reach) onCallJSON {
	j := onCallJSON{Team: refToTeam(team), At: at.UTC(), Roles: make([]dutyJSON, len(now.Duties))}
	if now.Call != nil {
		j.Called = newCallJSON(*now.Call, names, reach)
	}
	// What the duties point to, made at once.
	parts := make([]struct {
		person  holderJSON
		follows personRef
		until   time.Time
		next    nextJSON
	}, len(now.Duties))
	for i := range now.Duties {
		d, part := &now.Duties[i], &parts[i]
		j.Roles[i] = dutyJSON{Role: refToRole(d.Role), Person: part.person.of(d.Person, names, reach), OffDuty: d.Off, Date: d.Date}
		if !d.Open {
			part.until, part.next = d.Until, nextJSON{part.follows.of(d.Next, names), d.NextFrom}
			j.Roles[i].Until, j.Roles[i].Next = &part.until, &part.next
		}
	}
	return j
}

// onCall answers GET /api/v1/teams/{team}/oncall?at=&as=. As text/plain it is what as asks for
// of who gets called, an empty line if nobody does; as text/vcard the cards of who is on call.
func (s *Site) onCall(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	return s.answerOnCall(w, r, []roster.Team{*team}, string(team.ID), func(all []onCallJSON, _ time.Time) any { return all[0] })
}

// onCallAll answers GET /api/v1/oncall?at=&as= for every team. As text/plain it is a line for
// each team, its id, a tab and what as asks for; with a single team that alone.
func (s *Site) onCallAll(w http.ResponseWriter, r *http.Request) error {
	teams, err := s.Desk.ListedTeams(r.Context())
	if err != nil {
		return err
	}
	return s.answerOnCall(w, r, teams, "on-call", func(all []onCallJSON, at time.Time) any { return onCallAllJSON{at.UTC(), all} })
}

// answerOnCall answers for the teams, in the type that the caller prefers. whole is the answer
// in JSON, and name that of a file.
func (s *Site) answerOnCall(w http.ResponseWriter, r *http.Request, teams []roster.Team, name string, whole func([]onCallJSON, time.Time) any) error {
	at, err := web.QueryInstant(r.URL.Query(), s.Now())
	if err != nil {
		return err
	}
	as, err := queryAs(r)
	if err != nil {
		return err
	}
	now, names, err := s.Desk.OnCall(r.Context(), teams, at)
	if err != nil {
		return err
	}
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	w.Header().Add("Vary", "Accept")
	switch web.Preferred(r, JSONType, textType, export.CardType) {
	case textType:
		var text strings.Builder
		for i := range teams {
			if len(teams) > 1 {
				fmt.Fprintf(&text, "%s\t", teams[i].ID)
			}
			called, known := names.Person(now[i].Called())
			if !known { // nobody, or somebody of whom only the id is known
				called.Name = names.Text(now[i].Called())
			}
			fmt.Fprintln(&text, as(reach.Shown(called)))
		}
		return web.AnswerText(w, http.StatusOK, text.String())
	case export.CardType:
		return export.AnswerCards(w, name, s.ChatLink, cardsOf(teams, now, names, reach))
	}
	answers := make([]onCallJSON, len(teams))
	for i := range teams {
		answers[i] = newOnCallJSON(&teams[i], at, now[i], names, reach)
	}
	return answerJSON(w, http.StatusOK, whole(answers, at))
}

func describeOnCall(d *describer) {
	d.group("On call", "Who is on call, now or at any instant.")
	openapi.Answered[teamRef](&d.Types, "TeamRef", "A team's id and name.", openapi.Notes{"name": {Text: "The name."}})
	openapi.Answered[roleRef](&d.Types, "RoleRef", "A role's id and name.", openapi.Notes{"name": {Text: "The name."}})
	describeReached(&d.Types)
	openapi.Answered[nextJSON](&d.Types, "Next", "Who takes over.", openapi.Notes{
		"person": {Text: "The person. Null means a gap.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"from":   {Text: "When they take over."},
	})
	openapi.Answered[dutyJSON](&d.Types, "Duty", "Who holds a role, and until when.", openapi.Notes{
		"person":  {Text: "Who holds it. Null means nobody.", Schema: openapi.OrNull(openapi.SchemaAt("Holder"))},
		"offDuty": {Text: "Whether the role is off duty by its hours, so that nobody has to hold it. Missing if not."},
		"date":    {Text: "The day that the shift belongs to. While off duty, the day whose hours come next."},
		"until":   {Text: "Until when. While off duty, when the role is on duty again. Null if no end is planned in the next " + strconv.Itoa(oncall.LookAhead) + " days."},
		"next":    {Text: "Who is next, and from when. Null if `until` is null."},
	})
	openapi.Answered[callJSON](&d.Types, "Call", "Who gets the calls: the holder of the first role that is on duty and held.", openapi.Notes{
		"role":   {Text: "The role in which they do. Null if nobody gets the calls.", Schema: openapi.OrNull(openapi.SchemaAt("RoleID"))},
		"person": {Text: "Who gets the calls. Null means nobody.", Schema: openapi.OrNull(openapi.SchemaAt("Holder"))},
		"until":  {Text: "Until when. Null if no end is planned in the next " + strconv.Itoa(oncall.LookAhead) + " days."},
		"next":   {Text: "Who gets the calls then. Null if `until` is null."},
	})
	openapi.Answered[onCallJSON](&d.Types, "OnCall", "Who is on call for a team at an instant.", openapi.Notes{
		"at":     {Text: "The instant that the answer is about."},
		"called": {Text: "Who gets the calls, where roles have hours. Missing where none has: then the first role gets the calls."},
		"roles":  {Text: "In the team's order."},
	})
	openapi.Answered[onCallAllJSON](&d.Types, "OnCallAll", "Who is on call for every team at an instant.", openapi.Notes{
		"at":    {Text: "The instant that the answer is about."},
		"teams": {Text: "In order of ids."},
	})
	asked := []parameter{
		{"at", "The instant. The default is now. Write `+` as `%2B`.", openapi.SchemaAt("Instant")},
		{"as", "What `text/plain` says of the person: their name, the phone number as a telephone dials it, or the email.", asSchema()},
	}
	const asText = "For scripts: with `Accept: text/plain`, the answer is the name of the person who gets the calls, or their phone number or email with `as`. For address books: with `Accept: text/vcard`, it is a card of everybody who is on call."
	const cards = "A card for each person who is on call (vCard 4.0, RFC 6350). Its note says for what, and until when."
	d.add(Operation{
		ID: "getOnCall", Method: "GET", Path: "/oncall", Summary: "Find out who is on call for every team", Query: asked, Text: asText,
		Answers: []Answered{{
			Status: http.StatusOK, Text: "Who is on call.", Value: onCallAllJSON{}, Cards: cards,
			Plain: "A line for each team: its id, a tab, and what `as` asks for of the person who gets the calls. If there is only one team, just that.",
		}},
		Examples: []Example{
			{Summary: "Now", Target: "/oncall"},
			{Summary: "Now, for a script", Target: "/oncall", Header: []string{"Accept", "text/plain"}},
		},
	}, Operation{
		ID: "getTeamOnCall", Method: "GET", Path: "/teams/{team}/oncall", Summary: "Find out who is on call for a team", Query: asked, Text: asText,
		Answers: []Answered{{
			Status: http.StatusOK, Text: "Who is on call.", Value: onCallJSON{}, Cards: cards,
			Plain: "The name of the person who gets the calls, or what `as` asks for. An empty line if nobody does, or it is not known.",
		}},
		Examples: []Example{
			{Summary: "At an instant", Target: "/teams/ops/oncall?at=2026-11-25T12:00:00Z"},
			{Summary: "At an instant, for a script", Target: "/teams/ops/oncall?at=2026-11-25T12:00:00Z", Header: []string{"Accept", "text/plain"}},
			{Summary: "The number to call", Target: "/teams/ops/oncall?at=2026-11-24T12:00:00Z&as=phone", Header: []string{"Accept", "text/plain"}},
			{Summary: "For an address book", Target: "/teams/ops/oncall?at=2026-11-24T12:00:00Z", Header: []string{"Accept", "text/vcard"}},
		},
	})
}
