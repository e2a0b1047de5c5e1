package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"dailyroster/roster"
	"dailyroster/views"
)

// around is how many days either way of one are looked at for who can be on call there
// instead, and for what it can be swapped.
const around = 92

// exchangePage answers GET /teams/{team}/days/{date}/exchange?role=: what can be done with
// a seat.
func (s *Server) exchangePage(w http.ResponseWriter, r *http.Request) error {
	d, err := PathDate(r)
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

// showExchange completes the page and shows it. The past and unknown roles are refused.
func (s *Server) showExchange(w http.ResponseWriter, r *http.Request, status int, team *roster.Team, seat roster.Seat, e views.Exchange) error {
	today := team.Present(s.Now())
	switch {
	case !team.HasRole(seat.Role):
		return NotFound("role")
	case seat.Date.Before(today):
		return errPast
	}
	var err error
	if e.View, err = viewAt(r.URL.Query(), seat.Date); err != nil {
		return err
	}
	names, people, err := s.Names(r.Context())
	if err != nil {
		return err
	}
	days, err := s.Store.Days(r.Context(), team.ID, seat.Date.AddDays(-around), seat.Date.AddDays(around))
	if err != nil {
		return err
	}
	if e.ChangeID == "" {
		if e.ChangeID, err = s.NewChangeID(); err != nil {
			return err
		}
	}
	e.Team, e.Seat, e.Names, e.Day = team, seat, names, roster.ByDate(days)(seat.Date)
	e.Seats = swapSeats(people, team, seat, days, today)
	for _, free := range roster.Substitutes(team, people, seat, days).Best {
		e.Free = append(e.Free, free.Person)
	}
	for _, c := range roster.Collisions(team, people, []roster.Day{e.Day}) {
		if c.Seat == seat {
			clash := newClash(team, people, c, e.Day.Revision, days)
			e.Clash = &clash
		}
	}
	title := "Swap, take or give " + seat.Date.Text()
	return s.render(w, r, status, views.ExchangePage(s.frame(r, title, team), e))
}

// errPast refuses to change what was.
var errPast = &Refusal{KindPast, "The past stays as it is", "Only today and later days can be swapped, taken or given.", nil}

// viewAt is the view that the query asks for if the date is in it, else one that begins
// there.
func viewAt(q url.Values, d roster.Date) (views.View, error) {
	view, err := queryView(q, d)
	if err == nil && (d.Before(view.From) || view.To().Before(d)) {
		view = views.View{From: d, Days: defaultDays}
	}
	return view, err
}

// swapSeats are the seats of the days for which a seat can be swapped.
func swapSeats(people []roster.Person, team *roster.Team, seat roster.Seat, days []roster.Day, today roster.Date) []views.SwapSeat {
	var seats []views.SwapSeat
	dayOn := roster.ByDate(days)
	for _, d := range days {
		if d.Date.Before(today) {
			continue
		}
		for _, role := range team.Roles {
			other := roster.Seat{Date: d.Date, Role: role.ID}
			holder := d.Assignments[role.ID]
			if holder != "" && roster.Swap("", seat, other, dayOn).Check(people, dayOn) == nil {
				seats = append(seats, views.SwapSeat{Seat: other, Holder: holder})
			}
		}
	}
	return seats
}

// newClash is a collision with who can be on call instead. Its act has an id that follows
// from what is seen: however many press the button, it is one.
func newClash(team *roster.Team, people []roster.Person, c roster.Collision, revision roster.Revision, days []roster.Day) views.Clash {
	clash := views.Clash{Team: team, Seat: c.Seat, Holder: c.Person, Absence: c.Absence, Instead: roster.Substitutes(team, people, c.Seat, days)}
	if len(clash.Instead.Best) > 0 {
		what := strings.Join([]string{c.Date.String(), string(c.Role), string(revision), string(clash.Instead.Best[0].Person)}, " ")
		clash.ChangeID = roster.DeriveChangeID("substitute "+string(team.ID), what)
	}
	return clash
}

// postExchange answers POST /teams/{team}/exchanges: 303 back to the roster or, with back,
// to the page of a person; 409 or 422 the page of the seat with what was typed.
func (s *Server) postExchange(w http.ResponseWriter, r *http.Request) error {
	fields, err := parseForm(r)
	if err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	people, err := s.Store.People(r.Context())
	if err != nil {
		return err
	}
	wanted, err := exchangeSent(people, fields)
	wanted.Actor = actor(r)
	if wanted.Seat.Date.IsZero() { // there is no page to show the message on
		return err
	}
	var o roster.Offer
	if err == nil {
		o, err = s.OfferExchange(r.Context(), team, wanted)
	}
	if err == nil {
		err = LapsedOffer(o)
	}
	if err == nil {
		return s.backFrom(w, r, team, fields, o)
	}
	e := views.Exchange{Values: firstValues(fields), Kind: wanted.Why}
	status := http.StatusUnprocessableEntity
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		e.Errors = refused
		e.ChangeID = wanted.ID
	} else if answer := RefusalOf(err); StatusOf(answer.Kind) == http.StatusConflict || answer.Kind == KindStale {
		status = http.StatusConflict
		e.Kind, e.Errors = "", roster.FieldErrors{{Message: answer.Detail}}
		if answer.Kind == KindStale {
			e.Errors[0].Message = "Somebody has changed this day meanwhile. Look at it as it is now, and do it again if you still want to."
		}
	} else {
		return err
	}
	return s.showExchange(w, r, status, team, wanted.Seat.Seat, e)
}

