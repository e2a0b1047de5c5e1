package roster

import (
	"cmp"
	"maps"
	"math"
	"math/bits"
	"slices"
	"sync"
)

// Whereabouts finds people by their ids, and tells when each of them is away. To ask about
// a day takes few steps, however many absences there are. Many goroutines may use it.
type Whereabouts struct {
	people *people
	under  *Whereabouts // of others, before whom these people count; nil is nobody
	away   map[PersonID]spans
	ids    func() []PersonID // see IDs
}

// WhereaboutsOf are those of the people. It keeps the list, which is not to be changed any
// more.
func WhereaboutsOf(list []Person) *Whereabouts { return newWhereabouts(newPeople(list), nil) }

func newWhereabouts(p *people, under *Whereabouts) *Whereabouts {
	w := &Whereabouts{people: p, under: under, away: map[PersonID]spans{}}
	for id, i := range p.byID {
		if absences := p.list[i].Absences; len(absences) > 0 {
			w.away[id] = spansOf(absences)
		}
	}
	w.ids = sync.OnceValue(func() []PersonID {
		ids := slices.AppendSeq(make([]PersonID, 0, len(p.byID)), maps.Keys(p.byID))
		if under != nil {
			ids = append(ids, under.ids()...)
		}
		slices.Sort(ids)
		return slices.Compact(ids)
	})
	return w
}

// IDs are the ids of everybody, in order. The list is not to be changed.
func (w *Whereabouts) IDs() []PersonID { return w.ids() }

// person is who has the id; nil is nobody known.
func (w *Whereabouts) person(id PersonID) *Person {
	if p := w.people.get(id); p != nil || w.under == nil {
		return p
	}
	return w.under.person(id)
}

// spans gives the days on which the person is away; somebody unknown never is.
func (w *Whereabouts) spans(id PersonID) spans {
	if w.under == nil || w.people.get(id) != nil {
		return w.away[id]
	}
	return w.under.spans(id)
}

// dayNumber counts days, from the first of 1970.
type dayNumber int

func (d Date) number() dayNumber {
	return dayNumber(Date{Year: MinYear, Month: 1, Day: 1}.DaysUntil(d))
}

func (n dayNumber) date() Date { return Date{Year: MinYear, Month: 1, Day: 1}.AddDays(int(n)) }

// weekday is the day of the week of the day.
func (n dayNumber) weekday() Weekday {
	const first = 3 // 1 January 1970 was a Thursday
	return Weekday(((int(n)+first)%7+7)%7 + 1)
}

// until is how many of the days from n to before end are of the set.
func (s Weekdays) until(n, end dayNumber) int {
	switch {
	case end <= n:
		return 0
	case s == EveryDay:
		return int(end - n)
	}
	count := int(end-n) / 7 * bits.OnesCount8(uint8(s))
	for n += (end - n) / 7 * 7; n < end; n++ {
		if s.Has(n.weekday()) {
			count++
		}
	}
	return count
}

// after is the first day that has count days of the set, which is not empty, from n to
// before it.
func (s Weekdays) after(n dayNumber, count int) dayNumber {
	week := bits.OnesCount8(uint8(s))
	weeks := (count - 1) / week
	n, count = n+dayNumber(7*weeks), count-weeks*week
	for ; count > 0; n++ {
		if s.Has(n.weekday()) {
			count--
		}
	}
	return n
}

// span is the days from the first to the last, both included.
type span struct{ from, to dayNumber }

// spans are in order and apart from each other.
type spans []span

func spansOf(absences []Absence) spans {
	all := make(spans, 0, len(absences))
	for _, a := range absences {
		all = append(all, span{a.From.number(), a.To.number()})
	}
	return all.apart()
}

// apart puts spans in order, and those together that meet. It changes them.
func (s spans) apart() spans {
	slices.SortFunc(s, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	apart := s[:0]
	for _, s := range s {
		if last := len(apart) - 1; last >= 0 && s.from <= apart[last].to+1 {
			apart[last].to = max(apart[last].to, s.to)
			continue
		}
		apart = append(apart, s)
	}
	return apart
}

// from are the spans that do not end before the day.
func (s spans) from(day dayNumber) spans {
	at, _ := slices.BinarySearchFunc(s, day, func(s span, day dayNumber) int { return cmp.Compare(s.to, day) })
	return s[at:]
}

// first is the first of the spans, or one that never comes.
func (s spans) first() span {
	if len(s) == 0 {
		return span{math.MaxInt, math.MaxInt}
	}
	return s[0]
}

// have reports whether the day is in one of the spans.
func (s spans) have(day dayNumber) bool {
	s = s.from(day)
	return len(s) > 0 && s[0].from <= day
}

// covered is how many days of the set, from begin to before end, are in spans. None of
// these ends before begin.
func (s spans) covered(days Weekdays, begin, end dayNumber) int {
	count := 0
	for _, one := range s {
		if one.from >= end {
			break
		}
		count += days.until(max(one.from, begin), min(one.to+1, end))
	}
	return count
}
