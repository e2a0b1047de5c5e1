package roster

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"dailyroster/words/said"
)

// Limits of a role's hours.
const (
	MaxHours      = 50 // changes of one role's hours
	MaxHourSpans  = 14 // spans that hold at once
	MaxSpansOfDay = 4  // of them, those that begin on the same day of the week
)

// RoleHours says when a role is on duty. A role that has none is on duty from hand-off to
// hand-off.
type RoleHours struct {
	Role RoleID `json:"role"`
	// Versions are in order of From; before the first the role is on duty from hand-off to
	// hand-off.
	Versions []Hours `json:"versions"`
}

// Hours are in force from a day until the role has later ones.
type Hours struct {
	From Date `json:"from"` // the zero Date: from the start
	// Zone is the zone in which the spans are meant; the zero Zone is the team's.
	Zone Zone `json:"zone"`
	// Spans begin on the days that they name; none at all is from hand-off to hand-off.
	Spans []HourSpan `json:"spans"`
}

// HourSpan is a time of day that a role is on duty, on some days of the week.
type HourSpan struct {
	Days Weekdays `json:"days"` // the days that it begins on
	// To at or before From is on the day after. Times that a change of clocks skips or
	// repeats are what Zone.Instant makes of them.
	From ClockTime `json:"from"`
	To   ClockTime `json:"to"`
}

// minutes is how long the span is while no clock changes.
func (s HourSpan) minutes() int {
	if s.To <= s.From {
		return int(s.To-s.From) + minutesOfDay
	}
	return int(s.To - s.From)
}

const (
	minutesOfDay  = 24 * 60
	minutesOfWeek = 7 * minutesOfDay
)

// String is how people write a span: mon-fri 08:00-20:00.
func (s HourSpan) String() string { return fmt.Sprintf("%s %s-%s", s.Days, s.From, s.To) }

// hoursOn are the role's hours that hold on day d, and whether they are spans at all.
func (t *Team) hoursOn(role RoleID, d Date) (Hours, bool) {
	var in Hours
	for _, h := range t.HoursOf(role) {
		if d.Before(h.From) {
			break
		}
		in = h
	}
	return in, len(in.Spans) > 0
}

// HoursOf are the versions of a role's hours; nil for a role from hand-off to hand-off.
// They belong to the team.
func (t *Team) HoursOf(role RoleID) []Hours {
	for i := range t.Hours {
		if t.Hours[i].Role == role {
			return t.Hours[i].Versions
		}
	}
	return nil
}

// HoursOn are the hours that the role has on day d, with the zone in which they are meant.
// No spans: it is on duty from hand-off to hand-off.
func (t *Team) HoursOn(role RoleID, d Date) Hours {
	in, _ := t.hoursOn(role, d)
	in.Zone = t.zoneOf(in, d)
	return in
}

// OnDuty is when whoever holds the role on day d is on duty, in order and without overlap.
// Without hours it is the day's shift. With them it is the spans that begin on d in the
// role's zone. Where a change of hours or zones lets the time of two days overlap, it
// belongs to the later one. Nothing is on a day without time.
func (t *Team) OnDuty(role RoleID, d Date) []Shift {
	if len(t.HoursOf(role)) == 0 {
		if shift := t.ShiftOf(d); !shift.IsEmpty() {
			return []Shift{shift}
		}
		return nil
	}
	for _, shifts := range t.OnDutyDays(role, d, d) {
		return shifts
	}
	return nil
}

// Serves reports whether the role is on duty at all in the time of day d: it has no hours, or
// some that begin then.
func (t *Team) Serves(role RoleID, d Date) bool { return !t.offDuty(role, d) }

// offDuty reports whether the role has hours, and none that begin on day d.
func (t *Team) offDuty(role RoleID, d Date) bool {
	hours, spans := t.hoursOn(role, d)
	return spans && !slices.ContainsFunc(hours.Spans, func(s HourSpan) bool { return s.Days.Has(d.weekday()) })
}

// HoursReach is for how many days after a day its hours can last: a span takes at most 26 hours
// or so, and dates of two zones are at most 26 hours apart. So what begins so many days later
// overlaps nothing.
const HoursReach = 3

