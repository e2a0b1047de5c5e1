package api

import (
	"fmt"
	"net/http"
	"time"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/store"
)

// changesJSON is a part of a history. Next is the cursor of the part that follows,
// null at the end.
type changesJSON struct {
	Changes []changeJSON `json:"changes"`
	Next    *string      `json:"next"`
}

// changeJSON is a roster.Change: either of a role, with from and to, or with a null
// role of the day's note, with noteFrom and note.
type changeJSON struct {
	ID       roster.ChangeID `json:"id"`
	Date     roster.Date     `json:"date"`
	Role     *roster.RoleID  `json:"role"`
	From     *personRef      `json:"from"`
	To       *personRef      `json:"to"`
	NoteFrom string          `json:"noteFrom"`
	Note     string          `json:"note"`
	Actor    string          `json:"actor"`
	ActorID  string          `json:"actorId"`
	Time     time.Time       `json:"time"`
	Why      roster.Why      `json:"why"`
	Reason   string          `json:"reason"`
	Group    roster.ChangeID `json:"group"`
	With     *seatJSON       `json:"with"` // for which the role was swapped
}

// seatJSON is a roster.Seat: a role of a day.
type seatJSON struct {
	Date roster.Date   `json:"date"`
	Role roster.RoleID `json:"role"`
}

func newSeatJSON(s roster.Seat) seatJSON { return seatJSON(s) }

func newChangeJSON(c roster.Change, names roster.Names) changeJSON {
	j := changeJSON{
		ID: c.ID, Date: c.Date, From: refTo(c.From, names), To: refTo(c.To, names), NoteFrom: c.NoteFrom, Note: c.Note,
		Actor: c.Actor, ActorID: c.ActorID, Time: c.Time, Why: c.Why, Reason: c.Reason, Group: c.Group,
	}
	if c.Role != "" {
		j.Role = &c.Role
	}
	if c.With != (roster.Seat{}) {
		j.With = new(newSeatJSON(c.With))
	}
	return j
}

// changes answers GET /api/v1/teams/{team}/changes?since=&limit=&cursor=&date=
// &from=&to=&person=&group=: the history, newest first.
func (s *Site) changes(w http.ResponseWriter, r *http.Request) error {
	h, err := s.HistoryOf(r, r.URL.Query())
	if err != nil {
		return err
	}
	answer := changesJSON{Changes: make([]changeJSON, len(h.Changes))}
	if h.Next != "" {
		answer.Next = &h.Next
	}
	for i, c := range h.Changes {
		answer.Changes[i] = newChangeJSON(c, h.Names)
	}
	return answerJSON(w, http.StatusOK, answer)
}

func describeChanges(d *describer) {
	d.group("History", "Every change of a roster: who made it, when, and why. Changes are never altered or deleted.")
	openapi.Name[roster.Why](&d.Types, "Why", &openapi.Schema{
		Type: "string", Description: "What made the change.",
		Enum: []any{
			roster.WhyEdit, roster.WhyRotation, roster.WhySwap, roster.WhyTake, roster.WhyGive, roster.WhyImport, roster.WhyUndo, roster.WhyLeave,
		},
	})
	openapi.Answered[changeJSON](&d.Types, "Change", "One change of a day: of who holds a role, or of the note.", openapi.Notes{
		"role":     {Text: "The role that changed. Null if the note changed."},
		"from":     {Text: "Who held the role before the change.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"to":       {Text: "Who held the role after the change.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"noteFrom": {Text: "The note before the change, if the role is null."},
		"note":     {Text: "The note after the change, if the role is null."},
		"actor":    {Text: "The name of who made the change."},
		"actorId":  {Text: "Who made the change, whatever their name: `person:` and their subject, or `token:` and its id, followed by its owner if it has one, or `program`. Empty if not known."},
		"time":     {Text: "When the change was made."},
		"reason":   {Text: "The stated reason. Empty if there was none."},
		"with":     {Text: "In a swap, the other role and day. Otherwise null.", Schema: openapi.OrNull(openapi.SchemaAt("Seat"))},
		"group":    {Text: "The same id for all changes that belong together. Empty for a single change.", Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Answered[changesJSON](&d.Types, "Changes", "One page of the history.", openapi.Notes{
		"changes": {Text: "Newest first."},
		"next":    {Text: fmt.Sprintf("The cursor of the next page. Null on the last page. One request looks at %d changes at most, so a page of a query with conditions can have fewer changes than `limit`, or none, before the last page.", store.MaxWalked)},
	})
	d.add(Operation{
		ID: "listChanges", Method: "GET", Path: "/teams/{team}/changes", Summary: "Read a team's history, newest first",
		Query: []parameter{
			{"since", "Only changes that are newer than this change.", openapi.SchemaAt("ChangeID")},
			{"date", "Only changes of this day.", openapi.SchemaAt("Date")},
			{"from", "Only changes of this day and later days. Requires `to`.", openapi.SchemaAt("Date")},
			{"to", "Only changes of this day and earlier days. Requires `from`.", openapi.SchemaAt("Date")},
			{"person", "Only changes that assign this person or take their place.", openapi.SchemaAt("PersonID")},
			{"group", "Only changes of this group.", openapi.SchemaAt("ChangeID")},
			{"limit", "The most changes to answer.", numberSchema(store.MaxChanges, web.DefaultChanges)},
			{"cursor", "The `next` of the previous page.", &openapi.Schema{Type: "string"}},
		},
		Answers:  []Answered{{Status: http.StatusOK, Text: "One page of the history.", Value: changesJSON{}}},
		Examples: []Example{{Summary: "The last change", Target: "/teams/ops/changes?limit=1"}},
	})
}
