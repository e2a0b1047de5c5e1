package web

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"time"

	"dailyroster/words/said"
)

// Price is what a request of a route can cost at most, told in the route table.
type Price int

// The prices.
const (
	Usual Price = iota // some milliseconds
	// First is what comes before everything else: whether the program serves, and who is on
	// call. It has places of its own, which nothing else can take.
	First
	// Heavy can take hundreds of milliseconds: years of days, or all that a team was filled
	// with. Only some run at once, so that the processor is left to the others.
	Heavy
	// Lasting goes on as long as somebody looks or listens, and has limits of its own. It takes
	// a place only while there is work to do for it, see Gate.Place.
	Lasting
)

// Costs is the route at a price.
func (r Route) Costs(p Price) Route {
	r.Price = p
	return r
}

// HeavyIf lets requests be Heavy that ask for more than usual.
func (r Route) HeavyIf(much func(*http.Request) bool) Route {
	r.IsHeavy = much
	return r
}

// priceOf is what a request of the route can cost.
func (r *Route) priceOf(req *http.Request) Price {
	if r.IsHeavy != nil && r.IsHeavy(req) {
		return Heavy
	}
	return r.Price
}

const (
	// queueTime is how long a request waits for a place before it is refused. Who comes in
	// a burst is served a moment later; who comes faster than there is time for is told so
	// before the queue grows.
	queueTime = time.Second
	// heavyShare is which part of the places heavy requests can have, in all and of those of
	// one caller, and firstShare how many places there are beside the others for what comes
	// first.
	heavyShare = 8
	firstShare = 2
)

// places are taken by requests while they are served. Without a limit it is nil.
type places chan struct{}

func newPlaces(n int) places {
	if n == 0 {
		return nil
	}
	return make(places, n)
}

