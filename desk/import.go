package desk

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"dailyroster/intake"
	"dailyroster/intake/ical"
	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/words/said"
)

// Import is a roster to import: what was read, and how to understand it.
type Import struct {
	Tables  []intake.Table
	Remarks []ical.Remark // what a calendar's reader did not understand
	Table   int           // the one that is imported
	Mapping intake.Mapping
	Whom    intake.Whom
	Past    bool            // include days before today
	Reason  string          // for changing these
	Group   roster.ChangeID // of the act, chosen before the first attempt
}

// Reads is a digest of how the tables are read. An import must be read as its preview was.
func (in *Import) Reads() string {
	// fmt writes a map in order of its keys.
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %q %v %q %t", in.Table, in.Mapping.Columns, in.Mapping, in.Whom, in.Past))
	return hex.EncodeToString(sum[:8])
}

// ReadImport reads a roster that somebody brings: a spreadsheet, a calendar, or the tables and
// lists of a text or a wiki page. It recognizes which. The error says what is wrong with the data.
func (k *Desk) ReadImport(data []byte, team *roster.Team, names roster.Names) (*Import, error) {
	in := &Import{}
	var err error
	switch intake.KindOf(data) {
	case intake.KindCalendar:
		err = in.readCalendar(data, team, names, team.Present(k.Now()))
	default:
		if in.Tables, in.Table, in.Mapping, err = intake.Read(data, team, names); err == nil {
			in.keepFew()
		}
	}
	if err == nil && len(in.Tables[in.Table].Rows) == 0 {
		err = said.New("it is empty")
	}
	return in, err
}

func (in *Import) readCalendar(data []byte, team *roster.Team, names roster.Names, today roster.Date) error {
	came, err := ical.Shifts(data, team, today)
	if err != nil {
		return err
	}
	in.Tables = make([]intake.Table, 1)
	in.Tables[0], in.Mapping, err = intake.OfEvents(came.Taken, team, names)
	in.Remarks = came.Remarks
	return err
}

// maxKept is how many bytes of tables go to the browser and come back.
const maxKept = 400_000

// keepFew leaves out tables until the rest fits into a form, but never the chosen one.
func (in *Import) keepFew() {
	size := func(t intake.Table) (n int) {
		for _, row := range t.Rows {
			for _, cell := range row {
				n += len(cell) + 4
			}
		}
		return n
	}
	total := size(in.Tables[in.Table])
	var kept []intake.Table
	chosen := 0
	for i, t := range in.Tables {
		if i == in.Table {
			chosen = len(kept)
		} else if total += size(t); total > maxKept {
			continue
		}
		kept = append(kept, t)
	}
	in.Tables, in.Table = kept, chosen
}

// ImportPlan is what an import would do.
type ImportPlan struct {
	Reading intake.Reading
	Now     func(roster.Date) roster.Day
	Seats   []intake.Seat     // of the reading, without the past unless the import includes it
	Past    int               // seats left out because they are past
	Changed []intake.Seat     // those of Seats that the import changes
	Seen    map[string]string // of each month, see roster.Seen
}

// PlanImport reads the table by its mapping and compares it with the roster. A preview and an
// import come from this same call.
func (k *Desk) PlanImport(ctx context.Context, team *roster.Team, names roster.Names, in *Import) (ImportPlan, error) {
	today := team.Present(k.Now())
	plan := ImportPlan{
		Reading: intake.Understand(in.Tables[in.Table], in.Mapping, team, names, in.Whom, today), Seen: map[string]string{},
		Now: func(d roster.Date) roster.Day { return roster.Day{Date: d} },
	}
	for _, seat := range plan.Reading.Seats {
		if seat.Date.Before(today) && !in.Past {
			plan.Past++
			continue
		}
		plan.Seats = append(plan.Seats, seat)
	}
	if len(plan.Seats) == 0 {
		return plan, nil
	}
	from, to := plan.Seats[0].Date, plan.Seats[len(plan.Seats)-1].Date
	days, err := k.days(ctx, team.ID, from.InMonth().First(), to.InMonth().Last())
	if err != nil {
		return plan, err
	}
	plan.Now = roster.ByDate(days)
	for _, seat := range plan.Seats {
		if m := seat.Date.InMonth(); plan.Seen[m.String()] == "" {
			first := days[0].Date.DaysUntil(m.First())
			plan.Seen[m.String()] = roster.Seen(days[first : first+m.First().DaysUntil(m.Next().First())])
		}
		if seat.Person == "" || plan.Now(seat.Date).Assignments[seat.Role] != seat.Person {
			plan.Changed = append(plan.Changed, seat)
		}
	}
	return plan, nil
}

// Stale reports whether the roster differs from the one that the plan was shown with, where
// the plan still has something to change. What the same act has already done does not count.
func (p ImportPlan) Stale(seen map[string]string) bool {
	return slices.ContainsFunc(p.Changed, func(seat intake.Seat) bool {
		m := seat.Date.InMonth().String()
		return seen[m] != p.Seen[m]
	})
}

// RunImport carries out the plan as one act: it adds the new people, then saves month by
// month. If it is cut off, running it again does the rest. If somebody has edited the roster
// since the plan was made, the error is a store.ErrConflict.
func (k *Desk) RunImport(ctx context.Context, team *roster.Team, in *Import, plan ImportPlan, actor roster.Actor) error {
	dates := make([]roster.Date, len(plan.Changed))
	for i, seat := range plan.Changed {
		dates[i] = seat.Date
	}
	if err := k.checkPast(team, in.Reason, dates...); err != nil {
		return err
	}
	newNames := make([]string, len(plan.Changed))
	for i, seat := range plan.Changed {
		if seat.Person == "" {
			newNames[i] = seat.Name
		}
	}
	made, _, err := k.AddNewcomers(ctx, newNames, func(int) string { return "" })
	if err != nil {
		return err
	}
	asked := make([]planning.Assignment, len(plan.Changed))
	for i, seat := range plan.Changed {
		revision := plan.Now(seat.Date).Revision
		asked[i] = planning.Assignment{Seat: seat.Seat, Person: cmp.Or(seat.Person, made[i]), BasedOn: &revision}
	}
	act := roster.Act{Group: in.Group, Actor: actor, Time: k.Now(), Reason: in.Reason}
	var edits []roster.Edit
	for _, e := range planning.Assign(planning.AssignInput{Assignments: asked, Days: plan.Now, Why: roster.WhyImport}, act) {
		edits = append(edits, e.Edit)
	}
	return k.saveAll(ctx, team, edits)
}
