package handlers

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"dailyroster/handlers/openapi"
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
	Time     time.Time       `json:"time"`
	Why      roster.Why      `json:"why"`
	Reason   string          `json:"reason"`
	Group    roster.ChangeID `json:"group"`
	With     *roster.Seat    `json:"with"` // for which the role was swapped
}

func newChangeJSON(c roster.Change, names roster.Names) changeJSON {
	j := changeJSON{
		ID: c.ID, Date: c.Date, From: refTo(c.From, names), To: refTo(c.To, names), NoteFrom: c.NoteFrom, Note: c.Note,
		Actor: c.Actor, Time: c.Time, Why: c.Why, Reason: c.Reason, Group: c.Group,
	}
	if c.Role != "" {
		j.Role = &c.Role
	}
	if c.With != (roster.Seat{}) {
		j.With = &c.With
	}
	return j
}

// apiChanges answers GET /api/v1/teams/{team}/changes?since=&limit=&cursor=&date=
// &from=&to=&person=&group=: the history, newest first.
func (s *Server) apiChanges(w http.ResponseWriter, r *http.Request) error {
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	query, err := changeQuery(r)
	if err != nil {
		return err
	}
	page, err := s.Store.Changes(r.Context(), team.ID, query)
	if errors.Is(err, store.ErrNotFound) {
		return NotFound("change")
	}
	if err != nil {
		return err
	}
	names, _, err := s.Names(r.Context())
	if err != nil {
		return err
	}
	answer := changesJSON{Changes: make([]changeJSON, len(page.Changes))}
	if page.Next != "" {
		answer.Next = &page.Next
	}
	for i, c := range page.Changes {
		answer.Changes[i] = newChangeJSON(c, names)
	}
	return answerJSON(w, http.StatusOK, answer)
}

const defaultChanges = 50

func changeQuery(r *http.Request) (store.ChangeQuery, error) {
	q := r.URL.Query()
	query := store.ChangeQuery{Cursor: q.Get("cursor")}
	var err error
	if query.Limit, err = queryNumber(q, "limit", defaultChanges, store.MaxChanges); err != nil {
		return query, err
	}
	if text := q.Get("since"); text != "" {
		if query.Since, err = roster.ParseChangeID(text); err != nil {
			return query, BadRequest("since: %v", err)
		}
	}
	if text := q.Get("group"); text != "" {
		if query.Group, err = roster.ParseChangeID(text); err != nil {
			return query, BadRequest("group: %v", err)
		}
	}
	if text := q.Get("person"); text != "" {
		if query.Person, err = roster.ParsePersonID(text); err != nil {
			return query, BadRequest("person: %v", err)
		}
	}
	return query, changeDates(q, &query)
}

// changeDates reads the days whose changes are asked for: date= for one, or from= and
// to= for a range of them.
func changeDates(q url.Values, query *store.ChangeQuery) error {
	if text := q.Get("date"); text != "" {
		d, err := roster.ParseDate(text)
		if err != nil {
			return BadRequest("date: %v", err)
		}
		if q.Has("from") || q.Has("to") {
			return BadRequest("give either date, or from and to")
		}
		query.From, query.To = d, d
		return nil
	}
	if !q.Has("from") && !q.Has("to") {
		return nil
	}
	if q.Get("from") == "" || q.Get("to") == "" {
		return BadRequest("a range of days has a first, from, and a last, to")
	}
	var err error
	query.From, query.To, err = queryRange(q, roster.Date{})
	return err
}

func describeChanges(d *describer) {
	d.group("History", "Every change of a roster, with who made it, when and why. None is ever altered or deleted.")
	openapi.Name[roster.Why](&d.Types, "Why", &openapi.Schema{
		Type: "string", Description: "What kind of act a change was part of.",
		Enum: []any{
			roster.WhyEdit, roster.WhyRotation, roster.WhySwap, roster.WhyTake, roster.WhyGive, roster.WhyImport, roster.WhyUndo, roster.WhyLeave,
		},
	})
	openapi.Answered[changeJSON](&d.Types, "Change", "One change: of who holds one role of one day, or of the day's note.", openapi.Notes{
		"role":     {Text: "The role that changed hands; null if it was the note that changed."},
		"from":     {Text: "Who held the role before.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"to":       {Text: "Who held it then.", Schema: openapi.OrNull(openapi.SchemaAt("PersonRef"))},
		"noteFrom": {Text: "The note before, where the role is null."},
		"note":     {Text: "The note then."},
		"actor":    {Text: "Who made the change."},
		"time":     {Text: "When it was made."},
		"reason":   {Text: "The reason that was stated, or empty."},
		"with":     {Text: "The seat for which the role was swapped; null if it was not.", Schema: openapi.OrNull(openapi.SchemaAt("Seat"))},
		"group":    {Text: "The same for changes that belong together; empty for one on its own.", Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Answered[changesJSON](&d.Types, "Changes", "A part of a history.", openapi.Notes{
		"changes": {Text: "Newest first."},
		"next":    {Text: "The cursor of the part that follows; null at the end."},
	})
	d.add(operation{
		id: "listChanges", method: "GET", path: "/teams/{team}/changes", summary: "Read a team's history, newest first",
		query: []parameter{
			{"since", "Only changes that are newer than this one.", openapi.SchemaAt("ChangeID")},
			{"date", "Only changes of this day.", openapi.SchemaAt("Date")},
			{"from", "Only changes of days from this one on; with `to`.", openapi.SchemaAt("Date")},
			{"to", "Only changes of days until this one; with `from`.", openapi.SchemaAt("Date")},
			{"person", "Only changes from or to this person.", openapi.SchemaAt("PersonID")},
			{"group", "Only changes of this group.", openapi.SchemaAt("ChangeID")},
			{"limit", "At most this many.", numberSchema(1, store.MaxChanges, defaultChanges)},
			{"cursor", "The next of the part before.", &openapi.Schema{Type: "string"}},
		},
		answers:  []answered{{status: http.StatusOK, text: "A part of the history.", value: changesJSON{}}},
		examples: []example{{summary: "The last change", target: "/teams/ops/changes?limit=1"}},
	})
}
