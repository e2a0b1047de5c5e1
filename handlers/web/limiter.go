package web

import (
	"cmp"
	"dailyroster/desk"
	"dailyroster/roster"
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
)

// Limits are what callers may ask for. What is 0 has no limit, but for the times, which are
// then the usual ones.
type Limits struct {
	// EditsPerSecond is how many edits one caller may make in a second for long, and
	// burstSeconds times that at once. A caller is who is signed in, a token, or where
	// nobody is known an address.
	EditsPerSecond int
	// ReadsPerSecond is the same for everything else that one caller asks for.
	ReadsPerSecond int
	// AtOnce is how many requests are served at once, and AtOncePerCaller how many of one
	// caller: an eighth of both if they are heavy, and half as many beside them of those
	// that come first; see Price.
	AtOnce, AtOncePerCaller int
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

// StoreTime is for all that the store is asked for a request, and for all work that can be
// long: both ask its context. What has not come to an end by then is refused, see
// KindTooSlow.
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
func (s *Gate) address(r *http.Request) (from string, direct bool) {
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
func (s *Gate) limitEdit(r *http.Request) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return nil
	}
	who, counted := s.countedAs(r)
	if !counted {
		return nil
	}
	if wait := s.edits.take(who, s.Now()); wait > 0 {
		return &tooManyError{"That is too many edits in a short time. Please wait a moment and go on.", wait}
	}
	return nil
}

// countedAs is the caller as whom a request is counted: who is signed in, a token, or where
// nobody is known an address. One that is not counted has no limits, see address.
func (s *Gate) countedAs(r *http.Request) (who string, counted bool) {
	if who := CallerOf(r.Context()).LogName(); who != "" {
		return who, true
	}
	from, direct := s.address(r)
	return "address " + from, !direct
}

// limitRead refuses the reads of callers who make too many.
func (s *Gate) limitRead(r *http.Request, who string) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
	default:
		return nil // an edit, which is counted
	}
	if wait := s.reads.take(who, s.Now()); wait > 0 {
		return &tooManyError{"Those are too many requests in a short time. Please wait a moment and go on.", wait}
	}
	return nil
}

// tooManyAttempts is what an address is told that tried too often.
func tooManyAttempts(wait time.Duration) error {
	return &tooManyError{"There were too many attempts from your address. Please wait a moment and try again.", wait}
}

// LimitAttempt refuses a sign-in, and counts it.
func (s *Gate) LimitAttempt(r *http.Request) error {
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
func (s *Gate) limitedToken(r *http.Request, text string) (*roster.Token, error) {
	from, direct := s.address(r)
	if direct {
		return s.Desk.TokenOf(r.Context(), text)
	}
	if wait := s.attempts.empty(from, s.Now()); wait > 0 {
		return nil, tooManyAttempts(wait)
	}
	t, err := s.Desk.TokenOf(r.Context(), text)
	if errors.Is(err, desk.KindBadToken) {
		s.attempts.take(from, s.Now())
	}
	return t, err
}

func (l Limits) BodyTime() time.Duration { return cmp.Or(l.Body, readTime) }

func (l Limits) AnswerTime() time.Duration { return cmp.Or(l.Answer, writeTime) }
