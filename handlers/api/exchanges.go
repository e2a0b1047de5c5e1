package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/gorilla/mux"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// exchangeJSON is a roster.Offer as the API gives it: two seats that are swapped, or one
// that is taken or given.
type exchangeJSON struct {
	ID       roster.ChangeID   `json:"id"`
	Kind     roster.Why        `json:"kind"`
	State    roster.OfferState `json:"state"`
	Moves    []moveJSON        `json:"moves"`
	By       *personRef        `json:"by"`
	WaitsFor []*personRef      `json:"waitsFor"`
	Agreed   []*personRef      `json:"agreed"`
	Made     time.Time         `json:"made"`
	Closed   *time.Time        `json:"closed"`
	ClosedBy *personRef        `json:"closedBy"`
	Answers  []offerAnswerJSON `json:"answers"`
	Reason   string            `json:"reason"` // for which it lapsed
	Revision roster.Revision   `json:"revision"`
}

// offerAnswerJSON is a roster.OfferAnswer.
type offerAnswerJSON struct {
	Person   *personRef           `json:"person"`
	Answer   roster.OfferAnswered `json:"answer"`
	Actor    string               `json:"actor"`
	ActorID  string               `json:"actorId"`
	OnBehalf bool                 `json:"onBehalf"`
}

// moveJSON is a seat of an exchange, with who has it before and after.
type moveJSON struct {
	Date roster.Date   `json:"date"`
	Role roster.RoleID `json:"role"`
	From *personRef    `json:"from"`
	To   *personRef    `json:"to"`
}

func newExchangeJSON(o roster.Offer, names roster.Names) exchangeJSON {
	refs := func(ids []roster.PersonID) []*personRef {
		list := make([]*personRef, len(ids))
		for i, id := range ids {
			list[i] = refTo(id, names)
		}
		return list
	}
	j := exchangeJSON{
		ID: o.Group, Kind: o.Why, State: o.State, By: refTo(o.By, names), WaitsFor: refs(o.WaitsFor()), Agreed: refs(o.Agreed),
		Made: o.Made, ClosedBy: refTo(o.ClosedBy, names), Reason: o.Reason, Revision: o.Revision,
	}
	if !o.Closed.IsZero() {
		j.Closed = &o.Closed
	}
	j.Answers = make([]offerAnswerJSON, len(o.Answers))
	for i, a := range o.Answers {
		j.Answers[i] = offerAnswerJSON{refTo(a.Person, names), a.Answer, a.Actor, a.ActorID, a.OnBehalf}
	}
	for _, m := range o.Moves {
		j.Moves = append(j.Moves, moveJSON{m.Date, m.Role, refTo(m.From, names), refTo(m.To, names)})
	}
	return j
}

// seatBody is a seat as POST takes it.
type seatBody struct {
	Date     string           `json:"date"`
	Role     string           `json:"role"`
	Revision *roster.Revision `json:"revision"` // if there, what the day must be at
}

func (b *seatBody) seat(field string, errs *roster.FieldErrors) (seat desk.ExchangeSeat) {
	if b == nil {
		errs.Add(field, errors.New(`the seat is missing; give {"date": …, "role": …}`))
		return seat
	}
	var err error
	if seat.Date, err = roster.ParseDate(b.Date); err != nil {
		errs.Add(field+".date", err)
	}
	if seat.Role, err = roster.ParseRoleID(b.Role); err != nil {
		errs.Add(field+".role", err)
	}
	seat.Revision = b.Revision
	return seat
}

// exchangeBody is what POST takes.
type exchangeBody struct {
	Kind string          `json:"kind"` // swap, take or give
	Seat *seatBody       `json:"seat"`
	With *seatBody       `json:"with"` // of a swap: the other seat
	To   json.RawMessage `json:"to"`   // of give: who gets it; a person as in a day
	By   json.RawMessage `json:"by"`   // who asks for it: of take who takes it
}

