package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"dailyroster/calendar"
	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
)

// feedMonths is how many months a feed has: the last one, this one and the twelve that
// follow. Because months are whole, a feed is the same until somebody edits it or a month
// ends.
const feedMonths = 14

// feedFormat grows when the same roster gives another calendar.
const feedFormat = 2

// feedSource is what a feed is made from, except the days.
type feedSource struct {
	feed     credential.Feed
	name     string
	teams    []roster.Team
	names    roster.Names             // of whom it names
	versions []map[roster.Month]int64 // of each team's months; read before the days
	months   []roster.Month
}

// Feed answers GET /feeds/{secret}.ics: the calendar, or 304. Any problem with the secret is a
// 404.
func (s *Site) Feed(w http.ResponseWriter, r *http.Request) error {
	src, err := s.feedSource(r)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "private, no-cache")
	tag := src.tag()
	h.Set("ETag", `W/"`+tag+`"`)
	if header := r.Header.Get("If-None-Match"); header != "" {
		known := web.ParseTags(header)
		if known.Match(roster.Revision(tag), true) {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	events, err := s.feedEvents(r.Context(), src)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := (calendar.Calendar{Name: src.name, Events: events, Subscribed: true}).Write(&file); err != nil {
		return err
	}
	h.Set("Content-Type", "text/calendar; charset=utf-8")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(file.Bytes())
	return nil
}

// feedSource finds the feed of the secret in the path. The log names the token, as it does for
// every request with one.
func (s *Site) feedSource(r *http.Request) (*feedSource, error) {
	ctx := r.Context()
	t, err := s.Desk.LiveToken(ctx, mux.Vars(r)["secret"])
	if errors.Is(err, store.ErrUnavailable) {
		return nil, err
	}
	if err != nil || t.Feed == nil {
		return nil, desk.NotFound("There is no such calendar.")
	}
	web.AskingOf(ctx).Caller = &web.Caller{Token: t, Access: &s.Access}
	src := &feedSource{feed: *t.Feed}
	if err := s.feedTeams(ctx, src, t.Team); err != nil {
		return nil, err
	}
	src.months = feedRange(s.Now())
	sight, err := s.Store.Look(ctx, src.look(false))
	if err != nil {
		return nil, err
	}
	src.versions = sight.Versions
	s.Desk.NoteUse(*t)
	return src, nil
}

// feedTeams reads the teams of the feed and the people it names.
func (s *Site) feedTeams(ctx context.Context, src *feedSource, id roster.TeamID) error {
	if src.feed.Person == "" {
		team, err := s.Desk.Team(ctx, id)
		if errors.Is(err, desk.KindNotFound) {
			return desk.NotFound("There is no such calendar.")
		}
		if err != nil {
			return err
		}
		src.teams, src.name = []roster.Team{*team}, team.Name
		for _, role := range team.Roles {
			if role.ID == src.feed.Role {
				src.name += ", " + role.Name
			}
		}
		names, err := s.Desk.Names(ctx)
		src.names = names
		return err
	}
	p, err := s.Desk.Person(ctx, src.feed.Person)
	if errors.Is(err, desk.KindNotFound) {
		return desk.NotFound("There is no such calendar.")
	}
	if err != nil {
		return err
	}
	src.name, src.names = p.Name, roster.NewNames([]roster.Person{p})
	src.teams, err = s.Desk.TeamsOf(ctx, p.ID)
	return err
}

// look asks for the versions of the feed's months, and perhaps for their days.
func (src *feedSource) look(days bool) store.Look {
	var l store.Look
	for i := range src.teams {
		l.Versions = append(l.Versions, store.TeamMonths{Team: src.teams[i].ID, Months: src.months})
		if days {
			l.Days = append(l.Days, store.Range{Team: src.teams[i].ID, From: src.months[0].First(), To: src.months[len(src.months)-1].Last()})
		}
	}
	return l
}

// feedRange returns the months of a feed, by the date where a day begins last.
func feedRange(now time.Time) []roster.Month {
	from := roster.DateOf(now.UTC().Add(-12 * time.Hour)).InMonth().First().AddDays(-1).InMonth().First()
	return roster.MonthsOf(from, from.AddDays(31*feedMonths))[:feedMonths]
}

// tag is equal for equal calendars. It reads no days.
func (src *feedSource) tag() string {
	h := sha256.New()
	_, _ = fmt.Fprintln(h, feedFormat, src.feed, src.name, src.months) // a hash never fails to take
	for i, team := range src.teams {
		_, _ = fmt.Fprintln(h, team.ID, team.Base())
		for _, m := range src.months {
			_, _ = fmt.Fprintln(h, src.versions[i][m])
		}
	}
	_, _ = fmt.Fprintln(h, src.names.Digest())
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:18])
}

