package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An Outlet takes the place of http.DefaultTransport, so that what the library for chats sends
// goes through a guard. Most services of that library make their requests with a client of
// their own and no way to give them another, without a context, and some lose the status of the
// answer. All of them end at http.DefaultTransport. The library calls it on the goroutine that
// sends, by whose number the outlet knows for which message a request is. A request of the
// library that belongs to no message is refused, and all that is not of the library goes on as
// before. A test sends with every service and sees that it is the guard who dials.
//
// Set it once, before anything is sent:
//
//	http.DefaultTransport = notify.NewOutlet(http.DefaultTransport)
type Outlet struct {
	next    http.RoundTripper
	flights sync.Map // of *flight, by the number of a goroutine
}

// NewOutlet makes an outlet in front of what http.DefaultTransport was.
func NewOutlet(next http.RoundTripper) *Outlet { return &Outlet{next: next} }

// RoundTrip sends a request.
func (o *Outlet) RoundTrip(r *http.Request) (*http.Response, error) {
	if found, ok := o.flights.Load(goroutine()); ok {
		if f, ok := found.(*flight); ok {
			return f.roundTrip(r)
		}
	}
	if fromLibrary() {
		closeBody(r)
		return nil, errors.New("a request of a chat that belongs to no message")
	}
	return o.next.RoundTrip(r)
}

// CloseIdleConnections does so for what is behind the outlet, as http.Client expects.
func (o *Outlet) CloseIdleConnections() {
	if t, ok := o.next.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// goroutine is the number of the one that calls, which Go tells at the head of its stack:
// "goroutine 7 [running]:".
func goroutine() int64 {
	var head [64]byte
	text := strings.TrimPrefix(string(head[:runtime.Stack(head[:], false)]), "goroutine ")
	text, _, _ = strings.Cut(text, " ")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return -1
	}
	return n
}

const library = "github.com/nicholas-fedor/shoutrrr/"

// fromLibrary reports whether the library for chats is among those who call.
func fromLibrary() bool {
	callers := make([]uintptr, 64)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for {
		frame, more := frames.Next()
		if strings.HasPrefix(frame.Function, library) {
			return true
		}
		if !more {
			return false
		}
	}
}

// A flight is one message on its way to one chat. The first request that fails ends it: what the
// library would try again, whoever sends the message tries later.
type flight struct {
	ctx    context.Context
	guard  *Guard
	now    func() time.Time
	failed chan struct{} // closed with the first failure

	mu       sync.Mutex
	requests int
	failure  error
}

// maxRequests is how many requests one message may take: a sign-in, and a few for each room.
const maxRequests = 40

func (f *flight) roundTrip(r *http.Request) (*http.Response, error) {
	if err := f.may(r); err != nil {
		closeBody(r)
		return nil, err
	}
	ctx, cancel := context.WithCancel(f.ctx)
	stop := context.AfterFunc(r.Context(), cancel) // a service may have a time limit of its own
	end := func() {
		stop()
		cancel()
	}
	answer, err := f.guard.client.RoundTrip(r.WithContext(ctx))
	if err != nil {
		end()
		return nil, f.fail(unreachable(r.URL.Host, err))
	}
	if !follows(answer) { // where to is looked at when it comes
		if err := statusError(r.URL.Host, answer.StatusCode, answer.Header, f.now()); err != nil {
			_ = f.fail(err)
		}
	}
	answer.Body = &boundedBody{Reader: io.LimitReader(answer.Body, maxAnswer), body: answer.Body, end: end}
	return answer, nil
}

// follows reports whether a client goes where the answer says.
func follows(answer *http.Response) bool {
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return answer.Header.Get("Location") != ""
	}
	return false
}

// may counts a request and refuses those that may not be made.
func (f *flight) may(r *http.Request) error {
	redirects, original := 0, r
	for original.Response != nil && original.Response.Request != nil {
		redirects, original = redirects+1, original.Response.Request
	}
	f.mu.Lock()
	f.requests++
	requests, failure := f.requests, f.failure
	f.mu.Unlock()
	switch {
	case failure != nil:
		return failure
	case f.ctx.Err() != nil:
		return f.fail(unreachable(r.URL.Host, f.ctx.Err()))
	case requests > maxRequests:
		return f.fail(&attemptError{reason: r.URL.Host + ": the message takes too many requests"})
	case redirects > maxRedirects:
		return f.fail(&attemptError{reason: r.URL.Host + ": it redirects too often"})
	case r.Method != original.Method:
		return f.fail(&attemptError{reason: fmt.Sprintf("%s redirects in a way that loses the message; use the address to which it redirects", original.URL.Host)})
	}
	if err := f.guard.CheckURL(r.URL); err != nil {
		return f.fail(&attemptError{reason: r.URL.Host + ": " + err.Error(), cause: err})
	}
	return nil
}

// fail notes the first failure, and gives it.
func (f *flight) fail(err error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failure == nil {
		f.failure = err
		close(f.failed)
	}
	return f.failure
}

// outcome is what became of the message, when the library says that it is done.
func (f *flight) outcome() (requests int, failure error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.requests, f.failure
}

// A boundedBody ends after so many bytes, and its request with it.
type boundedBody struct {
	io.Reader
	body io.Closer
	end  func()
}

func (b *boundedBody) Close() error {
	b.end()
	return b.body.Close()
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}
