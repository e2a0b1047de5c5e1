package telling

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"dailyroster/calendar"
	"dailyroster/notify"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/roster/oncall"
	"dailyroster/store"
	"dailyroster/views"
	"dailyroster/views/letter"
)

// errNothing says that there is nothing to tell any more: what was changed was changed back.
var errNothing = errors.New("nothing to tell")

// composer makes the letter of one notice.
type composer struct {
	*Teller
	now   time.Time
	due   *notice.Due
	team  *roster.Team
	names roster.Names
	days  []roster.Day // from the day before the notice is about, see span
	// zone is the clock of who reads it.
	zone roster.Zone
	l    letter.Letter
	data map[string]any // for programs
}

// weekDays is how many days a weekly summary has.
const weekDays = 7

// span is which days a notice needs.
func span(due *notice.Due, now time.Time) (from, to roster.Date) {
	switch due.Kind {
	case roster.NoticeComing, roster.NoticeNow:
		from = due.Team.DayAt(due.Start).AddDays(-1)
	case roster.NoticeGap:
		from = due.Date
	case roster.NoticeWeek:
		return roster.Earlier(due.Date, due.Team.DayAt(now)).AddDays(-roster.HoursReach), due.Date.AddDays(weekDays + oncall.LookAhead)
	case roster.NoticeChanged, roster.NoticeSwap:
		from = due.Team.DayAt(now)
		return from, from
	}
	return from.AddDays(-roster.HoursReach), from.AddDays(oncall.LookAhead)
}

// compose makes the message of a notice, out of the roster as it is now.
func (t *Teller) compose(ctx context.Context, it item, r *notice.Record) (notify.Message, error) {
	now := t.Now()
	look := store.Look{People: true, Team: it.due.Team.ID}
	from, to := span(&it.due, now)
	look.Days = []store.Range{{Team: it.due.Team.ID, From: from, To: to}}
	sight, err := t.Store.Look(ctx, look)
	if err != nil {
		return notify.Message{}, err
	}
	c := &composer{Teller: t, now: now, due: &it.due, team: it.due.Team, names: sight.People, days: sight.Days[0], data: map[string]any{}}
	c.zone = c.team.SettingsOn(c.team.Today(now)).Zone
	if person, known := c.names.Person(it.due.Person); known && person.Zone != (roster.Zone{}) {
		c.zone = person.Zone
	}
	c.data["kind"], c.data["team"], c.data["due"] = it.due.Kind, map[string]any{"id": c.team.ID, "name": c.team.Name}, it.due.At.UTC()
	if it.due.Person != "" {
		c.data["person"] = c.person(it.due.Person)
	}
	if err := c.write(ctx, r); err != nil {
		return notify.Message{}, err
	}
	if now.Sub(it.due.At) > notice.LateAfter && it.due.Kind != roster.NoticeChanged {
		c.l.Late = "This notice is late. It was due on " + c.when(it.due.At) + "."
		c.data["late"] = true
	}
	m := notify.Message{ID: string(it.id), Type: typeOf(it.due.Kind), Subject: c.l.Subject, Due: it.due.At, Data: c.data}
	if it.to.way == notice.WayEmail {
		if c.l.Unsubscribe, err = t.unsubscribeURL(r); err != nil {
			return m, err
		}
		if strings.HasPrefix(c.l.Unsubscribe, "https://") { // RFC 8058 has no other
			m.Unsubscribe = c.l.Unsubscribe
		}
		if m.HTML, err = c.l.HTML(ctx); err != nil {
			return m, err
		}
		if m.Calendar, err = c.attachment(); err != nil {
			return m, err
		}
	}
	m.Text = c.l.Plain()
	return m, nil
}

// write writes the letter of the kind.
func (c *composer) write(ctx context.Context, r *notice.Record) error {
	if c.Site != "" {
		c.l.Link, c.l.LinkText = c.Site+views.TeamURL(c.team.ID), "The roster of "+c.team.Name
	}
	switch c.due.Kind {
	case roster.NoticeComing, roster.NoticeNow:
		if c.due.Person == "" {
			c.teamShift()
		} else {
			c.shift()
		}
	case roster.NoticeChanged:
		return c.changed(r)
	case roster.NoticeSwap:
		c.swap(ctx)
	case roster.NoticeGap:
		c.gap()
	case roster.NoticeWeek:
		c.week()
	}
	return nil
}

// when is an instant on the clock of who reads it.
func (c *composer) when(at time.Time) string {
	local := at.In(c.zone.Location())
	return local.Format("Mon 2 Jan, 15:04 ") + views.ZoneName(local)
}

// person is a person for programs.
func (c *composer) person(id roster.PersonID) map[string]any {
	if id == "" {
		return nil
	}
	return map[string]any{"id": id, "name": c.names.Of(id)}
}

// who is what a person is called; "" is nobody.
func (c *composer) who(id roster.PersonID) string {
	if id == "" {
		return "nobody"
	}
	return c.names.Of(id)
}

// attachment is the calendar file of a shift; nil for other notices.
func (c *composer) attachment() ([]byte, error) {
	run := c.due.Shift
	if run == nil || c.due.Kind != roster.NoticeComing {
		return nil, nil
	}
	cal := calendar.Calendar{Name: c.team.Name, Written: c.due.At}
	for _, d := range c.days {
		if d.Date.Before(run.From) || c.last().Before(d.Date) || d.Assignments[run.Role.ID] != run.Person {
			continue
		}
		for _, event := range calendar.EventsOf(c.team, d, run.Role.ID) {
			event.Summary = fmt.Sprintf("On call: %s (%s)", c.team.Name, run.Role.Name)
			cal.Events = append(cal.Events, event)
		}
	}
	var b bytes.Buffer
	if err := cal.Write(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// join writes a list in a sentence.
func join(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}
