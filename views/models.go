package views

import (
	"context"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/roster/planning"
	"dailyroster/words"
)

// Frame is what stands around the content of every page.
type Frame struct {
	Title  string
	Path   string       // of the page's URL: which tab and which link is the current one
	Team   *roster.Team // the team of the page, if it has one
	Assets Assets
	Foot   Foot
	Who    Who    // looks at the page
	May    May    // what they may do
	Search string // what is in the search box
	Notice string // what just happened, above the content; "" is nothing
	// NoticeAct is the act that the notice is about, if it can be undone.
	NoticeAct roster.ChangeID
	// TakeBack is where a form takes the save back that the notice is about; "" if nowhere.
	TakeBack string
	// AsOf is how old the page's data is, if the store does not answer: when it was read. It
	// is the zero time for a current page.
	AsOf time.Time
	Now  time.Time
	// Request is the id of the request, for people who ask for help.
	Request string

	days string // the id of the days on the page; "" if it has none
}

// withDays is the frame with a skip link to the page's days.
func (f Frame) withDays(id string) Frame {
	f.days = id
	return f
}

// Assets are the URLs of the page's files.
type Assets struct {
	Style, Script, Grid, Chips, Wall, Icon, Icons, HTMX, SSE string
	AppIcons                                                 AppIcons
}

// AppIcons are the URLs of the icons of the installed app.
type AppIcons struct{ Small, Large, Mask, Apple string }

// The colours of the bar around the installed app: those of the head of a page.
const (
	ThemeLight = "#ffffff"
	ThemeDark  = "#151a21"
)

// Foot says which machine answered, and from which store.
type Foot struct {
	ServedBy string
	Version  string
	Store    string
	StoreOK  bool
}

// Banner says who is on call now.
type Banner struct {
	Team   *roster.Team
	View   View // of the page that it stands on
	Duties []oncall.Duty
	Names  roster.Names
	Now    time.Time
	Call   *oncall.Call  // who gets called; nil where no role has hours
	Coming *oncall.Strip // on the roster's page, the coming hours; nil where no role has hours
	Reach  Contacts
}

// reached reports whether whoever has the duty stands above it already.
func (b Banner) reached(duty int) bool {
	who := b.Duties[duty].Person
	return b.Call != nil && b.Call.Person == who || slices.ContainsFunc(b.Duties[:duty], func(d oncall.Duty) bool { return d.Person == who })
}

// zone is the zone of the team's clock now.
func (b Banner) zone() roster.Zone { return b.Team.SettingsOn(b.Team.DayAt(b.Now)).Zone }

// here is an instant on the team's clock.
func (b Banner) here(t time.Time) time.Time { return t.In(b.zone().Location()) }

// zoneText names the team's clock: Times are in Europe/Berlin (CET, UTC+1).
func (b Banner) zoneText(ctx context.Context) string {
	return words.T(ctx, "Times are in %s (%s).", b.zone().String(), offsetText(b.here(b.Now)))
}

// when writes an instant as people in the team say it now: with the weekday within a week,
// else also with the date.
func (b Banner) when(ctx context.Context, at time.Time) string {
	t := b.here(at)
	switch days := roster.DateOf(b.here(b.Now)).DaysUntil(roster.DateOf(t)); {
	case days == 0:
		return words.T(ctx, "today %s", words.Date(ctx, t, "15:04"))
	case days == 1:
		return words.T(ctx, "tomorrow %s", words.Date(ctx, t, "15:04"))
	case days < 7:
		return words.Date(ctx, t, "Mon 15:04")
	default:
		return words.Date(ctx, t, "Mon 2 Jan 15:04")
	}
}

// Roster is the region with the range's controls, the gaps and the table.
type Roster struct {
	Team  *roster.Team
	View  View
	Start roster.Date // where the view starts when nobody chose: the day on call now
	Rows  []Row
	Names roster.Names
	// Offers are those that wait for an answer, whatever their days.
	Offers []Offer
	Locked bool // the reader may not edit it
}

// Row is a day of the roster table.
type Row struct {
	Team    *roster.Team
	View    View
	Day     roster.Day
	Names   roster.Names
	Runs    []Run // of its seats, in the order of the team's roles
	Today   bool  // the civil date of now
	Past    bool  // the day is past: a change needs a reason
	Current bool  // somebody is on call now for this day, or should be
	// OnNow are the roles that are on duty now for this day, in a team whose roles have hours.
	OnNow []roster.RoleID
	// Clashes has the roles whose holder is away on the day.
	Clashes map[roster.RoleID]Clash
	Reach   Contacts
	Locked  bool  // the reader may not edit it
	Undo    *Undo // offered after clearing
	Form    *Form // the row as a form; nil shows the day
}

// Clash is a seat whose holder is away, and who can take it over.
type Clash struct {
	Team     *roster.Team
	Seat     roster.Seat
	Holder   roster.PersonID
	Absence  roster.Absence
	Instead  planning.Substitution
	ChangeID roster.ChangeID // of taking it: the same for everybody who sees the same
	Locked   bool            // the reader may not take it
	Unasked  bool            // it was not looked for who can have it instead
	Again    bool            // the day before says the same of the same absence
}

// Offer is an exchange that waits for an answer, on any page.
type Offer struct {
	roster.Offer
	Team    *roster.Team
	Problem error // why it is no longer possible; nil if it still is
	Locked  bool  // the reader may answer only for themself
	// Own are the people whom the reader is.
	Own []roster.PersonID
}

// answerable reports whether whoever looks at it may answer for the person.
func (o Offer) answerable(id roster.PersonID) bool { return !o.Locked || slices.Contains(o.Own, id) }

// Undo is a form that brings back what a day said before it was cleared.
type Undo struct {
	Day      roster.Day // as it was
	BasedOn  roster.Revision
	ChangeID roster.ChangeID
	Reason   string // for clearing the day, if that needed one
}

// Form is a day's row while it is edited.
type Form struct {
	Values   map[string]string // what the person typed, by field
	Errors   roster.FieldErrors
	BasedOn  roster.Revision
	ChangeID roster.ChangeID
	Focus    string // the field that has the focus
	Conflict bool   // the day has changed since: show its values too
	Problem  string // why the form could not be saved; "" for no problem
}
