package views

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"dailyroster/roster"
	"dailyroster/words"
)

// What is the same in each row stands at the table's body (see RosterTable): a row that one
// edits replaces itself, and news of changed days replace the region, but not the rows that
// somebody edits. A click on a cell is one on its link Edit, with the focus in the cell's field
// (rows.js).

// DayRow is one day of the table: shown, or as a form.
func DayRow(r Row) templ.Component { return dayRows([]Row{r}) }

// dayRows are days of one team's table, in one view.
func dayRows(rows []Row) templ.Component {
	return drawn(func(ctx context.Context, m *markup) {
		if len(rows) == 0 {
			return
		}
		days := templ.EscapeString(TeamURL(rows[0].Team.ID) + "/days/")
		view := templ.EscapeString(rows[0].View.query())
		for i := range rows {
			if rows[i].Form != nil {
				m.draw(ctx, formRow(rows[i]))
				continue
			}
			m.shownRow(ctx, &rows[i], days, view)
		}
	})
}

// shownRow is a day that is shown. days and view are the beginning and the end of its URLs,
// escaped.
func (m *markup) shownRow(ctx context.Context, r *Row, days, view string) {
	id := RowID(r.Day.Date)
	date := id[len(rowPrefix):]
	m.raw(`<tr id="`, id, `" role="row"`)
	if class := r.class(ctx); class != "" {
		m.raw(` class="`, class, `"`)
	}
	if r.Today {
		m.raw(` aria-current="date"`)
	}
	m.raw(`>`)
	m.dayHead(ctx, r)
	for i := range r.Team.Roles {
		m.seat(ctx, r, i)
	}
	m.raw(`<td role="cell" class="note">`)
	m.text(r.Day.Note)
	m.raw(`</td><td role="cell" class="actions">`)
	if r.Undo != nil {
		m.draw(ctx, undoForm(*r))
	}
	if !r.Locked {
		long := rowDate(ctx, r.Day.Date)
		m.raw(`<a class="edit" href="`, days, date, `/edit`, view, `" aria-label="`)
		m.text(words.T(ctx, "Edit %s", long))
		m.raw(`">`)
		m.text(words.T(ctx, "Edit"))
		m.raw(`</a>`)
		if !r.Past {
			m.raw(`<a class="exchange" href="`, days, date, `/exchange`, view, `" aria-label="`)
			m.text(words.T(ctx, "Swap %s", long))
			m.raw(`">`)
			m.text(words.T(ctx, "Swap"))
			m.raw(`</a>`)
		}
	}
	m.raw(`</td></tr>`)
}

// seat is the cell of the i-th role: a part of a block of days with the same person, of which
// the first row says whose it is.
func (m *markup) seat(ctx context.Context, r *Row, i int) {
	role, run := r.Team.Roles[i], r.Runs[i]
	id, off := r.Day.Assignments[role.ID], r.off(role.ID)
	m.raw(`<td role="cell" class="seat`)
	if run.First {
		m.raw(` first`)
	}
	if run.Last {
		m.raw(` last`)
	}
	switch {
	case id != "":
		m.raw(` who `, colour(id))
	case off:
		m.raw(` off`)
	default:
		m.raw(` gap`)
	}
	if len(r.Team.Roles) > 3 { // a phone has no room for their columns, see rolesClass
		m.raw(`" data-label="`)
		m.text(role.Name)
	}
	m.raw(`">`)
	name := r.Names.Of(id)
	switch {
	case id != "" && run.First:
		m.raw(`<span class="face" data-initials="`) // in the colour of the cell
		m.text(initials(name))
		m.raw(`"></span><b>`)
		m.text(name)
		m.raw(`</b>`)
	case id != "" && run.Again:
		m.raw(`<span class="again">`)
		m.text(name)
		m.raw(`</span>`)
	case id != "":
		m.raw(`<span class="on">`)
		m.text(name)
		m.raw(`</span>`)
	case off:
		m.text(words.T(ctx, "off duty"))
	default:
		m.raw(`<span class="gap">`)
		m.text(words.T(ctx, "nobody"))
		m.raw(`</span>`)
	}
	if id != "" && off {
		m.raw(` <span class="off">`)
		m.text(words.T(ctx, "off duty"))
		m.raw(`</span>`)
	}
	if run.First && (id != "" || !off) {
		if length := run.length(ctx); length != "" {
			m.raw(` <span class="length">`)
			m.text(length)
			m.raw(`</span>`)
		}
	}
	if slices.Contains(r.OnNow, role.ID) {
		m.nowMark(ctx)
	}
	if id != "" && r.now(role.ID) {
		contact := r.Reach.of(id)
		m.reach(contact, contact.ways(ctx))
	}
	if len(r.Clashes) > 0 {
		m.draw(ctx, clashNote(*r, role.ID))
	}
	m.raw(`</td>`)
}

// rowDate is shortDate in the language of the context.
func rowDate(ctx context.Context, d roster.Date) string { return words.Date(ctx, d, shortLayout(d)) }

// nowMark marks who or what is on call now.
func (m *markup) nowMark(ctx context.Context) {
	m.raw(` <span class="mark now">`)
	m.text(words.T(ctx, "now"))
	m.raw(`</span>`)
}

// now reports whether who has the role on the day is on call now.
func (r *Row) now(role roster.RoleID) bool {
	if len(r.OnNow) > 0 {
		return slices.Contains(r.OnNow, role)
	}
	return r.Current
}

// off reports whether a role has hours, and none of them begins on the day.
func (r *Row) off(role roster.RoleID) bool {
	return !r.Team.Serves(role, r.Day.Date)
}

// dayHead is the head of a row: its date, its marks and its holidays, and when somebody takes
// over.
func dayHead(r Row) templ.Component {
	return drawn(func(ctx context.Context, m *markup) { m.dayHead(ctx, &r) })
}

func (m *markup) dayHead(ctx context.Context, r *Row) {
	m.raw(`<th role="rowheader" scope="row">`, rowDate(ctx, r.Day.Date))
	if r.handsOver() && len(r.Team.Hours) == 0 {
		m.raw(` <span class="handoff">`, r.Team.SettingsOn(r.Day.Date).HandOff.String(), `</span>`)
	}
	if r.Today {
		m.raw(` <span class="mark">`)
		m.text(words.T(ctx, "today"))
		m.raw(`</span>`)
	}
	if r.Current && len(r.OnNow) == 0 {
		m.nowMark(ctx)
	}
	for _, name := range r.Team.HolidaysOn(r.Day.Date) {
		m.raw(` <span class="holiday">`)
		m.text(name)
		m.raw(`</span>`)
	}
	m.raw(`</th>`)
}
