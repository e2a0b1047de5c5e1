package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"dailyroster/intake"
	"dailyroster/intake/ical"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// imported is what a form says of a roster that is to be imported: what was read, how it
// is to be read, and what was shown of the roster when that was seen.
type imported struct {
	tables  []intake.Table
	remarks []views.Remark // what a calendar's reader did not understand
	table   int
	mapping intake.Mapping
	whom    intake.Whom
	past    bool   // days before today, too
	reason  string // for which these are changed
	group   roster.ChangeID
	seen    map[string]string // of each month that was shown, see views.Seen
	shownAs string            // how it was read when it was shown, see reads
}

// reads is short for how the tables are read: what is imported must have been shown so.
func (in *imported) reads() string {
	// fmt writes a map in order of its keys.
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %v %q %t", in.table, in.mapping.Columns, in.mapping, in.whom, in.past))
	return hex.EncodeToString(sum[:8])
}

// importFields reads the form, be it one with a file or not. A file is the field's text.
func importFields(r *http.Request) (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return parseForm(r)
	}
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, err
		}
		return nil, badRequest("the form cannot be read")
	}
	fields := url.Values(r.MultipartForm.Value)
	if f, _, err := r.FormFile("file"); err == nil {
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			return nil, badRequest("the file cannot be read")
		}
		if len(data) > 0 {
			fields.Set("text", string(data))
		}
	}
	return fields, nil
}

// readImport reads what is pasted, uploaded or named by its address. What is refused is a
// roster.FieldErrors.
func (s *Server) readImport(ctx context.Context, team *roster.Team, people []roster.Person, fields url.Values) (*imported, error) {
	data, field := []byte(fields.Get("text")), "text"
	if address := strings.TrimSpace(fields.Get("url")); address != "" && strings.TrimSpace(string(data)) == "" {
		field = "url"
		var err error
		if data, err = s.Pages.Page(ctx, address); err != nil {
			return nil, roster.FieldErrors{{Field: field, Message: sentence(err.Error())}}
		}
	}
	in := &imported{}
	var err error
	switch intake.KindOf(data) {
	case intake.KindCalendar:
		err = in.readCalendar(data, team, people, team.Present(s.Now()))
	case intake.KindHTML:
		if in.tables, err = intake.ReadHTML(data); err == nil {
			in.table, in.mapping = intake.Best(in.tables, team, people)
			in.keepFew()
		}
	default:
		in.tables = make([]intake.Table, 1)
		if in.tables[0], err = intake.ReadCSV(data); err == nil {
			in.mapping, _ = intake.Guess(in.tables[0], team, people)
		}
	}
	if err == nil && len(in.tables[in.table].Rows) == 0 {
		err = errors.New("there is nothing in it")
	}
	if err != nil {
		return nil, roster.FieldErrors{{Field: field, Message: sentence(err.Error())}}
	}
	return in, nil
}

func (in *imported) readCalendar(data []byte, team *roster.Team, people []roster.Person, today roster.Date) error {
	came, err := ical.Shifts(data, team, today)
	if err != nil {
		return err
	}
	in.tables = make([]intake.Table, 1)
	in.tables[0], in.mapping, err = intake.OfEvents(came.Taken, team, people)
	in.remarks = viewRemarks(came.Remarks)
	return err
}

// maxKept is how many bytes of tables go to the browser and come back.
const maxKept = 400_000

// keepFew leaves out tables so that the rest is not too much for a form, but never the one
// that was chosen.
func (in *imported) keepFew() {
	size := func(t intake.Table) (n int) {
		for _, row := range t.Rows {
			for _, cell := range row {
				n += len(cell) + 4
			}
		}
		return n
	}
	total := size(in.tables[in.table])
	var kept []intake.Table
	chosen := 0
	for i, t := range in.tables {
		if i == in.table {
			chosen = len(kept)
		} else if total += size(t); total > maxKept {
			continue
		}
		kept = append(kept, t)
	}
	in.tables, in.table = kept, chosen
}

// importAgain reads the form of a preview. What is not as the preview wrote it is a 400.
func importAgain(fields url.Values, team *roster.Team, people []roster.Person) (*imported, error) {
	in := &imported{past: fields.Get("past") != "", whom: intake.Whom{}, shownAs: fields.Get("reads")}
	bad := badRequest("the form says something that the preview did not")
	if json.Unmarshal([]byte(fields.Get("tables")), &in.tables) != nil || json.Unmarshal([]byte(fields.Get("seen")), &in.seen) != nil {
		return nil, bad
	}
	if text := fields.Get("remarks"); text != "" && json.Unmarshal([]byte(text), &in.remarks) != nil {
		return nil, bad
	}
	var err error
	if in.group, err = roster.ParseChangeID(fields.Get("group")); err != nil {
		return nil, badRequest("group: %v", err)
	}
	shown, err1 := strconv.Atoi(fields.Get("shown"))
	wanted, err2 := strconv.Atoi(fields.Get("table"))
	if err1 != nil || err2 != nil || min(shown, wanted) < 0 || max(shown, wanted) >= len(in.tables) || len(in.tables) > intake.MaxTables {
		return nil, bad
	}
	for _, t := range in.tables {
		if t.Valid() != nil || len(t.Rows) == 0 {
			return nil, bad
		}
	}
	if in.reason, err = roster.ParseReason(fields.Get(roster.ReasonField)); err != nil {
		return nil, badRequest("%v", err)
	}
	for i := 0; fields.Has("name-" + strconv.Itoa(i)); i++ {
		if id := fields.Get("whom-" + strconv.Itoa(i)); id != "" {
			in.whom[fields.Get("name-"+strconv.Itoa(i))] = roster.PersonID(id)
		}
	}
	if in.table = wanted; shown != wanted {
		in.mapping, _ = intake.Guess(in.tables[wanted], team, people)
		return in, nil
	}
	for i := range in.tables[wanted].Rows[0] {
		in.mapping.Columns = append(in.mapping.Columns, intake.Use(fields.Get("column-"+strconv.Itoa(i))))
	}
	if in.mapping.Heading, err = strconv.Atoi(fields.Get("heading")); err != nil {
		in.mapping.Heading = -1 // which Validate refuses
	}
	in.mapping.Order, in.mapping.Ends, in.mapping.Lasts = intake.Order(fields.Get("order")), intake.Ends(fields.Get("ends")), intake.Lasts(fields.Get("lasts"))
	return in, nil
}

