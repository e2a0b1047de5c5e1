package page

import (
	"net/url"
	"strings"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/words/said"
)

// exchangeSent is the exchange that a form asks for. What it refuses is a
// roster.FieldErrors.
func exchangeSent(names roster.Names, fields url.Values) (w desk.ExchangeWish, err error) {
	if w.ID, err = roster.ParseChangeID(fields.Get("change")); err != nil {
		return w, web.BadRequest("change: %v", err)
	}
	if w.Seat.Date, err = roster.ParseDate(fields.Get("date")); err != nil {
		return w, web.BadRequest("date: %v", err)
	}
	w.Seat.Role = roster.RoleID(fields.Get("role"))
	if fields.Has("holder") {
		holder := roster.PersonID(fields.Get("holder"))
		w.Seat.Holder = &holder
	}
	w.Why = roster.Why(fields.Get("kind"))
	var errs roster.FieldErrors
	named := func(field string) roster.PersonID {
		id, err := desk.Somebody(names, desk.Wish{Text: strings.TrimSpace(fields.Get(field))})
		if err == nil && id == "" {
			err = said.New("the name is missing")
		}
		if err != nil {
			errs.Add(field, err)
		}
		return id
	}
	// The page offers that the holder asks for a swap or gives a seat, or that nobody knows
	// who does. It matters only where somebody has to agree.
	if by := roster.PersonID(fields.Get("by")); w.Why != roster.WhyTake && w.Seat.Holder != nil && by == *w.Seat.Holder {
		w.By = by
	}
	switch w.Why {
	case roster.WhySwap:
		day, rest, _ := strings.Cut(fields.Get("with"), " ")
		role, holder, _ := strings.Cut(rest, " ")
		if w.With.Date, err = roster.ParseDate(day); err != nil {
			errs.Add("with", said.New("choose the other day"))
		}
		w.With.Role = roster.RoleID(role)
		if holder != "" {
			id := roster.PersonID(holder)
			w.With.Holder = &id
		}
	case roster.WhyTake:
		w.By = named("by")
		w.To = w.By
	case roster.WhyGive:
		w.To = named("to")
	default:
		return w, web.BadRequest("kind: %q is not one of swap, take and give", w.Why)
	}
	return w, errs.Err()
}