// wanted reads the body, as far as that goes without the days.
func (b exchangeBody) wanted(names roster.Names) (w desk.ExchangeWish, err error) {
	var errs roster.FieldErrors
	person := func(field string, data json.RawMessage, needed bool) roster.PersonID {
		wish, err := parseAssignee("", data)
		if err != nil {
			errs.Add(field, err)
			return ""
		}
		id, err := desk.Somebody(names, wish)
		if err != nil {
			errs.Add(field, err)
		} else if id == "" && needed {
			errs.Add(field, errors.New("the person is missing"))
		}
		return id
	}
	w.Why = roster.Why(b.Kind)
	w.Seat = b.Seat.seat("seat", &errs)
	w.By = person("by", b.By, w.Why == roster.WhyTake)
	switch w.Why {
	case roster.WhySwap:
		w.With = b.With.seat("with", &errs)
	case roster.WhyTake:
		w.To = w.By
	case roster.WhyGive:
		w.To = person("to", b.To, true)
	default:
		errs.Add("kind", fmt.Errorf("%q is not one of swap, take and give", b.Kind))
	}
	if b.With != nil && w.Why != roster.WhySwap {
		errs.Add("with", errors.New("only a swap has another seat"))
	}
	if len(b.To) > 0 && string(b.To) != "null" && w.Why != roster.WhyGive {
		errs.Add("to", errors.New("only who gives a seat says to whom"))
	}
	return w, errs.Err()
}

// exchangesJSON is a list of exchanges.
type exchangesJSON struct {
	Team      roster.TeamID  `json:"team"`
	Exchanges []exchangeJSON `json:"exchanges"`
}

// exchanges answers GET /api/v1/teams/{team}/exchanges: those that are open, and those
// that were closed in the last days; the newest first.
func (s *Site) exchanges(w http.ResponseWriter, r *http.Request) error {
	team, names, err := s.TeamWithNames(r)
	if err != nil {
		return err
	}
	list := make([]exchangeJSON, 0, len(team.Offers))
	for _, o := range slices.Backward(team.Offers) {
		list = append(list, newExchangeJSON(o.AsOf(team.PastAt(s.Now())), names))
	}
	return answerJSON(w, http.StatusOK, exchangesJSON{team.ID, list})
}

// makeExchange answers POST /api/v1/teams/{team}/exchanges: 201 the exchange, which is
// done, or waits for somebody to agree.
func (s *Site) makeExchange(w http.ResponseWriter, r *http.Request) error {
	var body exchangeBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	team, names, err := s.TeamWithNames(r)
	if err != nil {
		return err
	}
	wanted, err := body.wanted(names)
	if err != nil {
		return err
	}
	if wanted.By != "" {
		if wanted.OnBehalf, err = web.OnBehalf(r.Context(), team, names.People(), wanted.By); err != nil {
			return err
		}
	}
	wanted.Actor = web.Actor(r)
	if wanted.ID, err = s.Desk.ChangeID(r.Context(), "exchange"); err != nil {
		return err
	}
	o, err := s.Desk.OfferExchange(r.Context(), team, wanted)
	if err == nil {
		err = desk.LapsedOffer(o)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", web.APIPrefix+"/teams/"+string(team.ID)+"/exchanges/"+string(o.Group))
	return answerEntity(w, r, http.StatusCreated, newExchangeJSON(o, names), o.Revision)
}

// exchange answers GET /api/v1/teams/{team}/exchanges/{exchange}. The ETag is the
// revision.
func (s *Site) exchange(w http.ResponseWriter, r *http.Request) error {
	team, id, err := s.ExchangeOf(r)
	if err != nil {
		return err
	}
	o, known := team.Offer(id)
	if !known {
		return desk.NotFound("There is no such exchange.")
	}
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, newExchangeJSON(o.AsOf(team.PastAt(s.Now())), names), o.Revision)
}

// exchangeAnswerBody is what the answer to an exchange takes.
type exchangeAnswerBody struct {
	Person json.RawMessage `json:"person"`
}

