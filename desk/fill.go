package desk

import (
	"context"

	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/store"
	"dailyroster/words/said"
)

// MaxFillDays is the most days that one fill has, and how far ahead it can end.
const MaxFillDays = 2 * 366

// FillWish is a fill that somebody asks for.
type FillWish struct {
	From, To  roster.Date
	Overwrite bool // also what was set by hand
	// Of is the act that emptied the seats to fill: the fill leaves other seats alone. "" is
	// any seat.
	Of     roster.ChangeID
	Reason string
}

// checkFill refuses a fill that is too long or too far ahead, and one of past days without a
// reason, as roster.FieldErrors at from, to and roster.ReasonField.
func (k *Desk) checkFill(team *roster.Team, w FillWish) error {
	var errs roster.FieldErrors
	switch n := w.From.DaysUntil(w.To); {
	case n < 0:
		errs.Add("to", said.New("the last day comes before the first"))
	case n >= MaxFillDays:
		errs.Add("to", said.New("one fill can cover at most two years (%d days)", MaxFillDays))
	case team.Present(k.Now()).DaysUntil(w.To) >= MaxFillDays:
		errs.Add("to", said.New("a roster can be filled at most two years ahead"))
	}
	if err := errs.Err(); err != nil {
		return err
	}
	return k.checkPast(team, w.Reason, w.From)
}

// PlanFill plans a fill. A preview and an applied fill come from this same call. Of the
// history, it reads only that of days that were ever changed. What it refuses is a
// roster.FieldErrors.
func (k *Desk) PlanFill(ctx context.Context, team *roster.Team, names roster.Names, w FillWish) (planning.FillPlan, error) {
	if err := k.checkFill(team, w); err != nil {
		return planning.FillPlan{}, err
	}
	days, err := k.days(ctx, team.ID, w.From, w.To)
	if err != nil {
		return planning.FillPlan{}, err
	}
	history, err := k.HistoryOf(ctx, team.ID, days)
	if err != nil {
		return planning.FillPlan{}, err
	}
	in := planning.FillInput{
		Team: team, People: names, From: w.From, To: w.To, Days: roster.ByDate(days), SetBy: planning.SetBy(history), Overwrite: w.Overwrite,
		Ended: ended(ctx),
	}
	if w.Of != "" {
		emptied := map[roster.Seat]bool{}
		for _, c := range history {
			if c.Act() == w.Of && c.To == "" && c.Role != "" {
				emptied[c.Seat()] = true
			}
		}
		in.Only = func(seat roster.Seat) bool { return emptied[seat] }
	}
	plan := planning.Fill(in)
	return plan, store.Alive(ctx)
}

// ended returns a function that reports whether the context has ended, for work that returns
// no errors.
func ended(ctx context.Context) func() bool { return func() bool { return ctx.Err() != nil } }

// Fill plans and applies a fill, month by month. If somebody edits one of the days in the
// meantime, it plans again with their edit. plan is the first plan. A fill that was cut off
// continues when it is asked for again with the same group. The act has the reason of the
// wish.
func (k *Desk) Fill(ctx context.Context, team *roster.Team, w FillWish, group roster.ChangeID, actor roster.Actor) (plan planning.FillPlan, err error) {
	names, err := k.Names(ctx)
	if err != nil {
		return plan, err
	}
	act := roster.Act{Group: group, Actor: actor, Time: k.Now(), Reason: w.Reason}
	planned := false
	return store.Again(ctx, func() (planning.FillPlan, error) {
		now, err := k.PlanFill(ctx, team, names, w)
		if err != nil {
			return plan, err
		}
		if !planned {
			plan, planned = now, true
		}
		return plan, k.saveAll(ctx, team, now.Edits(act))
	})
}
