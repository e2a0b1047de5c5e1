package page

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"dailyroster/desk"
	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/planning"
	"dailyroster/roster/tally"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// exchangePage answers GET /teams/{team}/days/{date}/exchange?role=: the forms that swap, take
// or give a seat.
func (s *Site) exchangePage(w http.ResponseWriter, r *http.Request) error {
	d, err := web.PathDate(r)
	if err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	seat := roster.Seat{Date: d, Role: roster.RoleID(r.URL.Query().Get("role"))}
	if seat.Role == "" {
		seat.Role = team.Roles[0].ID
	}
	return s.showExchange(w, r, http.StatusOK, team, seat, views.Exchange{})
}

// showExchange completes the page and shows it. It refuses past days and unknown roles.
func (s *Site) showExchange(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, seat roster.Seat, e views.Exchange) error {
	past := team.PastAt(s.Now())
	switch {
	case !team.HasRole(seat.Role):
		return desk.NotFound("There is no such role.")
	case past.Over(seat):
		return errPast
	}
	var err error
	if e.View, err = viewAt(r.URL.Query(), seat.Date); err != nil {
		return err
	}
	sheet, err := s.Desk.Sheet(r.Context(), team, seat.Date.AddDays(-around), seat.Date.AddDays(around))
	if err != nil {
		return err
	}
	names, days := sheet.Names, sheet.Days(seat.Date.AddDays(-around), seat.Date.AddDays(around))
	if e.ChangeID == "" {
		if e.ChangeID, err = s.Desk.NewChangeID(); err != nil {
			return err
		}
	}
	e.Team, e.Seat, e.Names, e.Day = team, seat, names, roster.ByDate(days)(seat.Date)
	e.Own = tally.Own(team, days)
	e.Seats = swapSeats(names, team, seat, days, past)
	for _, free := range planning.Substitutes(team, names.Where(), seat, days).Best {
		e.Free = append(e.Free, free.Person)
	}
	for _, c := range roster.Collisions(team, names.Where(), []roster.Day{e.Day}) {
		if c.Seat == seat {
			clash := newClash(team, names, c, e.Day.Revision, days)
			e.Clash = &clash
		}
	}
	title := words.T(r.Context(), "Swap, take or give %s", words.Date(r.Context(), seat.Date, said.InSentence))
	return shell.Render(w, r, status, views.ExchangePage(s.Frame(r, title, team), e))
}

// errPast refuses to change past days.
var errPast = desk.Refuse(desk.KindPast, "The past stays as it is", "Only today and later days can be swapped, taken or given.")

// swapSeats returns the seats of the days for which a seat can be swapped.
func swapSeats(names roster.Names, team *roster.Team, seat roster.Seat, days []roster.Day, past roster.Past) []views.SwapSeat {
	var seats []views.SwapSeat
	dayOn := roster.ByDate(days)
	for _, d := range days {
		if d.Date.Before(past.Present) {
			continue
		}
		for _, role := range team.Roles {
			other := roster.Seat{Date: d.Date, Role: role.ID}
			holder := d.Assignments[role.ID]
			if holder != "" && !past.Over(other) && roster.Swap("", seat, other, dayOn).Check(team, names.Where(), dayOn) == nil {
				seats = append(seats, views.SwapSeat{Seat: other, Holder: holder})
			}
		}
	}
	return seats
}

// postExchange answers POST /teams/{team}/exchanges: 303 back to the roster or, with back, to
// the page of a person; 409 or 422 the page of the seat with what the person typed.
func (s *Site) postExchange(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	team, names, err := s.TeamWithNames(r)
	if err != nil {
		return err
	}
	wanted, err := exchangeSent(names, fields)
	wanted.Actor = web.Actor(r)
	if wanted.Seat.Date.IsZero() { // there is no page to show the message on
		return err
	}
	if err == nil && wanted.By != "" {
		wanted.OnBehalf, err = web.OnBehalf(r.Context(), team, names.People(), wanted.By)
	}
	var o roster.Offer
	if err == nil {
		o, err = s.Desk.OfferExchange(r.Context(), team, wanted)
	}
	if err == nil {
		err = desk.LapsedOffer(o)
	}
	if err == nil {
		return s.backFrom(w, r, team, fields, o)
	}
	e := views.Exchange{Values: shell.FirstValues(fields), Kind: wanted.Why}
	status := http.StatusUnprocessableEntity
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		e.Errors = refused
		e.ChangeID = wanted.ID
	} else if answer := web.RefusalOf(err); web.StatusOf(answer.Kind) == http.StatusConflict || answer.Kind == desk.KindStale {
		status = http.StatusConflict
		e.Kind, e.Errors = "", roster.FieldErrors{{Err: answer.Detail}}
		if answer.Kind == desk.KindStale {
			e.Errors[0].Err = said.Whole("Someone else changed this day. This is the day as it is now; try again if you still want to.")
		}
	} else {
		return err
	}
	return s.showExchange(w, r, status, team, wanted.Seat.Seat, e)
}

// backFrom sends the browser back to where it came from, with the news of an exchange.
func (s *Site) backFrom(w http.ResponseWriter, r *http.Request, team *roster.Team, fields url.Values, o roster.Offer) error {
	if person, err := roster.ParsePersonID(fields.Get("back")); err == nil {
		http.Redirect(w, r, views.PersonNewsURL(person, team.ID, o.Group), http.StatusSeeOther)
		return nil
	}
	view, err := viewAt(r.URL.Query(), o.Moves[0].Date)
	if err != nil {
		return err
	}
	url := views.RosterURL(team.ID, view, "exchange", string(o.Group))
	if o.State == roster.OfferDone {
		url += "#" + views.RowID(o.Moves[0].Date)
	}
	http.Redirect(w, r, url, http.StatusSeeOther)
	return nil
}

// answerExchange answers POST /teams/{team}/exchanges/{exchange}: 303 back.
func (s *Site) answerExchange(w http.ResponseWriter, r *http.Request) error {
	fields, err := web.ParseForm(r)
	if err != nil {
		return err
	}
	team, id, err := s.ExchangeOf(r)
	if err != nil {
		return err
	}
	answer, err := desk.ParseExchangeAnswer(fields.Get("answer"))
	if err != nil {
		return web.BadRequest("answer: %v", err)
	}
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	reply := desk.ExchangeReply{Answer: answer, Person: roster.PersonID(fields.Get("person")), Actor: web.Actor(r)}
	if reply.OnBehalf, err = web.OnBehalf(r.Context(), team, names.People(), reply.Person); err != nil {
		return err
	}
	o, err := s.Desk.AnswerOffer(r.Context(), team, id, reply, func(roster.Offer) error { return nil })
	if err != nil {
		return err
	}
	return s.backFrom(w, r, team, fields, o)
}

// exchangeNews is what the page says about the exchange that the query names.
func exchangeNews(ctx context.Context, team *roster.Team, q url.Values, names roster.Names) string {
	if o, known := team.Offer(roster.ChangeID(q.Get("exchange"))); known {
		return views.OfferNews(ctx, team, o, names)
	}
	return ""
}
