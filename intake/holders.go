package intake

import (
	"slices"
	"strings"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// holders says who is meant in each line.
func (u *understanding) holders() {
	u.unknown = map[string]string{}
	empty, meant := remember(nobody), remember(u.identify)
	for i := range u.reading.Lines {
		line := &u.reading.Lines[i]
		if line.Problem == nil {
			line.Problem = u.checkDays(line)
		}
		if len(line.Cells) != len(u.mapping.Columns) { // it is left out of a list
			continue
		}
		for c, use := range u.mapping.Columns {
			h := Holder{Text: line.Cells[c], Role: u.team.Roles[0].ID}
			role, forRole := use.Role()
			day, forDay := use.Weekday()
			switch {
			case forRole:
				h.Role = role
			case forDay:
				h.On = day
			case use == IsWho:
				if r := u.column(IsRole); r >= 0 {
					var ok bool
					if h.Role, ok = roleNamed(plain(line.Cells[r]), u.team); !ok {
						h.Problem = said.New("the team has no role %q", line.Cells[r])
					}
				}
			default:
				continue
			}
			if empty.of(h.Text) {
				continue
			}
			if h.Problem == nil && line.Problem == nil {
				who := meant.of(h.Text)
				h.Person, h.Name, h.Problem = who.Person, who.Name, who.Problem
			}
			line.Who = append(line.Who, h)
		}
	}
}

func (u *understanding) checkDays(line *Line) error {
	switch {
	case line.From.DaysUntil(line.To) >= maxRowDays:
		return said.New("it has more than %d days", maxRowDays)
	case u.today.DaysUntil(line.To) > maxDaysAhead:
		return said.New("it is more than two years ahead")
	case line.From.DaysUntil(u.today) > maxDaysBack:
		return said.New("it is more than three years past")
	}
	return nil
}

// identify finds the person whom a cell means, or the name of a new one.
func (u *understanding) identify(text string) (h Holder) {
	defer func() {
		if p, known := u.dir.names.Person(h.Person); known && !p.Active {
			h.Problem = said.New("%s is not active; that can be changed on the people page", p.Name)
		}
	}()
	if id, ok := u.dir.find(text); ok {
		h.Person = id
		return h
	}
	names := namesIn(text)
	if len(names) > 1 {
		h.Problem = said.New("%q names %d people; a role has one", strings.ReplaceAll(text, "\n", ", "), len(names))
		return h
	}
	if len(names) == 0 {
		h.Problem = said.New("nobody is named in %q", text)
		return h
	}
	if id, ok := u.dir.find(names[0]); ok {
		h.Person = id
		return h
	}
	name, err := roster.ParseName(names[0])
	if err != nil {
		h.Problem = err
		return h
	}
	folded := roster.FoldName(name)
	if u.unknown[folded] == "" {
		u.unknown[folded] = name
		u.reading.Unknown = append(u.reading.Unknown, name)
	}
	switch id, chosen := u.whom[folded]; {
	case chosen && id == Nobody:
		h.Problem = said.New("%s is left out", name)
	case chosen:
		h.Person = id
	default:
		h.Name = u.unknown[folded] // one person has one name, however a cell writes it
	}
	return h
}

// seats turns the lines into seats. If two lines give a seat to different people, the first
// line wins.
func (u *understanding) seats() {
	var first, last roster.Date
	for _, line := range u.reading.Lines {
		if line.Problem == nil {
			if first.IsZero() || line.From.Before(first) {
				first = line.From
			}
			last = roster.Later(last, line.To)
		}
	}
	if first.IsZero() {
		return
	}
	rank := map[roster.RoleID]int{}
	for i, r := range u.team.Roles {
		rank[r.ID] = i
	}
	// The seats of all days in order; lines can be long, and many for the same days.
	all := make([]Seat, (first.DaysUntil(last)+1)*len(u.team.Roles))
	weekday := int(first.Weekday())
	for i := range u.reading.Lines {
		line := &u.reading.Lines[i]
		if line.Problem != nil {
			continue
		}
		from, to := first.DaysUntil(line.From), first.DaysUntil(line.To)
		for n := range line.Who {
			h := &line.Who[n]
			if h.Problem != nil {
				continue
			}
			for day := from; day <= to; day++ {
				if h.On != 0 && (weekday+day)%7 != h.On%7 {
					continue
				}
				switch seat := &all[day*len(u.team.Roles)+rank[h.Role]]; {
				case seat.Role == "":
					*seat = Seat{Seat: roster.Seat{Date: first.AddDays(day), Role: h.Role}, Person: h.Person, Name: h.Name, Line: i}
				case h.Problem == nil && (seat.Person != h.Person || seat.Name != h.Name):
					h.Problem = said.New("line %d has somebody else for %s; that one is taken", u.reading.Lines[seat.Line].Number, seat.Date)
				}
			}
		}
	}
	u.reading.Seats = slices.DeleteFunc(all, func(s Seat) bool { return s.Role == "" })
}
