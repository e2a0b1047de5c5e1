package telling

import (
	"context"
	"fmt"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/roster/oncall"
	"dailyroster/roster/tally"
	"dailyroster/views"
	"dailyroster/views/letter"
)

// duties are who is on call in the team at an instant.
func (c *composer) duties(at time.Time) []oncall.Duty {
	return oncall.Duties(c.team, at, roster.ByDate(c.days))
}

// shiftNow is the shift of the notice as the roster has it now: with its end, which may be later
// than was known.
func (c *composer) shiftNow() tally.PersonShift {
	run := c.due.Shift
	for _, shift := range tally.ShiftsOf(c.team, run.Person, c.days) {
		if shift.Role.ID == run.Role.ID && shift.Start.Equal(run.Start) {
			return shift
		}
	}
	return run.PersonShift
}

// last is the last day of the notice's shift.
func (c *composer) last() roster.Date { return c.shiftNow().To }

// shift writes that a person's shift comes or has begun.
func (c *composer) shift() {
	shift := c.shiftNow()
	what := fmt.Sprintf("%s (%s)", c.team.Name, shift.Role.Name)
	if c.due.Kind == roster.NoticeNow {
		c.l.Subject = fmt.Sprintf("You are on call now: %s, until %s", what, c.when(shift.End))
	} else {
		c.l.Subject = fmt.Sprintf("Your shift is coming: %s, from %s", what, c.when(shift.Start))
	}
	c.l.Facts = []letter.Fact{
		{Name: "Team", Value: c.team.Name}, {Name: "Role", Value: shift.Role.Name},
		{Name: "From", Value: c.when(shift.Start)}, {Name: "Until", Value: c.when(shift.End)},
	}
	c.data["role"], c.data["start"], c.data["end"] = shift.Role.ID, shift.Start.UTC(), shift.End.UTC()
	before, after := c.neighbours(shift)
	if before != nil {
		c.l.Facts = append(c.l.Facts, letter.Fact{Name: "Before you", Value: c.who(before.Person)})
		c.data["before"] = c.person(before.Person)
	}
	if after != nil {
		c.l.Facts = append(c.l.Facts, letter.Fact{Name: "After you", Value: c.who(after.Person)})
		c.data["after"] = c.person(after.Person)
	}
	on := roster.ByDate(c.days)
	if before != nil && c.due.Kind == roster.NoticeNow {
		if note := on(before.To).Note; note != "" {
			c.l.Facts = append(c.l.Facts, letter.Fact{Name: "Note of " + before.To.Text(), Value: note})
			c.data["handOverNote"] = note
		}
	}
	if note := on(shift.From).Note; note != "" {
		c.l.Facts = append(c.l.Facts, letter.Fact{Name: "Note of " + shift.From.Text(), Value: note})
		c.data["note"] = note
	}
	if c.due.Kind == roster.NoticeNow {
		if others := c.others(shift.Role.ID, shift.Start); len(others) > 0 {
			c.l.Lists = append(c.l.Lists, letter.List{Heading: "On call with you", Items: others})
		}
	}
}

// neighbours are what comes before and after a shift in its role, if that is known.
func (c *composer) neighbours(shift tally.PersonShift) (before, after *tally.Run) {
	for _, run := range tally.RunsOf(c.team, c.days) {
		switch {
		case run.Role.ID != shift.Role.ID:
		case !run.End.After(shift.Start):
			before = &run
		case after == nil && !run.Start.Before(shift.End):
			after = &run
		}
	}
	return before, after
}

// others are who else is on call then, and how to reach them.
func (c *composer) others(role roster.RoleID, at time.Time) []string {
	var all []string
	for _, d := range c.duties(at) {
		person, known := c.names.Person(d.Person)
		if d.Role.ID == role || d.Off || !known {
			continue
		}
		text := d.Role.Name + ": " + person.Name
		for _, contact := range []string{person.Phone, person.Email} {
			if contact != "" {
				text += ", " + contact
			}
		}
		all = append(all, text)
	}
	return all
}

// teamShift writes to a team that shifts come or have begun.
func (c *composer) teamShift() {
	var roles []any
	var who []string
	for _, d := range c.duties(c.due.Start) {
		if d.Off {
			continue
		}
		value := c.who(d.Person) + " until " + c.when(d.Until)
		c.l.Facts = append(c.l.Facts, letter.Fact{Name: d.Role.Name, Value: value})
		roles = append(roles, map[string]any{"role": d.Role.ID, "person": c.person(d.Person), "until": d.Until.UTC()})
		who = append(who, fmt.Sprintf("%s (%s)", c.who(d.Person), d.Role.Name))
	}
	c.data["start"], c.data["onCall"] = c.due.Start.UTC(), roles
	if c.due.Kind == roster.NoticeNow {
		c.l.Subject = fmt.Sprintf("%s: on call now are %s", c.team.Name, join(who))
	} else {
		c.l.Subject = fmt.Sprintf("%s: on call from %s are %s", c.team.Name, c.when(c.due.Start), join(who))
	}
	if note := roster.ByDate(c.days)(c.team.DayAt(c.due.Start)).Note; note != "" {
		c.l.Facts = append(c.l.Facts, letter.Fact{Name: "Note", Value: note})
		c.data["note"] = note
	}
}