// answerExchange answers POST /api/v1/teams/{team}/exchanges/{exchange}/{answer}, which
// is agree, decline or withdraw: the exchange as it is then.
func (s *Site) answerExchange(w http.ResponseWriter, r *http.Request) error {
	var body exchangeAnswerBody
	if err := parseJSON(r, &body); err != nil {
		return err
	}
	team, id, err := s.ExchangeOf(r)
	if err != nil {
		return err
	}
	names, err := s.Desk.Names(r.Context())
	if err != nil {
		return err
	}
	pre, err := web.ParsePreconditions(r, nil)
	if err != nil {
		return err
	}
	wish, err := parseAssignee("", body.Person)
	var person roster.PersonID
	if err == nil {
		person, err = desk.Somebody(names, wish)
	}
	if err != nil {
		return roster.FieldErrors{{Field: "person", Err: err}}
	}
	answer, err := desk.ParseExchangeAnswer(mux.Vars(r)["answer"])
	if err != nil {
		return web.BadRequest("answer: %v", err)
	}
	reply := desk.ExchangeReply{Answer: answer, Person: person, Actor: web.Actor(r)}
	if reply.OnBehalf, err = web.OnBehalf(r.Context(), team, names.People(), person); err != nil {
		return err
	}
	o, err := s.Desk.AnswerOffer(r.Context(), team, id, reply, func(o roster.Offer) error {
		if !pre.HoldFor(o.Revision) {
			return pre.Refusal()
		}
		return nil
	})
	if err != nil {
		return err
	}
	return answerEntity(w, r, http.StatusOK, newExchangeJSON(o, names), o.Revision)
}