// take takes a place, if there is one within queueTime and before the context ends.
func (p places) take(ctx context.Context) bool {
	if p == nil {
		return true
	}
	select {
	case p <- struct{}{}:
		return true
	default:
	}
	late := time.NewTimer(queueTime)
	defer late.Stop()
	select {
	case p <- struct{}{}:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return false
}

func (p places) leave() {
	if p != nil {
		<-p
	}
}

// callerPlaces are places that each caller has of their own, while they have requests.
type callerPlaces struct {
	each int // how many places; 0 is no limit

	mu sync.Mutex
	of map[string]*callerPlace
}

type callerPlace struct {
	places
	requests int // that have a place or wait for one
}

// take takes one of the caller's places.
func (c *callerPlaces) take(ctx context.Context, caller string) bool {
	if c.each == 0 {
		return true
	}
	c.mu.Lock()
	if c.of == nil {
		c.of = map[string]*callerPlace{}
	}
	mine := c.of[caller]
	if mine == nil {
		mine = &callerPlace{places: newPlaces(c.each)}
		c.of[caller] = mine
	}
	mine.requests++
	c.mu.Unlock()
	if mine.take(ctx) {
		return true
	}
	c.forget(caller)
	return false
}

func (c *callerPlaces) leave(caller string) {
	if c.each == 0 {
		return
	}
	c.mu.Lock()
	c.of[caller].leave()
	c.mu.Unlock()
	c.forget(caller)
}

// forget forgets a request, and a caller who has no others.
func (c *callerPlaces) forget(caller string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[caller].requests--
	if c.of[caller].requests == 0 {
		delete(c.of, caller)
	}
}

// placesOf are those of one caller.
type placesOf struct {
	*callerPlaces
	caller string
}

func (p placesOf) take(ctx context.Context) bool { return p.callerPlaces.take(ctx, p.caller) }
func (p placesOf) leave()                        { p.callerPlaces.leave(p.caller) }

// taker is what a request takes a place of while it is served.
type taker interface {
	take(ctx context.Context) bool
	leave()
}

// takeAll takes one place of each, in order, or none. If ok, leave gives them back.
func takeAll(ctx context.Context, of []taker) (leave func(), ok bool) {
	back := func(taken []taker) {
		for _, t := range taken {
			t.leave()
		}
	}
	for i, t := range of {
		if !t.take(ctx) {
			back(of[:i])
			return nil, false
		}
	}
	return func() { back(of) }, true
}

// budget is how many requests are served at once.
type budget struct {
	all, heavy, first                   places
	door, firstDoor                     places // while it is looked up who asks
	ofCaller, heavyOfCaller, firstOfOne callerPlaces
}

func newBudget(l Limits) *budget {
	share := func(n, part int) int {
		if n == 0 {
			return 0
		}
		return max(1, n/part)
	}
	// What is heavy is so for the processors. One caller has half of them at most, so that the
	// others have some.
	heavyOfOne := min(share(l.AtOncePerCaller, heavyShare), max(1, runtime.GOMAXPROCS(0)/2))
	return &budget{
		all: newPlaces(l.AtOnce), heavy: newPlaces(share(l.AtOnce, heavyShare)), first: newPlaces(share(l.AtOnce, firstShare)),
		door: newPlaces(l.AtOnce), firstDoor: newPlaces(share(l.AtOnce, firstShare)),
		ofCaller:      callerPlaces{each: l.AtOncePerCaller},
		heavyOfCaller: callerPlaces{each: heavyOfOne},
		firstOfOne:    callerPlaces{each: share(l.AtOncePerCaller, firstShare)},
	}
}

// Serve is what a route does, for callers who have its right, as long as there is a place
// for it. Who asks is known only after that was looked up, which has places of its own. Then a
// place of the caller's is waited for, and with that one of the places of all: who asks for
// too much waits where nobody else does.
func (s *Gate) Serve(rt Route) Action {
	do := s.placed(rt)
	door := s.budget.doorFor(rt.Price == First)
	return func(w http.ResponseWriter, r *http.Request) error {
		leave, ok := takeAll(r.Context(), door)
		if !ok {
			return tooBusy()
		}
		enter := sync.OnceFunc(leave)
		defer enter()
		return s.Guarded(rt.Needs, func(w http.ResponseWriter, r *http.Request) error {
			enter()
			return do(w, r)
		})(w, r)
	}
}

// doorFor is where a request has a place while it is looked up who asks.
func (b *budget) doorFor(first bool) []taker {
	if first {
		return []taker{b.firstDoor}
	}
	return []taker{b.door}
}

// placesFor are those that a request takes one of each of.
func (b *budget) placesFor(p Price) []taker {
	switch p {
	case First:
		return []taker{b.first}
	case Heavy: // waits where only others of its kind wait
		return []taker{b.heavy, b.all}
	case Lasting:
		return nil
	default:
		return []taker{b.all}
	}
}

// callersFor are the same of the caller.
func (b *budget) callersFor(p Price, caller string) []taker {
	all := placesOf{&b.ofCaller, caller}
	switch p {
	case First:
		return []taker{placesOf{&b.firstOfOne, caller}}
	case Heavy:
		return []taker{placesOf{&b.heavyOfCaller, caller}, all}
	case Lasting:
		return nil
	default:
		return []taker{all}
	}
}

// placed does what a route does when there is a place, for callers who do not read too often.
func (s *Gate) placed(rt Route) Action {
	return func(w http.ResponseWriter, r *http.Request) error {
		who, counted := s.countedAs(r)
		if rt.watches() {
			counted = false
		}
		if counted {
			if err := s.limitRead(r, who); err != nil {
				return err
			}
		}
		leave, err := s.place(r, rt.priceOf(r), who, counted)
		if err != nil {
			return err
		}
		defer leave()
		return rt.Do(w, r)
	}
}

// watches reports whether the route is for machines that watch this one, whose requests are
// not counted.
func (r *Route) watches() bool { return r.Price == First && r.Needs == Open }

// Place takes the places of a request at that price, for the part of a request that lasts
// in which there is work to do.
func (s *Gate) Place(r *http.Request, p Price) (leave func(), err error) {
	who, counted := s.countedAs(r)
	return s.place(r, p, who, counted)
}

// place waits for a place of the caller's, if the request is counted, and with that for one of
// all.
func (s *Gate) place(r *http.Request, p Price, who string, counted bool) (leave func(), err error) {
	if !counted {
		leave, ok := takeAll(r.Context(), s.budget.placesFor(p))
		if !ok {
			return nil, tooBusy()
		}
		return leave, nil
	}
	ofCaller := s.budget.callersFor(p, who)
	leaveOwn, ok := takeAll(r.Context(), ofCaller)
	if !ok {
		return nil, &tooManyError{said.Whole("Too many requests at once. Wait a moment, then go on."), queueTime}
	}
	leaveShared, ok := takeAll(r.Context(), s.budget.placesFor(p))
	if !ok {
		leaveOwn()
		return nil, tooBusy()
	}
	return func() { leaveShared(); leaveOwn() }, nil
}

// tooBusy refuses what there is no place for. It is 429, and not 503: a proxy would take
// that as a sign that this instance is broken, and send everything to the other.
func tooBusy() error {
	return &tooManyError{said.Whole("The site is too busy right now. Wait a moment, then try again."), queueTime}
}