// OnDutyDays is OnDuty of each of the days from–to, in order. Callers may keep the shifts, but
// not change them.
func (t *Team) OnDutyDays(role RoleID, from, to Date) iter.Seq2[Date, []Shift] {
	return func(yield func(Date, []Shift) bool) {
		var coming [HoursReach + 1][]Shift
		for i := range HoursReach {
			coming[i] = t.spansOn(role, from.AddDays(i))
		}
		for d := from; !to.Before(d); d = d.AddDays(1) {
			coming[HoursReach] = t.spansOn(role, d.AddDays(HoursReach))
			shifts := coming[0]
			for _, later := range coming[1:] {
				if len(later) > 0 {
					shifts = endBy(shifts, later[0].Start)
				}
			}
			if !yield(d, shifts) {
				return
			}
			copy(coming[:], coming[1:])
		}
	}
}

// endBy is what of the shifts, which it owns and which are in order, lies before end.
func endBy(shifts []Shift, end time.Time) []Shift {
	for len(shifts) > 0 && shifts[len(shifts)-1].End.After(end) {
		last := &shifts[len(shifts)-1]
		if last.Start.Before(end) {
			last.End = end
			break
		}
		shifts = shifts[:len(shifts)-1]
	}
	return shifts
}

// spansOn is OnDuty before a later day takes its part.
func (t *Team) spansOn(role RoleID, d Date) []Shift {
	hours, spans := t.hoursOn(role, d)
	if !spans {
		if shift := t.ShiftOf(d); !shift.IsEmpty() {
			return []Shift{shift}
		}
		return nil
	}
	zone := t.zoneOf(hours, d)
	var on []Shift
	for _, s := range hours.Spans {
		if !s.Days.Has(d.weekday()) {
			continue
		}
		end := d
		if s.To <= s.From {
			end = d.AddDays(1)
		}
		if shift := (Shift{zone.Instant(d, s.From), zone.Instant(end, s.To)}); !shift.IsEmpty() {
			on = append(on, shift)
		}
	}
	slices.SortFunc(on, func(a, b Shift) int { return a.Start.Compare(b.Start) })
	return on
}

// validateHours checks the hours of all roles and puts them, and their spans, in order. Those of roles
// that the team no longer has go.
func (t *Team) validateHours(errs *FieldErrors) {
	t.Hours = slices.DeleteFunc(slices.Clone(t.Hours), func(h RoleHours) bool { return !t.HasRole(h.Role) || len(h.Versions) == 0 })
	seen := map[RoleID]bool{}
	for i := range t.Hours {
		h := &t.Hours[i]
		field := t.hoursField(h.Role)
		switch {
		case seen[h.Role]:
			errs.Add(field, said.New("the hours of the role %q are listed twice", h.Role))
		case len(h.Versions) > MaxHours:
			errs.Add(field, said.New("the hours of a role can change %d times, not %d", MaxHours, len(h.Versions)))
			continue
		}
		seen[h.Role] = true
		h.Versions = slices.Clone(h.Versions)
		for j := range h.Versions {
			v, field := &h.Versions[j], fmt.Sprintf("%s.%d", field, j)
			if j > 0 && !h.Versions[j-1].From.Before(v.From) {
				errs.Add(field+".from", said.New("hours are in order of their dates, each date once"))
			}
			v.validate(field+".spans", errs)
		}
	}
	if len(t.Hours) == 0 {
		t.Hours = nil
	}
	place := func(h RoleHours) int { return slices.IndexFunc(t.Roles, func(r Role) bool { return r.ID == h.Role }) }
	slices.SortStableFunc(t.Hours, func(a, b RoleHours) int { return cmp.Compare(place(a), place(b)) })
}

// hoursField names the hours of a role in the team as it is sent.
func (t *Team) hoursField(role RoleID) string {
	return fmt.Sprintf("roles.%d.hours", slices.IndexFunc(t.Roles, func(r Role) bool { return r.ID == role }))
}

