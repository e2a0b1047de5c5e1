package web

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

	"dailyroster/desk"
	"dailyroster/roster/credential"
	"dailyroster/words/said"
)

// Limits are how much callers may ask for. 0 means no limit or, for a time, the default.
type Limits struct {
	// EditsPerSecond is how many edits a second one caller may make over time; at once it
	// may be burstSeconds times that. A caller is a person who is signed in, a token, or
	// the address of somebody unknown.
	EditsPerSecond int
	// ReadsPerSecond is the same for requests that read.
	ReadsPerSecond int
	// AtOnce is how many requests are served at once, and AtOncePerCaller how many of one
	// caller. An eighth of both can be heavy ones, of one caller no more than half as many as
	// there are processors; those that come first have half as many places of their own. See
	// Price.
	AtOnce, AtOncePerCaller int
	// AttemptsPerMinute is how often one address may begin or end a sign-in, or send a
	// token that does not exist; as many may come at once.
	AttemptsPerMinute int
	// Streams is how many streams of events one address may have open here.
	Streams int
	// Teams and People are the most that there may be, removed ones included.
	Teams, People int
	// OwnerSeen is how long a personal token is valid without its owner having been seen.
	OwnerSeen time.Duration
	// Proxies are trusted to say in X-Forwarded-For for whom they ask.
	Proxies []netip.Prefix
	// Body is how long a request's body may take to arrive, Answer how long an answer may
	// take to leave.
	Body, Answer time.Duration
	// Work is how long all of a request's calls to the store may take, and all work that can be
	// long: both ask the request's context. A request that needs longer is refused with
	// KindTooSlow.
	Work time.Duration
}

const (
	// burstSeconds is for how many seconds edits may come at once.
	burstSeconds = 5
	// maxBuckets is how many callers have a bucket of their own; all others share one.
	maxBuckets = 20_000
)

const (
	readTime  = 15 * time.Second // for the whole body to arrive
	writeTime = 30 * time.Second // for the whole answer to leave
	workTime  = 5 * time.Second
)

// tooManyError is answered with 429.
type tooManyError struct {
	detail *said.Text
	wait   time.Duration // before the caller may try again
}

// Error implements error.
func (e *tooManyError) Error() string { return e.detail.Error() }

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
	shared *rate.Limiter // for callers who come when the map is full
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

// take takes one out of the caller's bucket. If the bucket is empty, it returns how long until
// it is not.
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

// empty returns how long until the caller's bucket has one, and takes none.
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
			if l.TokensAt(now) >= float64(b.burst) { // a full bucket is as good as a new one
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

// address is where the request comes from: the client's address, if a trusted proxy says it.
// direct reports that the request comes from this machine, and that no proxy said otherwise.
// Such requests have no limit: behind them may be anybody, through a proxy that the settings
// do not name, or the machine's owner.
func (s *Gate) address(r *http.Request) (from string, direct bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr, false
	}
	at := peer.Addr().Unmap().WithZone("")
	trusted := func(a netip.Addr) bool {
		return slices.ContainsFunc(s.Limits.Proxies, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	// Each proxy adds its caller on the right. Anybody may have written what stands left of
	// the first address that is not trusted.
	var said []string
	if trusted(at) {
		said = strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	}
	direct = at.IsLoopback()
	for i := len(said) - 1; i >= 0 && trusted(at); i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(said[i]))
		if err != nil {
			break
		}
		at, direct = next.Unmap().WithZone(""), false
	}
	if at.Is6() { // a client with one of these has 2^64 of them (RFC 6177)
		if network, err := at.Prefix(64); err == nil {
			return network.String(), direct
		}
	}
	return at.String(), direct
}

// limitEdit refuses edits of callers who make too many.
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
		return &tooManyError{said.Whole("Too many edits in a short time. Wait a moment, then go on."), wait}
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
	if direct {
		return "", false
	}
	return "address " + from, true
}

// limitRead refuses the reads of callers who make too many.
func (s *Gate) limitRead(r *http.Request, who string) error {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
	default:
		return nil // an edit, which is counted
	}
	if wait := s.reads.take(who, s.Now()); wait > 0 {
		return &tooManyError{said.Whole("Too many requests in a short time. Wait a moment, then go on."), wait}
	}
	return nil
}

// tooManyAttempts is the answer to an address that tried too often.
func tooManyAttempts(wait time.Duration) error {
	return &tooManyError{said.Whole("Too many attempts from your address. Wait a moment, then try again."), wait}
}

// LimitAttempt counts a sign-in, and refuses it if there were too many.
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

// limitedToken is Desk.TokenOf, unless the address has sent too many tokens that do not exist.
func (s *Gate) limitedToken(r *http.Request, text string) (*credential.Token, error) {
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

// BodyTime is how long a request's body may take to arrive.
func (l Limits) BodyTime() time.Duration { return cmp.Or(l.Body, readTime) }

// AnswerTime is how long an answer may take to leave.
func (l Limits) AnswerTime() time.Duration { return cmp.Or(l.Answer, writeTime) }

// WorkTime is how long a request's calls to the store, and its long work, may take.
func (l Limits) WorkTime() time.Duration { return cmp.Or(l.Work, workTime) }