// feedEvents returns the feed's shifts, in order.
func (s *Site) feedEvents(ctx context.Context, src *feedSource) ([]calendar.Event, error) {
	var all []calendar.Event
	sight, err := s.Store.Look(ctx, src.look(true))
	if err != nil {
		return nil, err
	}
	for i := range src.teams {
		team := &src.teams[i]
		days := slices.DeleteFunc(slices.Clone(sight.Days[i]), func(d roster.Day) bool { return !src.shows(team, d) })
		if len(days) == 0 {
			continue
		}
		// The versions are at least those of the days, so that no change of theirs is missing.
		tally, err := s.Desk.Tallies(ctx, team.ID, sight.Versions[i])
		if err != nil {
			return nil, err
		}
		all = append(all, src.events(team, days, tally)...)
	}
	slices.SortStableFunc(all, func(a, b calendar.Event) int { return a.Start.Compare(b.Start) })
	return all, nil
}

// wants reports whether the feed has the seat.
func (src *feedSource) wants(d roster.Day, role roster.RoleID) bool {
	who := d.Assignments[role]
	return who != "" && (src.feed.Role == "" || src.feed.Role == role) && (src.feed.Person == "" || src.feed.Person == who)
}

// shows reports whether the feed has anything of the day.
func (src *feedSource) shows(team *roster.Team, d roster.Day) bool {
	return slices.ContainsFunc(team.Roles, func(role roster.Role) bool { return src.wants(d, role.ID) })
}

// events returns the shifts of a team's days; a gap is not an event. tally has every seat of
// the days.
//
// The SEQUENCE of an event counts what may have changed it: changes of the seat and of the
// note, and changes of the team's zone and hand-off and of the role's hours up to its end. It does not depend on a
// clock.
func (src *feedSource) events(team *roster.Team, days []roster.Day, tally func(roster.Seat) desk.Tally) []calendar.Event {
	var events []calendar.Event
	for _, d := range days {
		for _, role := range team.Roles {
			if !src.wants(d, role.ID) {
				continue
			}
			e := calendar.Event{Summary: fmt.Sprintf("%s (%s, %s)", src.names.Of(d.Assignments[role.ID]), role.Name, team.Name)}
			for _, changed := range []desk.Tally{tally(roster.Seat{Date: d.Date, Role: role.ID}), tally(roster.Seat{Date: d.Date})} {
				e.Sequence += changed.Changes
				if changed.Last.After(e.Revised) {
					e.Revised = changed.Last
				}
			}
			for _, set := range team.Settings[1:] {
				if !d.Date.AddDays(1).Before(set.From) {
					e.Sequence++
				}
			}
			for _, set := range team.HoursOf(role.ID) {
				if !d.Date.AddDays(1).Before(set.From) {
					e.Sequence++
				}
			}
			e.Sequence-- // from 0
			for _, timed := range calendar.EventsOf(team, d, role.ID) {
				timed.Summary, timed.Sequence, timed.Revised = e.Summary, e.Sequence, e.Revised
				events = append(events, timed)
			}
		}
	}
	return events
}
