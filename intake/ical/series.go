package ical

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strconv"
	"strings"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// series is an event in the version that counts, with all times that it repeats.
type series struct {
	component
	id   string
	span span
	err  error // why it has no span
	// instead are the repetitions for which other events of the file stand.
	instead map[roster.Date]bool
	// said is that something was said that is true of each repetition.
	said bool
}

// seriesOf are the events of a file, in order. Of two versions of an event the later one
// counts, and an event that stands for one repetition of another takes its place (section
// 3.8.4.4).
func seriesOf(components []component, skip func(component, error)) []*series {
	known := map[string]*series{}
	newest := func(id string, c component) {
		if before, twice := known[id]; twice && sequence(before.component) > sequence(c) {
			return
		}
		known[id] = &series{component: c, id: id}
	}
	for _, c := range components {
		if len(c.props["RECURRENCE-ID"]) == 0 {
			newest(eventID(c), c)
		}
	}
	for _, s := range known {
		s.span, s.err = spanOf(s.component)
	}
	for _, c := range components {
		p, instead := c.first("RECURRENCE-ID")
		if !instead {
			continue
		}
		m, err := parseMoment(p.value, p.params)
		if err == nil && p.params["RANGE"] != "" {
			err = said.New("it changes all later repetitions at once, which is not read")
		}
		if err != nil {
			skip(c, err)
			continue
		}
		id := eventID(c)
		if s := known[id]; s != nil && s.err == nil {
			m = m.as(s.span.start)
			if s.instead == nil {
				s.instead = map[roster.Date]bool{}
			}
			s.instead[m.date] = true
		}
		id = repetition(id, m.date)
		newest(id, c)
		known[id].span, known[id].err = spanOf(known[id].component)
	}
	all := make([]*series, 0, len(known))
	for _, s := range known {
		all = append(all, s)
	}
	slices.SortFunc(all, func(a, b *series) int { return cmp.Compare(a.line, b.line) })
	return all
}

// repeats reports whether the event says that it does. One that stands for a repetition
// does not.
func (s *series) repeats() bool {
	return len(s.props["RRULE"])+len(s.props["RDATE"])+len(s.props["EXRULE"]) > 0 && len(s.props["RECURRENCE-ID"]) == 0
}

// occasion is one time that an event repeats.
type occasion struct {
	on   roster.Date // by which it is known, which is the day on which it begins
	span span
}

// times are when the event repeats, of those that begin in first–last, in order. It takes
// from left how many days were looked at.
func (s *series) times(first, last roster.Date, left *int) ([]occasion, error) {
	start := s.span.start
	days := []roster.Date{start.date}
	switch rules := s.props["RRULE"]; {
	case len(rules) > 1, len(s.props["EXRULE"]) > 0:
		return nil, said.New("it repeats by more than one rule, which is not read")
	case len(rules) == 1:
		r, err := parseRule(rules[0].value, start)
		if err != nil {
			return nil, err
		}
		if days, err = r.days(first, last, left); err != nil {
			return nil, err
		}
	}
	without := map[roster.Date]bool{}
	err := eachMoment(s.props["EXDATE"], "an exception to its repeating", func(m moment) { without[m.as(start).date] = true })
	if err != nil {
		return nil, err
	}
	var all []occasion
	add := func(at moment) {
		if at.date.Before(first) || last.Before(at.date) || without[at.date] || s.instead[at.date] {
			return
		}
		all = append(all, occasion{at.date, s.span.from(at)})
	}
	for _, d := range days {
		at := start
		at.date = d
		add(at)
	}
	err = eachMoment(s.props["RDATE"], "a further date", func(m moment) { add(m.as(start)) })
	slices.SortStableFunc(all, func(a, b occasion) int { return a.on.Compare(b.on) })
	return slices.CompactFunc(all, func(a, b occasion) bool { return a.on == b.on }), err // at most once a day
}

// eachMoment reads the values of properties that have a list of dates or times.
func eachMoment(list []property, what string, do func(moment)) error {
	for _, p := range list {
		for value := range strings.SplitSeq(p.value, ",") {
			m, err := parseMoment(value, p.params)
			if err != nil {
				return said.New("%s: %w", what, err)
			}
			do(m)
		}
	}
	return nil
}

// eventID is short for the UID of an event, which may be anything of any length. One
// without, which older programs write, is known by what it says.
func eventID(c component) string {
	name := c.text("UID")
	if name == "" {
		name = "\x00" + c.text("SUMMARY") + "\x00" + c.text("DTSTART")
	}
	sum := sha256.Sum256([]byte(name))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

func repetition(id string, d roster.Date) string { return id + "/" + d.String() }

// sequence is the number of the event's version (section 3.8.7.4).
func sequence(c component) int {
	n, err := strconv.Atoi(c.text("SEQUENCE"))
	if err != nil {
		return 0
	}
	return n
}