// validate checks the spans, which are at a field, and puts a copy of them in order of the week.
func (h *Hours) validate(field string, errs *FieldErrors) {
	if len(h.Spans) > MaxHourSpans {
		errs.Add(field, said.New("a role has at most %d spans of hours, not %d", MaxHourSpans, len(h.Spans)))
		return
	}
	before := len(*errs)
	for i, s := range h.Spans {
		at := fmt.Sprintf("%s.%d", field, i)
		if s.Days&EveryDay == 0 || s.Days&^EveryDay != 0 {
			errs.Add(at+".days", said.New("name the days of the week that the hours begin on"))
		}
		if s.From < 0 || s.From >= minutesOfDay {
			errs.Add(at+".from", said.New("hours are times of day such as 08:00"))
		}
		if s.To < 0 || s.To >= minutesOfDay {
			errs.Add(at+".to", said.New("hours are times of day such as 08:00"))
		}
	}
	if len(*errs) > before {
		return
	}
	type slot struct {
		from, to int // minutes of the week
		span     int
	}
	var week []slot
	var ofDay [Sunday + 1]int
	for i, s := range h.Spans {
		for _, w := range s.Days.Days() {
			ofDay[w]++
			if ofDay[w] > MaxSpansOfDay {
				errs.Add(fmt.Sprintf("%s.%d.days", field, i), said.New("at most %d spans begin on one day; on %s there are more", MaxSpansOfDay, w))
				return
			}
			from := int(w-Monday)*minutesOfDay + int(s.From)
			week = append(week, slot{from, from + s.minutes(), i})
		}
	}
	slices.SortFunc(week, func(a, b slot) int { return cmp.Compare(a.from, b.from) })
	for i, s := range week {
		next := week[(i+1)%len(week)]
		begins := next.from
		if i+1 == len(week) {
			begins += minutesOfWeek
		}
		if s.to > begins {
			errs.Add(fmt.Sprintf("%s.%d", field, max(s.span, next.span)),
				said.New("%s and %s overlap; a role is on duty once at a time", h.Spans[s.span], h.Spans[next.span]))
			return
		}
	}
	h.Spans = slices.Clone(h.Spans)
	slices.SortStableFunc(h.Spans, func(a, b HourSpan) int {
		return cmp.Or(cmp.Compare(a.Days.Days()[0], b.Days.Days()[0]), cmp.Compare(a.From, b.From))
	})
}

// WithHours is a copy of the team in which the role has hours h from h.From on, and
// replaces what was planned for that date; later ones stay. A date before today is refused:
// hours never rewrite the past.
func (t *Team) WithHours(role RoleID, h Hours, today Date) (Team, error) {
	versions := slices.DeleteFunc(slices.Clone(t.HoursOf(role)), func(old Hours) bool { return old.From == h.From })
	versions = append(versions, h)
	slices.SortFunc(versions, func(a, b Hours) int { return a.From.Compare(b.From) })
	changed := t.WithHoursOf(role, versions)
	return changed, changed.KeepsPast(t, today)
}

// WithHoursOf is a copy of the team in which these are all hours of the role.
func (t *Team) WithHoursOf(role RoleID, versions []Hours) Team {
	changed := *t
	changed.Hours = slices.DeleteFunc(slices.Clone(t.Hours), func(r RoleHours) bool { return r.Role == role })
	changed.Hours = append(changed.Hours, RoleHours{role, versions})
	return changed
}

// keepsPastHours refuses, as FieldErrors, hours that differ from before's on a day earlier
// than today. A role that is new, or gone, has no such day.
func (t *Team) keepsPastHours(before *Team, today Date) error {
	if len(t.Hours) == 0 && len(before.Hours) == 0 {
		return nil
	}
	for _, role := range t.Roles {
		if before.HasRole(role.ID) && !slices.EqualFunc(hoursBefore(t.HoursOf(role.ID), today), hoursBefore(before.HoursOf(role.ID), today), Hours.same) {
			return FieldErrors{{t.hoursField(role.ID), said.New("hours before today stay as they are; a change takes effect on %s or later", today)}}
		}
	}
	return nil
}

// hoursBefore are the versions that hold on some day before today.
func hoursBefore(versions []Hours, today Date) []Hours {
	n := 0
	for n < len(versions) && versions[n].From.Before(today) {
		n++
	}
	return versions[:n]
}

func (h Hours) same(o Hours) bool {
	return h.From == o.From && h.Zone.String() == o.Zone.String() && slices.Equal(h.Spans, o.Spans)
}

// keepsServedHours refuses, as FieldErrors, hours by which time until now would be of
// another day, or of none, than by before's.
func (t *Team) keepsServedHours(before *Team, now time.Time) error {
	if len(t.Hours) == 0 && len(before.Hours) == 0 {
		return nil
	}
	today := before.Today(now)
	for _, role := range t.Roles {
		if !before.HasRole(role.ID) {
			continue
		}
		for d := today.AddDays(-4); !today.AddDays(4).Before(d); d = d.AddDays(1) {
			if !slices.EqualFunc(endBy(t.OnDuty(role.ID, d), now), endBy(before.OnDuty(role.ID, d), now), Shift.same) {
				return FieldErrors{{t.hoursField(role.ID), said.New("that would change hours of %s that were served; let the change take effect on %s or later",
					t.RoleName(role.ID), today.AddDays(1))}}
			}
		}
	}
	return nil
}

func (s Shift) same(o Shift) bool { return s.Start.Equal(o.Start) && s.End.Equal(o.End) }
