package views

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"dailyroster/roster"
)

// What is the same in each row stands at the table's body (see RosterTable): a row replaces
// itself. A click on a cell is one on its link Edit, with the focus in the cell's field
// (roster.js).

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
	if class := r.class(); class != "" {
		m.raw(` class="`, class, `"`)
	}
	if r.Undo == nil {
		m.raw(` hx-get="`, days, date, view, `" hx-trigger="`, id, ` from:#`, LiveID, `"`)
	}
	if r.Today {
		m.raw(` aria-current="date"`)
	}
	m.raw(`>`)
	m.dayHead(r, date)
	for _, role := range r.Team.Roles {
		m.raw(`<td role="cell" data-label="`)
		m.text(role.Name)
		m.raw(`">`)
		off := r.off(role.ID)
		switch id := r.Day.Assignments[role.ID]; {
		case id != "":
			m.text(r.Names.Of(id))
			if off {
				m.raw(` <span class="off">off duty</span>`)
			}
			if r.now(role.ID) {
				contact := r.Reach.of(id)
				m.reach(contact, contact.ways())
			}
		case off:
			m.raw(`<span class="off">off duty</span>`)
		default:
			m.raw(`<span class="gap">nobody</span>`)
		}
		if slices.Contains(r.OnNow, role.ID) {
			m.raw(nowMark)
		}
		if len(r.Clashes) > 0 {
			m.draw(ctx, clashNote(*r, role.ID))
		}
		m.raw(`</td>`)
	}
	m.raw(`<td role="cell" class="note">`)
	m.text(r.Day.Note)
	m.raw(`</td><td role="cell" class="actions">`)
	if r.Undo != nil {
		m.draw(ctx, undoForm(*r))
	}
	if !r.Locked {
		long := r.Day.Date.Format("Monday 2 January") // the head of the row has the year where it is not plain
		m.raw(`<a class="edit" href="`, days, date, `/edit`, view, `" aria-label="Edit `, long, `">Edit</a>`)
		if !r.Past {
			m.raw(` <a class="exchange" href="`, days, date, `/exchange`, view, `" aria-label="Swap `, long, `">Swap</a>`)
		}
	}
	m.raw(`</td></tr>`)
}

const nowMark = ` <span class="mark now">now</span>`

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

// dayHead is the head of a row: its date, its marks and its holidays.
func dayHead(r Row) templ.Component {
	return drawn(func(_ context.Context, m *markup) { m.dayHead(&r, r.Day.Date.String()) })
}

func (m *markup) dayHead(r *Row, date string) {
	m.raw(`<th role="rowheader" scope="row"><time datetime="`, date, `">`, shortDate(r.Day.Date), `</time>`)
	if r.Today {
		m.raw(` <span class="mark">today</span>`)
	}
	if r.Current && len(r.OnNow) == 0 {
		m.raw(nowMark)
	}
	for _, name := range r.Team.HolidaysOn(r.Day.Date) {
		m.raw(` <span class="holiday">`)
		m.text(name)
		m.raw(`</span>`)
	}
	m.raw(`</th>`)
}
