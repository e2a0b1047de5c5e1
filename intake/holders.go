package intake

import (
	"fmt"
	"slices"
	"strings"

	"dailyroster/roster"
)

// holders says who is meant in each line.
func (u *understanding) holders() {
	u.unknown = map[string]bool{}
	for i := range u.reading.Lines {
		line := &u.reading.Lines[i]
		if line.Problem == "" {
			line.Problem = u.checkDays(line)
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
			if nobody(h.Text) {
				continue
			}
			if h.Problem == "" && line.Problem == "" {
				u.identify(&h)
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

// identify finds the person of a holder, or the name of a new one.
func (u *understanding) identify(h *Holder) {
	defer func() {
		if p, known := u.dir.names.Person(h.Person); known && !p.Active {
			h.Problem = p.Name + " is not active; that can be changed on the people page"
		}
	}()
	if id, ok := u.dir.find(h.Text); ok {
		h.Person = id
		return
	}
	names := namesIn(h.Text)
	if len(names) > 1 {
		h.Problem = fmt.Sprintf("%q names %d people; a role has one", strings.ReplaceAll(h.Text, "\n", ", "), len(names))
		return
	}
	if len(names) == 0 {
		h.Problem = fmt.Sprintf("nobody is named in %q", h.Text)
		return
	}
	if id, ok := u.dir.find(names[0]); ok {
		h.Person = id
		return
	}
	name, err := roster.ParseName(names[0])
	if err != nil {
		h.Problem = err.Error()
		return
	}
	folded := roster.FoldName(name)
	if !u.unknown[folded] {
		u.unknown[folded] = true
		u.reading.Unknown = append(u.reading.Unknown, name)
	}
	switch id, said := u.whom[folded]; {
	case said && id == Nobody:
		h.Problem = fmt.Sprintf("%s is left out", name)
	case said:
		h.Person = id
	default:
		h.Name = name
	}
}

// seats turns the lines into seats. If two lines give a seat to different people, the first
// line wins.
func (u *understanding) seats() {
	first := map[roster.Seat]Seat{}
	for i := range u.reading.Lines {
		line := &u.reading.Lines[i]
		for n := range line.Who {
			h := &line.Who[n]
			if line.Problem != "" || h.Problem != "" {
				continue
			}
			for d := line.From; !line.To.Before(d); d = d.AddDays(1) {
				if h.On != 0 && int(d.Weekday()) != h.On%7 {
					continue
				}
				seat := Seat{Seat: roster.Seat{Date: d, Role: h.Role}, Person: h.Person, Name: h.Name, Line: i}
				before, taken := first[seat.Seat]
				switch {
				case !taken:
					first[seat.Seat] = seat
				case h.Problem == "" && (before.Person != seat.Person || before.Name != seat.Name && roster.FoldName(before.Name) != roster.FoldName(seat.Name)):
					h.Problem = fmt.Sprintf("line %d has somebody else for %s; that one is taken", u.reading.Lines[before.Line].Number, d)
				}
			}
		}
	}
	rank := map[roster.RoleID]int{}
	for i, r := range u.team.Roles {
		rank[r.ID] = i
	}
	for _, seat := range first {
		u.reading.Seats = append(u.reading.Seats, seat)
	}
	slices.SortFunc(u.reading.Seats, func(a, b Seat) int {
		if c := a.Date.Compare(b.Date); c != 0 {
			return c
		}
		return rank[a.Role] - rank[b.Role]
	})
}