func describeExchanges(d *describer) {
	d.group("Exchanges", "People swap, take or give shifts. If the team wants it, the others who are affected agree first.")
	somebody := openapi.OrNull(openapi.SchemaAt("PersonRef"))
	openapi.Name[roster.OfferState](&d.Types, "ExchangeState", &openapi.Schema{
		Type: "string", Description: "The state of an exchange.",
		Enum: []any{
			roster.OfferWaiting, roster.OfferAgreed, roster.OfferFailing, roster.OfferDone, roster.OfferDeclined, roster.OfferWithdrawn, roster.OfferLapsed,
		},
	})
	openapi.Answered[moveJSON](&d.Types, "Move", "A role of a day that passes from one person to another.", openapi.Notes{
		"from": {Text: "Who holds it before the exchange.", Schema: somebody},
		"to":   {Text: "Who holds it after the exchange.", Schema: somebody},
	})
	openapi.Name[roster.OfferAnswered](&d.Types, "ExchangeAnswered", &openapi.Schema{
		Type: "string", Description: "What was said to an exchange.",
		Enum: []any{roster.AnswerAsked, roster.AnswerAgreed, roster.AnswerDeclined, roster.AnswerWithdrawn},
	})
	openapi.Answered[offerAnswerJSON](&d.Types, "AnswerGiven", "What was said to an exchange, and who said it.", openapi.Notes{
		"person":   {Text: "Whose answer it is; null if not known.", Schema: somebody},
		"actor":    {Text: "What whoever gave it is called."},
		"actorId":  {Text: "Who gave it, as in a change."},
		"onBehalf": {Text: "Whether somebody else gave it for the person."},
	})
	people := openapi.ListOf(openapi.SchemaAt("PersonRef"))
	openapi.Answered[exchangeJSON](&d.Types, "Exchange", "Two shifts that people swap, or one that somebody takes or gives.", openapi.Notes{
		"kind":     {Text: "What kind of exchange it is.", Schema: &openapi.Schema{Type: "string", Enum: []any{roster.WhySwap, roster.WhyTake, roster.WhyGive}}},
		"moves":    {Text: "What changes hands."},
		"by":       {Text: "Who asked for the exchange. Null if that is not known.", Schema: somebody},
		"waitsFor": {Text: "Who still has to agree.", Schema: people},
		"agreed":   {Text: "Who has agreed.", Schema: people},
		"made":     {Text: "When somebody asked for it."},
		"closed":   {Text: "When it was done or ended. Null while it is open."},
		"closedBy": {Text: "Who declined or withdrew it. Otherwise null.", Schema: somebody},
		"reason":   {Text: "Why it lapsed. Empty if it did not."},
		"answers":  {Text: "The answers of the people concerned, in order. Empty without a sign-in."},
	})
	openapi.Answered[exchangesJSON](&d.Types, "Exchanges", "A list of exchanges.", openapi.Notes{"exchanges": {Text: "Newest first."}})
	openapi.Sent[seatBody](&d.Types, "SeatInput", "A role of a day.", openapi.Notes{
		"date":     {Must: true, Schema: openapi.SchemaAt("Date")},
		"role":     {Must: true, Schema: openapi.SchemaAt("RoleID")},
		"revision": {Text: "The revision that the day must be at. Optional.", Schema: openapi.SchemaAt("Revision")},
	})
	openapi.Sent[exchangeBody](&d.Types, "ExchangeInput", "A request for an exchange.", openapi.Notes{
		"kind": {Text: "What kind of exchange to make.", Must: true, Schema: &openapi.Schema{Type: "string", Enum: []any{roster.WhySwap, roster.WhyTake, roster.WhyGive}}},
		"seat": {Text: "What to swap, take or give.", Must: true, Schema: openapi.SchemaAt("SeatInput")},
		"with": {Text: "What to swap it for, if the kind is swap.", Schema: openapi.SchemaAt("SeatInput")},
		"to":   {Text: "Who gets it, if the kind is give.", Schema: openapi.SchemaAt("AssigneeInput")},
		"by":   {Text: "Who asks for the exchange, and so agrees to it. If the kind is take, who takes it.", Schema: openapi.SchemaAt("AssigneeInput")},
	})
	openapi.Sent[exchangeAnswerBody](&d.Types, "ExchangeAnswerInput", "An answer to an exchange.", openapi.Notes{
		"person": {Text: "Who answers.", Schema: openapi.SchemaAt("AssigneeInput")},
	})
	agreeFirst := Example{Method: "PUT", Target: "/teams/ops", Body: `{"name":"Ops","agreeFirst":true}`}
	swap := Example{
		Summary: "Ana and Bo swap", Target: "/teams/ops/exchanges",
		Body: `{"kind":"swap","by":"ana-ruiz","seat":{"date":"2026-11-24","role":"primary"},"with":{"date":"2026-11-27","role":"primary"}}`,
	}
	d.add(Operation{
		ID: "listExchanges", Method: "GET", Path: "/teams/{team}/exchanges", Summary: "List a team's exchanges",
		Text:     "Answers the open exchanges, and those that ended in the last few days.",
		Answers:  []Answered{{Status: http.StatusOK, Text: "The exchanges.", Value: exchangesJSON{}}},
		Examples: []Example{{Summary: "All", Target: "/teams/ops/exchanges", After: []Example{swap}}},
	}, Operation{
		ID: "makeExchange", Method: "POST", Path: "/teams/{team}/exchanges", Summary: "Swap, take or give a shift",
		Takes: exchangeBody{}, Tagged: true, Refuses: []int{http.StatusConflict, http.StatusPreconditionFailed},
		Answers:  []Answered{{Status: http.StatusCreated, Text: "The exchange. It is done, or waits for somebody to agree.", Value: exchangeJSON{}, Located: true}},
		Examples: []Example{swap},
	}, Operation{
		ID: "getExchange", Method: "GET", Path: "/teams/{team}/exchanges/{exchange}", Summary: "Read an exchange", Tagged: true,
		Answers:  []Answered{{Status: http.StatusOK, Text: "The exchange.", Value: exchangeJSON{}}},
		Examples: []Example{{Summary: "One that waits", Target: "/teams/ops/exchanges/{id}", After: []Example{agreeFirst, swap}}},
	}, Operation{
		ID: "answerExchange", Method: "POST", Path: "/teams/{team}/exchanges/{exchange}/{answer:agree|decline|withdraw}", Summary: "Agree to an exchange, decline it, or withdraw it",
		Takes: exchangeAnswerBody{}, Tagged: true, IfMatch: true, Refuses: []int{http.StatusConflict},
		Answers:  []Answered{{Status: http.StatusOK, Text: "The exchange after the answer.", Value: exchangeJSON{}}},
		Examples: []Example{{Summary: "Bo agrees", Target: "/teams/ops/exchanges/{id}/agree", Body: `{"person":"bo-chen"}`, After: []Example{agreeFirst, swap}}},
	})
}
