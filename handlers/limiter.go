package handlers

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"dailyroster/roster"
)

// Limits are what callers may ask for. What is 0 has no limit, but for the times, which are
// then the usual ones.
type Limits struct {
	// EditsPerSecond is how many edits one caller may make in a second for long, and
	// burstSeconds times that at once. A caller is who is signed in, a token, or where
	// nobody is known an address.
	EditsPerSecond int
	// AttemptsPerMinute is how often one address may begin or end a sign-in, and send
	// tokens that are not there; as many may come at once.
	AttemptsPerMinute int
	// Streams is how many streams of events one address may have open here.
	Streams int
	// Teams and People are the most that there may be, removed ones too.
	Teams, People int
	// Proxies are believed when they say, in X-Forwarded-For, for whom they ask.
	Proxies []netip.Prefix
	// Body is how long a request's body may take to arrive, Answer how long an answer may
	// take to leave.
	Body, Answer time.Duration
}

const (
	// burstSeconds is how many seconds' edits may come at once.
	burstSeconds = 5
	// maxBuckets is how many callers are told apart; any more share one bucket.
	maxBuckets = 20_000
)

const (
	readTime  = 15 * time.Second // for the whole body to arrive
	writeTime = 30 * time.Second // for the whole answer to leave
)

// StoreTime is for all that the store is asked for a request.
const StoreTime = 5 * time.Second

// tooManyError is answered with 429.
type tooManyError struct {
	detail string
	wait   time.Duration // after which it may be tried again
}

func (e *tooManyError) Error() string { return e.detail }

// retryAfter is the wait as the header says it (RFC 9110, section 10.2.3), at least a second.
func (e *tooManyError) retryAfter() string {
	return fmt.Sprint(max(1, int(math.Ceil(e.wait.Seconds()))))
}

// buckets count what callers do, each in a token bucket of its own.
type buckets struct {
	rate  rate.Limit
	burst int

	mu     sync.Mutex
	of     map[string]*rate.Limiter
	shared *rate.Limiter // for those who come when the map is full
}

// newBuckets is nil, which limits nothing, for a burst of 0.
func newBuckets(perSecond float64, burst int) *buckets {
	if burst == 0 {
		return nil
	}
	return &buckets{
		rate: rate.Limit(perSecond), burst: burst,
		of: map[string]*rate.Limiter{}, shared: rate.NewLimiter(rate.Limit(perSecond), burst),
	}
}

// take takes one out of the caller's bucket; where there is none it gives the time until
// there will be.
func (b *buckets) take(caller string, now time.Time) (wait time.Duration) {
	if b == nil {
		return 0
	}
	one := b.limiter(caller, now).ReserveN(now, 1)
	if wait = one.DelayFrom(now); wait > 0 {
		one.CancelAt(now)
	}
	return wait
}

// empty gives the time until the caller's bucket has one, and takes none.
func (b *buckets) empty(caller string, now time.Time) (wait time.Duration) {
	if b == nil {
		return 0
	}
	if has := b.limiter(caller, now).TokensAt(now); has < 1 {
		return time.Duration((1 - has) / float64(b.rate) * float64(time.Second))
	}
	return 0
}

func (b *buckets) limiter(caller string, now time.Time) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l := b.of[caller]; l != nil {
		return l
	}
	if len(b.of) >= maxBuckets {
		for other, l := range b.of {
			if l.TokensAt(now) >= float64(b.burst) { // is as if it had never been there
				delete(b.of, other)
			}
		}
		if len(b.of) >= maxBuckets {
			return b.shared
		}
	}
	l := rate.NewLimiter(b.rate, b.burst)
	b.of[caller] = l
	return l
}

// address is from where the request comes: the client's, if a proxy that is believed says
// so. direct reports that nobody said so and it is this machine: no limit holds for that,
// as it may be anybody, by a proxy that the settings do not name, or the machine's owner.
func (s *Server) address(r *http.Request) (from string, direct bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr, false
	}
	at := peer.Addr().Unmap().WithZone("")
	believed := func(a netip.Addr) bool {
		return slices.ContainsFunc(s.Limits.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	// Each proxy adds on the right whom it was asked by; what is left of the first that is
	// not believed was written by who knows whom.
	said := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	direct = at.IsLoopback()
	for i := len(said) - 1; i >= 0 && believed(at); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		at, direct = next.Unmap().WithZone(""), false
	}
	if at.Is6() { // who has one address of these has 2^64 of them (RFC 6177)
		if network, err := at.Prefix(64); err == nil {
			return network.String(), direct
		}
	}
	return at.String(), direct
}

// limitEdit refuses the edits of callers who make too many.
func (s *Server) limitEdit(r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	who := callerOf(r.Context()).logName()
	if who == "" {
		from, direct := s.address(r)
		if direct {
			return nil
		}
		who = "address " + from
	}
	if wait := s.edits.take(who, s.Now()); wait > 0 {
		return &tooManyError{"That is too many edits in a short time. Please wait a moment and go on.", wait}
	}
	return nil
}

// tooManyAttempts is what an address is told that tried too often.
func tooManyAttempts(wait time.Duration) error {
	return &tooManyError{"There were too many attempts from your address. Please wait a moment and try again.", wait}
}

// limitAttempt refuses a sign-in, and counts it.
func (s *Server) limitAttempt(r *http.Request) error {
	from, direct := s.address(r)
	if direct {
		return nil
	}
	if wait := s.attempts.take(from, s.Now()); wait > 0 {
		return tooManyAttempts(wait)
	}
	return nil
}

// limitedToken is tokenOf for addresses that have not sent too many tokens that are none.
func (s *Server) limitedToken(r *http.Request, text string) (*roster.Token, error) {
	from, direct := s.address(r)
	if direct {
		return s.TokenOf(r.Context(), text)
	}
	if wait := s.attempts.empty(from, s.Now()); wait > 0 {
		return nil, tooManyAttempts(wait)
	}
	t, err := s.TokenOf(r.Context(), text)
	if errors.Is(err, KindBadToken) {
		s.attempts.take(from, s.Now())
	}
	return t, err
}

// streamCount counts the open streams of addresses.
type streamCount struct {
	mu   sync.Mutex
	open map[string]int
}

// begin counts one more, if there are fewer than most; 0 is no limit.
func (c *streamCount) begin(from string, most int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if most > 0 && c.open[from] >= most {
		return false
	}
	c.open[from]++
	return true
}

func (c *streamCount) end(from string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open[from]--
	if c.open[from] <= 0 {
		delete(c.open, from)
	}
}

// openStream counts a stream until done is called, or says why there cannot be another.
func (s *Server) openStream(r *http.Request) (done func(), err error) {
	from, _ := s.address(r)
	if !s.streamsOf.begin(from, s.Limits.Streams) {
		return nil, &tooManyError{"Too many pages are open at your address for live updates; the page works without.", streamRetry}
	}
	if s.viewers.Add(1) > maxStreams {
		s.viewers.Add(-1)
		s.streamsOf.end(from)
		return nil, &Refusal{KindTooManyStreams, "Too many viewers", "Live updates are full; the page works without.", nil}
	}
	return func() {
		s.viewers.Add(-1)
		s.streamsOf.end(from)
	}, nil
}

func (l Limits) bodyTime() time.Duration   { return cmp.Or(l.Body, readTime) }
func (l Limits) answerTime() time.Duration { return cmp.Or(l.Answer, writeTime) }
