package intake

import (
	"fmt"
	"slices"
	"strings"

	"dailyroster/roster"
)

// holders says who is meant in each line.
func (u *understanding) holders() {
	u.unknown = map[string]string{}
	empty, meant := remember(nobody), remember(u.identify)
	for i := range u.reading.Lines {
		line := &u.reading.Lines[i]
		if line.Problem == "" {
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
						h.Problem = fmt.Sprintf("the team has no role %q", line.Cells[r])
					}
				}
			default:
				continue
			}
			if empty.of(h.Text) {
				continue
			}
			if h.Problem == "" && line.Problem == "" {
				who := meant.of(h.Text)
				h.Person, h.Name, h.Problem = who.Person, who.Name, who.Problem
			}
			line.Who = append(line.Who, h)
		}
	}
}

func (u *understanding) checkDays(line *Line) string {
	switch {
	case line.From.DaysUntil(line.To) >= maxRowDays:
		return fmt.Sprintf("it has more than %d days", maxRowDays)
	case u.today.DaysUntil(line.To) > maxDaysAhead:
		return "it is more than two years ahead"
	case line.From.DaysUntil(u.today) > maxDaysBack:
		return "it is more than three years past"
	}
	return ""
}

// identify finds the person whom a cell means, or the name of a new one.
func (u *understanding) identify(text string) (h Holder) {
	defer func() {
		if p, known := u.dir.names.Person(h.Person); known && !p.Active {
			h.Problem = p.Name + " is not active; that can be changed on the people page"
		}
	}()
	if id, ok := u.dir.find(text); ok {
		h.Person = id
		return h
	}
	names := namesIn(text)
	if len(names) > 1 {
		h.Problem = fmt.Sprintf("%q names %d people; a role has one", strings.ReplaceAll(text, "\n", ", "), len(names))
		return h
	}
	if len(names) == 0 {
		h.Problem = fmt.Sprintf("nobody is named in %q", text)
		return h
	}
	if id, ok := u.dir.find(names[0]); ok {
		h.Person = id
		return h
	}
	name, err := roster.ParseName(names[0])
	if err != nil {
		h.Problem = err.Error()
		return h
	}
	folded := roster.FoldName(name)
	if u.unknown[folded] == "" {
		u.unknown[folded] = name
		u.reading.Unknown = append(u.reading.Unknown, name)
	}
	switch id, said := u.whom[folded]; {
	case said && id == Nobody:
		h.Problem = fmt.Sprintf("%s is left out", name)
	case said:
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
		if line.Problem == "" {
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
		if line.Problem != "" {
			continue
		}
		from, to := first.DaysUntil(line.From), first.DaysUntil(line.To)
		for n := range line.Who {
			h := &line.Who[n]
			if h.Problem != "" {
				continue
			}
			for day := from; day <= to; day++ {
				if h.On != 0 && (weekday+day)%7 != h.On%7 {
					continue
				}
				switch seat := &all[day*len(u.team.Roles)+rank[h.Role]]; {
				case seat.Role == "":
					*seat = Seat{Seat: roster.Seat{Date: first.AddDays(day), Role: h.Role}, Person: h.Person, Name: h.Name, Line: i}
				case h.Problem == "" && (seat.Person != h.Person || seat.Name != h.Name):
					h.Problem = fmt.Sprintf("line %d has somebody else for %s; that one is taken", u.reading.Lines[seat.Line].Number, seat.Date)
				}
			}
		}
	}
	u.reading.Seats = slices.DeleteFunc(all, func(s Seat) bool { return s.Role == "" })
}
