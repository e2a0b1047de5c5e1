package notify

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A PermanentError says that another try has no sense: an address that is refused, a receiver
// that is gone, a URL that cannot work. After every other error another try has.
type PermanentError struct {
	reason string
	cause  error
}

func (e *PermanentError) Error() string { return cmp.Or(e.reason, "refused for good") }

// Unwrap is the cause, if there is one.
func (e *PermanentError) Unwrap() error { return e.cause }

// A laterError asks for a pause before the next try.
type laterError struct {
	reason string
	after  time.Duration
}

func (e *laterError) Error() string { return e.reason }

const maxPause = 24 * time.Hour

// RetryAfter is the pause that the receiver asked for with its refusal, or 0.
func RetryAfter(err error) time.Duration {
	if later, ok := errors.AsType[*laterError](err); ok {
		return later.after
	}
	return 0
}

// statusError is what an answer of a receiver means; nil is success. host is how people know the
// receiver.
func statusError(host string, status int, header http.Header, now time.Time) error {
	reason := fmt.Sprintf("%s answered %d %s", host, status, http.StatusText(status))
	reason = strings.TrimSpace(reason)
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusGone:
		return &PermanentError{reason: reason}
	}
	return &laterError{reason: reason, after: pause(header.Get("Retry-After"), now)}
}

// pause reads a Retry-After header.
func pause(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(maxPause/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), maxPause)
	}
	return 0
}

// withoutURL is the cause of a failed request. The error of an http.Client has the whole URL in
// its text, which is a secret for most receivers.
func withoutURL(err error) error {
	for {
		outer, ok := errors.AsType[*url.Error](err)
		if !ok {
			return err
		}
		err = outer.Err
	}
}

const maxReason = 300 // bytes of an error text that came from elsewhere

// unreachable says why nothing came back from a host.
func unreachable(host string, err error) error {
	err = withoutURL(err)
	if permanent, ok := errors.AsType[*PermanentError](err); ok {
		return permanent
	}
	return &attemptError{reason: fmt.Sprintf("%s: %s", host, cut(oneLine(err.Error()), maxReason)), cause: err}
}

// An attemptError is a try that failed, with a text that is safe to show.
type attemptError struct {
	reason string
	cause  error
}

func (e *attemptError) Error() string { return e.reason }
func (e *attemptError) Unwrap() error { return e.cause }
