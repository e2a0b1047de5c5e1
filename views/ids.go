package views

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"dailyroster/roster"
)

// The ids of the swappable regions.
const (
	RosterID  = "roster"  // the range's controls, gaps and table
	BannerID  = "oncall"  // who is on call now
	GapsID    = "gaps"    // the gaps in view
	OffersID  = "offers"  // the exchanges that wait for an answer
	PeopleID  = "people"  // the suggestions of names
	StatusID  = "status"  // what just happened, read out by screen readers
	FootID    = "foot"    // who served the page
	LiveID    = "live"    // where news of changed days arrives
	ClusterID = "cluster" // the state of the store's machines
	MainID    = "content" // where the skip link leads
	DaysID    = "days"    // the rows of the roster
	GridID    = "grid"    // a month's controls, gaps, weeks and forms
	MonthID   = "month"   // the weeks of a month

	GridWorkID = "grid-work" // the weeks, the forms, and their result
)

// ChangedEvent is the name of the event that follows the events of changed days. The event of
// one changed day is named like the id of its row.
const ChangedEvent = "changed"

// ReshapeEvent asks the roster to draw itself again, as one of its rows was just saved.
const ReshapeEvent = "reshape"

// RowID is the id of a day's row.
func RowID(d roster.Date) string { return rowPrefix + d.String() }

const rowPrefix = "day-"

// formID is the id of the form in a day's row, which its fields refer to.
func formID(d roster.Date) string { return "edit-" + d.String() }

// fieldID is the id of a field in a day's row.
func fieldID(d roster.Date, field string) string { return field + "-" + d.String() }

// Days are added to a view a few weeks at a time, until it is long.
const (
	daysBefore = 14
	daysAfter  = 28
	longView   = 200
)

// earlier is the view with the days before it. ok is false where there are none, or the view is
// as long as one can be.
func (r Roster) earlier() (v View, ok bool) {
	v = View{r.View.From.AddDays(-daysBefore), r.View.Days + daysBefore}
	if v.Days > longView {
		v = View{r.View.From.AddDays(-r.View.Days), r.View.Days}
	}
	return v, v.From.Year >= roster.MinYear
}

// later is the view with the days after it; once that would be long, the view that follows.
func (r Roster) later() (v View, ok bool) {
	v = View{r.View.From, r.View.Days + daysAfter}
	if v.Days > longView {
		v = View{r.View.From.AddDays(r.View.Days), roster.DefaultDays}
	}
	return v, v.To().Year <= roster.MaxYear
}

// months are those that the strip of months offers.
func (r Roster) months() []roster.Month {
	m := r.Start.InMonth().First().AddDays(-1).InMonth()
	months := make([]roster.Month, 0, 14)
	for range cap(months) {
		if m.First().Year < roster.MinYear || m.Next().First().Year > roster.MaxYear {
			break
		}
		months = append(months, m)
		m = m.Next()
	}
	return months
}

// monthURL is the view that begins with a month, and with today in the present one.
func (r Roster) monthURL(m roster.Month) string {
	if m == r.Start.InMonth() {
		return TeamURL(r.Team.ID)
	}
	return RosterURL(r.Team.ID, View{m.First(), roster.DefaultDays})
}

// View is the range of days that a roster page shows.
type View struct {
	From roster.Date
	Days int
}

// To is the last day in view.
func (v View) To() roster.Date { return v.From.AddDays(v.Days - 1) }

// liveDays is how many days from today live updates reach: five years. Rosters are filled two
// years ahead; people set days further away only by hand.
const liveDays = 5 * 366

// IsLive reports whether there are live updates for the view.
func (v View) IsLive(today roster.Date) bool {
	return today.DaysUntil(v.To()) <= liveDays && v.From.DaysUntil(today) <= liveDays
}

// query asks for the view, and for more, in pairs.
func (v View) query(more ...string) string {
	q := "?from=" + v.From.String()
	if v.Days != roster.DefaultDays {
		q += "&days=" + strconv.Itoa(v.Days)
	}
	for i := 0; i+1 < len(more); i += 2 {
		q += "&" + more[i] + "=" + url.QueryEscape(more[i+1])
	}
	return q
}

// TeamURL is a team's roster page.
func TeamURL(t roster.TeamID) string { return "/teams/" + string(t) }

// RosterURL is a team's roster page in a view, with more query parameters in pairs.
func RosterURL(t roster.TeamID, v View, more ...string) string { return TeamURL(t) + v.query(more...) }

// DayURL is the row of a day, as a fragment; it includes the view.
func DayURL(t roster.TeamID, d roster.Date, v View) string {
	return TeamURL(t) + "/days/" + d.String() + v.query()
}

// ExchangeURL is the page that swaps, takes or gives a seat; it includes the view.
func ExchangeURL(t roster.TeamID, seat roster.Seat, v View) string {
	return TeamURL(t) + "/days/" + seat.Date.String() + "/exchange" + v.query("role", string(seat.Role))
}

// ExchangesURL takes new exchanges; it includes the view.
func ExchangesURL(t roster.TeamID, v View) string { return TeamURL(t) + "/exchanges" + v.query() }

// OfferURL takes the answer to an exchange.
func OfferURL(t roster.TeamID, id roster.ChangeID) string {
	return TeamURL(t) + "/exchanges/" + string(id)
}

// SettingsURL is a team's settings page.
func SettingsURL(t roster.TeamID) string { return TeamURL(t) + "/settings" }

// PersonURL is a person's page.
func PersonURL(p roster.PersonID) string { return "/people/" + string(p) }

// live returns the attributes of the element that listens for news of the view, if the view
// has live updates.
func (r Roster) live() templ.Attributes {
	if !r.View.IsLive(r.Start) {
		return nil
	}
	return templ.Attributes{"hx-sse:connect": eventsURL(r), "hx-trigger": "load, every 5s"}
}

// listenerID is the id of the element that listens. Another view has another, so that it
// connects anew.
func (r Roster) listenerID() string {
	return LiveID + "-" + r.View.From.String() + "-" + strconv.Itoa(r.View.Days)
}

// eventsURL is the stream of news for what is shown.
func eventsURL(r Roster) string {
	return TeamURL(r.Team.ID) + "/events" + r.View.query("seen", roster.Seen(r.days()))
}

// onCallURL is the banner as a fragment, with the other regions that depend on the days.
func onCallURL(t roster.TeamID, v View) string { return TeamURL(t) + "/oncall" + v.query() }