// exchangeSent is the exchange that a form asks for. What is refused is a
// roster.FieldErrors.
func exchangeSent(people []roster.Person, fields url.Values) (w ExchangeWish, err error) {
	if w.ID, err = roster.ParseChangeID(fields.Get("change")); err != nil {
		return w, BadRequest("change: %v", err)
	}
	if w.Seat.Date, err = roster.ParseDate(fields.Get("date")); err != nil {
		return w, BadRequest("date: %v", err)
	}
	w.Seat.Role = roster.RoleID(fields.Get("role"))
	if fields.Has("holder") {
		holder := roster.PersonID(fields.Get("holder"))
		w.Seat.Holder = &holder
	}
	w.Why = roster.Why(fields.Get("kind"))
	var errs roster.FieldErrors
	named := func(field string) roster.PersonID {
		id, err := Somebody(people, Wish{Text: strings.TrimSpace(fields.Get(field))})
		if err == nil && id == "" {
			err = errors.New("the name is missing")
		}
		if err != nil {
			errs.Add(field, err)
		}
		return id
	}
	// Who asks for a swap, or gives, is the holder or not known, as the page offers it. It
	// matters only where somebody has to agree.
	if by := roster.PersonID(fields.Get("by")); w.Why != roster.WhyTake && w.Seat.Holder != nil && by == *w.Seat.Holder {
		w.By = by
	}
	switch w.Why {
	case roster.WhySwap:
		day, rest, _ := strings.Cut(fields.Get("with"), " ")
		role, holder, _ := strings.Cut(rest, " ")
		if w.With.Date, err = roster.ParseDate(day); err != nil {
			errs.Add("with", errors.New("choose the other day"))
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
		return w, BadRequest("kind: %q is not one of swap, take and give", w.Why)
	}
	return w, errs.Err()
}

// backFrom sends the browser to where it came from, with the news of an exchange.
func (s *Server) backFrom(w http.ResponseWriter, r *http.Request, team *roster.Team, fields url.Values, o roster.Offer) error {
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
func (s *Server) answerExchange(w http.ResponseWriter, r *http.Request) error {
	fields, err := parseForm(r)
	if err != nil {
		return err
	}
	team, err := s.TeamOf(r)
	if err != nil {
		return err
	}
	id, err := PathExchange(r)
	if err != nil {
		return err
	}
	answer, err := ParseExchangeAnswer(fields.Get("answer"))
	if err != nil {
		return BadRequest("answer: %v", err)
	}
	o, err := s.AnswerOffer(r.Context(), team, id, answer, roster.PersonID(fields.Get("person")), func(roster.Offer) error { return nil })
	if err != nil {
		return err
	}
	return s.backFrom(w, r, team, fields, o)
}

// exchangeNews is what the page says of the exchange that the query names.
func exchangeNews(team *roster.Team, q url.Values, names roster.Names) string {
	if o, known := team.Offer(roster.ChangeID(q.Get("exchange"))); known {
		return views.OfferNews(team, o, names)
	}
	return ""
}

// openOffers are a team's offers that wait for an answer, as pages show them.
func (s *Server) openOffers(ctx context.Context, team *roster.Team, people []roster.Person) ([]views.Offer, error) {
	open, err := s.OpenOffers(ctx, team, people)
	offers := make([]views.Offer, len(open))
	for i, o := range open {
		offers[i] = views.Offer{Offer: o.Offer, Team: team, Problem: o.Problem, Locked: !callerOf(ctx).mayEdit(team)}
	}
	return offers, err
}

// personToDo is what needs an answer of a person, in all teams.
func (s *Server) personToDo(ctx context.Context, p roster.Person) (to views.PersonToDo, news map[roster.TeamID]*roster.Team, err error) {
	teams, err := s.ListedTeams(ctx)
	if err != nil {
		return to, nil, err
	}
	names, people, err := s.Names(ctx)
	if err != nil {
		return to, nil, err
	}
	to.Names, news = names, map[roster.TeamID]*roster.Team{}
	for i := range teams {
		team := &teams[i]
		news[team.ID] = team
		today := team.Present(s.Now())
		open, err := s.openOffers(ctx, team, people)
		if err != nil {
			return to, nil, err
		}
		for _, o := range open {
			if o.Concerns(p.ID) {
				to.Offers = append(to.Offers, o)
			}
		}
		for _, o := range team.Offers {
			if o = o.AsOf(today, s.Now()); !o.Open() && o.Concerns(p.ID) {
				to.News = append(to.News, views.Offer{Offer: o, Team: team})
			}
		}
		clashes, err := s.clashesOf(ctx, team, people, p, today)
		if err != nil {
			return to, nil, err
		}
		to.Clashes = append(to.Clashes, clashes...)
	}
	slices.SortStableFunc(to.News, func(a, b views.Offer) int { return b.Closed.Compare(a.Closed) })
	slices.SortStableFunc(to.Clashes, func(a, b views.Clash) int { return a.Seat.Date.Compare(b.Seat.Date) })
	return to, news, nil
}

// clashesOf are the coming days on which a person is on call for a team and away.
func (s *Server) clashesOf(ctx context.Context, team *roster.Team, people []roster.Person, p roster.Person, today roster.Date) ([]views.Clash, error) {
	last := today.AddDays(2 * around)
	if !slices.ContainsFunc(p.Absences, func(a roster.Absence) bool { return !a.To.Before(today) && !last.Before(a.From) }) {
		return nil, nil
	}
	days, err := s.Store.Days(ctx, team.ID, today.AddDays(-around), last.AddDays(around))
	if err != nil {
		return nil, err
	}
	var clashes []views.Clash
	for _, c := range roster.Collisions(team, []roster.Person{p}, days) {
		if !c.Date.Before(today) && !last.Before(c.Date) {
			clash := newClash(team, people, c, roster.ByDate(days)(c.Date).Revision, nearby(days, c.Date))
			clash.Locked = !callerOf(ctx).mayEdit(team)
			clashes = append(clashes, clash)
		}
	}
	return clashes, nil
}

// nearby are those of the days that are looked at for who can be on call on one.
func nearby(days []roster.Day, d roster.Date) []roster.Day {
	near := make([]roster.Day, 0, 2*around+1)
	for _, day := range days {
		if !day.Date.Before(d.AddDays(-around)) && !d.AddDays(around).Before(day.Date) {
			near = append(near, day)
		}
	}
	return near
}