// changed writes what others changed. The record says of which changes it tells.
func (c *composer) changed(r *notice.Record) error {
	wanted := make(map[roster.ChangeID]bool, len(r.Acts))
	for _, id := range r.Acts {
		wanted[id] = true
	}
	var changes []roster.Change
	for _, change := range c.due.Changes {
		if wanted[change.ID] {
			changes = append(changes, change)
		}
	}
	list := letter.List{Heading: "What changed"}
	var data []any
	for _, seat := range notice.Net(changes) {
		if seat.From != c.due.Person && seat.To != c.due.Person {
			continue
		}
		text := fmt.Sprintf("%s, %s: %s before, %s now. Changed by %s", seat.Date.Text(), c.team.RoleName(seat.Role), c.you(seat.From), c.you(seat.To), seat.By)
		if seat.Reason != "" {
			text += ": " + seat.Reason
		} else {
			text += "."
		}
		list.Items = append(list.Items, text)
		data = append(data, map[string]any{
			"date": seat.Date, "role": seat.Role, "before": c.person(seat.From), "after": c.person(seat.To), "by": seat.By, "reason": seat.Reason,
		})
	}
	if len(list.Items) == 0 {
		return errNothing
	}
	c.l.Subject = "Your shifts changed: " + c.team.Name
	c.l.Lists = []letter.List{list}
	c.data["changes"] = data
	return nil
}

// you is what the reader calls a person.
func (c *composer) you(id roster.PersonID) string {
	if id == c.due.Person {
		return "you"
	}
	return c.who(id)
}

// swap writes that a swap waits, or what became of it.
func (c *composer) swap(ctx context.Context) {
	c.l.Subject = "A swap was answered: " + c.team.Name
	if c.due.Offer.State == roster.OfferWaiting {
		c.l.Subject = "A swap waits for you: " + c.team.Name
	}
	c.l.Text = []string{views.OfferNews(ctx, c.team, *c.due.Offer, c.names)}
	c.data["exchange"], c.data["state"] = c.due.Offer.Group, c.due.Offer.State
	if c.Site != "" {
		c.l.Link, c.l.LinkText = c.Site+views.PersonURL(c.due.Person), "Answer or see it on your page"
	}
}

// gap writes that nobody is on call on a day that is near.
func (c *composer) gap() {
	list := letter.List{Heading: "Nobody is on call for"}
	var data []any
	for _, run := range tally.RunsOf(c.team, c.days) {
		if run.Person == "" && run.From == c.due.Date {
			list.Items = append(list.Items, fmt.Sprintf("%s, from %s until %s", run.Role.Name, c.when(run.Start), c.when(run.End)))
			data = append(data, map[string]any{"role": run.Role.ID, "start": run.Start.UTC(), "end": run.End.UTC()})
		}
	}
	c.l.Subject = fmt.Sprintf("%s: nobody is on call from %s", c.team.Name, c.when(c.due.Start))
	c.l.Lists = []letter.List{list}
	c.data["gaps"] = data
}

// week writes the summary of a week.
func (c *composer) week() {
	c.l.Subject = fmt.Sprintf("%s: on call in the week of %s", c.team.Name, c.due.Date.Text())
	var now []any
	for _, d := range c.duties(c.now) {
		value := c.who(d.Person)
		switch {
		case d.Off:
			value = "off duty until " + c.when(d.Until)
		case !d.Open:
			value += " until " + c.when(d.Until) + ", then " + c.who(d.Next)
		}
		c.l.Facts = append(c.l.Facts, letter.Fact{Name: d.Role.Name + " now", Value: value})
		now = append(now, map[string]any{"role": d.Role.ID, "person": c.person(d.Person), "until": d.Until.UTC(), "next": c.person(d.Next), "offDuty": d.Off})
	}
	end := c.due.Date.AddDays(weekDays)
	ahead := letter.List{Heading: "This week", Empty: "No shift begins."}
	gaps := letter.List{Heading: "Gaps", Empty: "None."}
	var shifts []any
	for _, run := range tally.RunsOf(c.team, c.days) {
		if run.To.Before(c.due.Date) || !run.From.Before(end) {
			continue
		}
		text := fmt.Sprintf("%s: %s, from %s until %s", run.Role.Name, c.who(run.Person), c.when(run.Start), c.when(run.End))
		if run.Person == "" {
			gaps.Items = append(gaps.Items, fmt.Sprintf("%s, from %s until %s", run.Role.Name, c.when(run.Start), c.when(run.End)))
		} else {
			ahead.Items = append(ahead.Items, text)
		}
		shifts = append(shifts, map[string]any{"role": run.Role.ID, "person": c.person(run.Person), "start": run.Start.UTC(), "end": run.End.UTC()})
	}
	c.l.Lists = []letter.List{ahead, gaps, c.absences(end)}
	c.data["week"], c.data["now"], c.data["shifts"] = c.due.Date, now, shifts
}

// absences are who of the team's people are away before the end of the week: those of its
// rotations, and those who are on call in the days around.
func (c *composer) absences(end roster.Date) letter.List {
	list := letter.List{Heading: "Away", Empty: "Nobody."}
	for _, id := range tally.Own(c.team, c.days) {
		person, known := c.names.Person(id)
		if !known || person.Removed {
			continue
		}
		for _, a := range person.Absences {
			if a.From.Before(end) && !a.To.Before(c.due.Date) {
				list.Items = append(list.Items, fmt.Sprintf("%s, %s to %s", person.Name, a.From.Text(), a.To.Text()))
			}
		}
	}
	return list
}
