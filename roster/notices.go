package roster

import (
	"slices"
	"time"

	"dailyroster/words/said"
)

// NoticeKind is what a notice is about.
type NoticeKind string

// The kinds of notices. Those before NoticeGap go to people, the others to teams.
const (
	NoticeComing  NoticeKind = "coming"  // your shift is coming
	NoticeNow     NoticeKind = "now"     // you are on call now
	NoticeChanged NoticeKind = "changed" // your shifts changed
	NoticeSwap    NoticeKind = "swap"    // a swap waits for you, or was answered
	NoticeGap     NoticeKind = "gap"     // a gap is near
	NoticeWeek    NoticeKind = "week"    // the weekly summary
)

// PersonNotices are the kinds for people, in the order in which pages show them.
func PersonNotices() []NoticeKind {
	return []NoticeKind{NoticeComing, NoticeNow, NoticeChanged, NoticeSwap}
}

// TeamNotices are the kinds for teams, in the order in which pages show them.
func TeamNotices() []NoticeKind { return []NoticeKind{NoticeComing, NoticeNow, NoticeGap, NoticeWeek} }

// Lead is how long before a shift its notice is due, in minutes. One in whole days counts
// days of the calendar.
type Lead int

// DefaultLead is for people who chose none.
const DefaultLead Lead = 24 * 60

// Limits of leads.
const (
	MinLead  Lead = 5
	MaxLead  Lead = 14 * 24 * 60
	MaxLeads      = 5
)

// Days is how many whole days the lead is; 0 where it is none.
func (l Lead) Days() int {
	if l%DefaultLead != 0 {
		return 0
	}
	return int(l / DefaultLead)
}

// Duration is the lead by the clock.
func (l Lead) Duration() time.Duration { return time.Duration(l) * time.Minute }

// NoticeWishes are which notices a person wants, and when. The zero value wants all of them by
// email, one day before each shift.
type NoticeWishes struct {
	// NotByEmail are the kinds that the person does not want by email.
	NotByEmail []NoticeKind `json:"notByEmail,omitempty"`
	// Leads are for NoticeComing, the longest first; none is DefaultLead.
	Leads []Lead `json:"leads,omitempty"`
}

// IsZero reports whether the person wants what everybody gets.
func (w NoticeWishes) IsZero() bool { return len(w.NotByEmail) == 0 && len(w.Leads) == 0 }

// ByEmail reports whether the person wants notices of the kind by email.
func (w NoticeWishes) ByEmail(k NoticeKind) bool { return !slices.Contains(w.NotByEmail, k) }

// EachLead are the person's leads, or the default.
func (w NoticeWishes) EachLead() []Lead {
	if len(w.Leads) == 0 {
		return []Lead{DefaultLead}
	}
	return w.Leads
}

// validate checks the wishes and puts them in order, in copies.
func (w *NoticeWishes) validate(errs *FieldErrors) {
	for _, k := range w.NotByEmail {
		if !slices.Contains(PersonNotices(), k) {
			errs.Add("notices.notByEmail", said.New("%q is not a kind of notice", Clip(string(k))))
		}
	}
	if len(w.Leads) > MaxLeads {
		errs.Add("notices.leads", said.New("at most %d lead times fit", MaxLeads))
	}
	for _, l := range w.Leads {
		if l < MinLead || l > MaxLead {
			errs.Add("notices.leads", said.New("a lead time is 5 minutes to 14 days"))
			break
		}
	}
	if len(*errs) > 0 {
		return // and so it stays as it was written
	}
	if len(w.NotByEmail) > 0 {
		w.NotByEmail = slices.DeleteFunc(PersonNotices(), w.ByEmail)
	}
	w.Leads = slices.Clone(w.Leads)
	slices.SortFunc(w.Leads, func(a, b Lead) int { return int(b - a) })
	w.Leads = slices.Compact(w.Leads)
}