// checkWhom refuses people who are not there.
func (in *imported) checkWhom(people []roster.Person) error {
	for _, id := range in.whom {
		if id != intake.Nobody && !slices.ContainsFunc(people, func(p roster.Person) bool { return p.ID == id && !p.Removed }) {
			return badRequest("there is no person with the id %q", id)
		}
	}
	return nil
}

// importPlan is what importing would do.
type importPlan struct {
	reading intake.Reading
	now     func(roster.Date) roster.Day
	seats   []intake.Seat // of the reading, without the past unless that was asked for
	past    int           // seats that were left out for it
	changed []intake.Seat // those of seats that are not so already
	seen    map[string]string
}

// planImport reads the table by its mapping and holds it against the roster. Preview and
// import are this same call.
func (s *Server) planImport(ctx context.Context, team *roster.Team, people []roster.Person, in *imported) (importPlan, error) {
	today := team.Present(s.Now())
	plan := importPlan{
		reading: intake.Understand(in.tables[in.table], in.mapping, team, people, in.whom, today), seen: map[string]string{},
		now: func(d roster.Date) roster.Day { return roster.Day{Date: d} },
	}
	for _, seat := range plan.reading.Seats {
		if seat.Date.Before(today) && !in.past {
			plan.past++
			continue
		}
		plan.seats = append(plan.seats, seat)
	}
	if len(plan.seats) == 0 {
		return plan, nil
	}
	from, to := plan.seats[0].Date, plan.seats[len(plan.seats)-1].Date
	days, err := s.Store.Days(ctx, team.ID, from.InMonth().First(), to.InMonth().Next().First().AddDays(-1))
	if err != nil {
		return plan, err
	}
	plan.now = roster.ByDate(days)
	for _, seat := range plan.seats {
		if m := seat.Date.InMonth(); plan.seen[m.String()] == "" {
			first := days[0].Date.DaysUntil(m.First())
			plan.seen[m.String()] = views.Seen(days[first : first+m.First().DaysUntil(m.Next().First())])
		}
		if seat.Person == "" || plan.now(seat.Date).Assignments[seat.Role] != seat.Person {
			plan.changed = append(plan.changed, seat)
		}
	}
	return plan, nil
}

// stale reports whether a change was planned in view of another roster than there is. What
// the same act has done already is no such change.
func (p importPlan) stale(seen map[string]string) bool {
	return slices.ContainsFunc(p.changed, func(seat intake.Seat) bool {
		m := seat.Date.InMonth().String()
		return seen[m] != p.seen[m]
	})
}

// runImport makes the plan, as one act: first the people who do not exist yet, then month
// by month. Where it is cut off, sending the same form again makes the rest.
func (s *Server) runImport(r *http.Request, team *roster.Team, in *imported, plan importPlan) error {
	ctx := r.Context()
	made := map[string]roster.PersonID{}
	for _, seat := range plan.changed {
		if folded := roster.FoldName(seat.Name); seat.Person == "" && made[folded] == "" {
			p, err := s.addPersonNamed(ctx, roster.Person{Name: seat.Name, Active: true}, true)
			if err != nil {
				return err
			}
			made[folded] = p.ID
		}
	}
	asked := make([]roster.Assignment, len(plan.changed))
	for i, seat := range plan.changed {
		person := seat.Person
		if person == "" {
			person = made[roster.FoldName(seat.Name)]
		}
		revision := plan.now(seat.Date).Revision
		asked[i] = roster.Assignment{Seat: seat.Seat, Person: person, BasedOn: &revision}
	}
	act := roster.Act{Group: in.group, Actor: actor(r), Time: s.Now(), Reason: in.reason}
	var edits []roster.Edit
	for _, e := range roster.Assign(roster.AssignInput{Assignments: asked, Days: plan.now, Why: roster.WhyImport}, act) {
		edits = append(edits, e.Edit)
	}
	return s.saveAll(ctx, team, edits)
}

// needsReason is the first day of the past that would be changed without a reason; the
// zero Date if there is none.
func (p importPlan) needsReason(in *imported, today roster.Date) roster.Date {
	if len(p.changed) > 0 && p.changed[0].Date.Before(today) && in.reason == "" {
		return p.changed[0].Date
	}
	return roster.Date{}
}

// What a preview says that comes instead of an import.
const (
	rosterChanged = "Somebody changed the roster since you looked. This is what importing would do now; look again, and import then."
	readAnew      = "You changed how it is read. This is what importing would do now; look again, and import then."
)

func isStaleImport(err error) bool {
	_, conflict := errors.AsType[*store.ConflictError[[]roster.Day]](err)
	return conflict
}
