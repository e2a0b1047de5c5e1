package ical

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// task says what is looked for in a file.
type task struct {
	from, to roster.Date // the time of interest, both days included
	// wholeYears says that the repetitions of an event of which some are of interest are
	// given from the first day of a year on.
	wholeYears bool
	// take takes an event or a repetition; of an event they come one after the other, in
	// order. Its error is a *SyntaxError, which ends the reading; or errOutside; or why the
	// event was not taken, and then no further repetition of it comes.
	take func(e event, calendar roster.Zone) error
}

// errOutside is an event that lies outside the time that is of interest.
var errOutside = said.New("it is outside the time that is of interest")

// event is one event, or one repetition of one.
type event struct {
	line         int
	id           string // the same in each file that has it, and for each repetition
	summary      string
	transparency string
	span         span
	lasts        time.Duration // of one that repeats, on the clock: the same each time
	repeats      bool
	on           roster.Date // of one that repeats: the day by which the repetition is known
}

// name names the event, or the repetition, in each file that has it.
func (e event) name() string {
	if e.repeats {
		return repetition(e.id, e.on)
	}
	return e.id
}

// reader goes through the events of a file.
type reader struct {
	task
	calendar roster.Zone
	remarks  []Remark
	outside  int
	// left is how many days may still be looked at to find out when events repeat.
	left int
}

// read makes the events of a file into what is wanted.
func read[T any](data []byte, came *Reading[T], t task) error {
	file, err := takeApart(data)
	if err != nil {
		return err
	}
	r := reader{task: t, calendar: file.zone, left: maxLooks}
	defer func() {
		slices.SortStableFunc(r.remarks, func(a, b Remark) int { return cmp.Compare(a.Line, b.Line) })
		came.Remarks, came.Outside = r.remarks, r.outside
	}()
	for _, s := range seriesOf(file.events, r.skip) {
		if err := r.all(s); err != nil {
			return err
		}
	}
	for i, s := range file.strange {
		if i == 3 {
			r.remarks = append(r.remarks, Remark{s.line, "", said.New("%d more lines are like that", len(file.strange)-i)})
			break
		}
		r.remarks = append(r.remarks, Remark{s.line, "", s.says})
	}
	if len(file.events) == 0 {
		return &SyntaxError{1, said.New("there is no event in the file")}
	}
	return nil
}

func (r *reader) skip(c component, err error) {
	r.remarks = append(r.remarks, Remark{c.line, shorten(c.text("SUMMARY"), roster.MaxName), err})
}

// all takes an event as often as it repeats.
func (r *reader) all(s *series) error {
	switch {
	case strings.EqualFold(s.text("STATUS"), "CANCELLED"):
		r.skip(s.component, said.New("it is cancelled"))
		return nil
	case s.err != nil:
		r.skip(s.component, s.err)
		return nil //nolint:nilerr // it is said in a remark
	}
	e := event{
		line: s.line, id: s.id, summary: shorten(s.text("SUMMARY"), roster.MaxNote), transparency: s.text("TRANSP"),
		span: s.span, lasts: s.span.length(), repeats: s.repeats(),
	}
	if !e.repeats {
		if !r.reaches(e.span, r.from) {
			r.outside++
			return nil
		}
		_, err := r.take1(s, e)
		return err
	}
	if s.span.start.zone == s.span.end.zone {
		e.lasts = s.span.end.written().Sub(s.span.start.written())
	}
	first := r.from.AddDays(-s.span.start.date.DaysUntil(s.span.end.date) - 1)
	if r.wholeYears {
		first = roster.Date{Year: first.Year, Month: 1, Day: 1}
	}
	times, err := s.times(first, r.to.AddDays(1), &r.left)
	if err != nil {
		r.skip(s.component, err)
		return nil
	}
	if len(times) == 0 || !r.reaches(times[len(times)-1].span, r.from) {
		return nil
	}
	for _, one := range times {
		if !r.reaches(one.span, first) {
			continue
		}
		e.span, e.on = one.span, one.on
		if goOn, err := r.take1(s, e); !goOn {
			return err
		}
	}
	return nil
}

// reaches reports whether an event may fall on a day between from and the end of the time of
// interest. It allows a day more on either side, because the zone may move the event.
func (r *reader) reaches(s span, from roster.Date) bool {
	first, last := s.days(nil)
	return !last.AddDays(1).Before(from) && !r.to.Before(first.AddDays(-1))
}

// take1 takes an event or a repetition, and reports whether a further one may be taken.
func (r *reader) take1(s *series, e event) (goOn bool, err error) {
	err = r.take(e, r.calendar)
	_, ends := errors.AsType[*SyntaxError](err)
	switch {
	case ends:
		return false, err
	case errors.Is(err, errOutside):
		r.outside++
		return true, nil
	case err != nil:
		r.remarks = append(r.remarks, Remark{e.line, e.summary, err})
		return false, nil //nolint:nilerr // it is said in a remark
	}
	if unknown := e.span.start.unknown; unknown != "" && !e.span.whole() && !s.said {
		s.said = true
		r.remarks = append(r.remarks, Remark{e.line, e.summary, said.New("its time zone %q is not known here, so its days are taken as they are written", unknown)})
	}
	return true, nil
}
