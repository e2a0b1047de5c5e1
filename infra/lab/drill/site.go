package drill

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// answerTime is how long the load waits for an answer.
	answerTime = 10 * time.Second
	api        = "/api/v1"
)

// Site is a Daily Roster as it is seen from outside: one address, asked over plain
// HTTP connections that are kept open. It asks once: what fails has failed. One thing
// net/http does by itself when a kept connection breaks before an answer: it sends a
// request without a body again. Each answer says whether that happened.
type Site struct {
	base   string
	atOnce int
	http   *http.Client
}

// NewSite makes a client of the site at base, as http://192.168.64.100, for so many
// requests at once.
func NewSite(base string, atOnce int) *Site {
	return siteVia(strings.TrimSuffix(base, "/"), atOnce, &net.Dialer{Timeout: answerTime})
}

func siteVia(base string, atOnce int, dialer *net.Dialer) *Site {
	return &Site{base, atOnce, &http.Client{
		Timeout: answerTime,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, MaxIdleConnsPerHost: atOnce, IdleConnTimeout: 30 * time.Second,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// From is another client of the same site, which asks from that address of the machine.
func (s *Site) From(address string) *Site {
	return siteVia(s.base, s.atOnce, &net.Dialer{Timeout: answerTime, LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}})
}

// Close closes the connections.
func (s *Site) Close() { s.http.CloseIdleConnections() }

// request is what is asked; header holds names and values in turn.
type request struct {
	method, path string
	header       []string
	body         []byte
}

func get(path string) request { return request{method: http.MethodGet, path: path} }

// answer is what came back. Where err is not nil there is nothing else but resent.
type answer struct {
	status int
	header http.Header
	body   []byte
	resent bool
	err    error
}

// ask sends a request and reads its answer to the end.
func (s *Site) ask(ctx context.Context, q request) answer {
	var body io.Reader
	if q.body != nil {
		// Hidden from net/http, which would otherwise be able to send it twice, and
		// would with an Idempotency-Key.
		body = struct{ io.Reader }{bytes.NewReader(q.body)}
	}
	var sent atomic.Int32
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		WroteRequest: func(w httptrace.WroteRequestInfo) {
			if w.Err == nil {
				sent.Add(1)
			}
		},
	})
	req, err := http.NewRequestWithContext(ctx, q.method, s.base+q.path, body)
	if err != nil {
		return answer{err: err}
	}
	req.ContentLength = int64(len(q.body))
	for i := 0; i+1 < len(q.header); i += 2 {
		req.Header.Set(q.header[i], q.header[i+1])
	}
	res, err := s.http.Do(req)
	if err != nil {
		return answer{err: err, resent: sent.Load() > 1}
	}
	defer res.Body.Close()
	a := answer{status: res.StatusCode, header: res.Header, resent: sent.Load() > 1}
	if a.body, err = io.ReadAll(res.Body); err != nil {
		return answer{err: err, resent: a.resent}
	}
	return a
}

// must is for requests outside the load, which are sent until they succeed.
func (s *Site) must(ctx context.Context, q request, statuses ...int) ([]byte, error) {
	for {
		a := s.ask(ctx, q)
		for _, status := range statuses {
			if a.err == nil && a.status == status {
				return a.body, nil
			}
		}
		switch {
		case a.err == nil && a.status < http.StatusInternalServerError && a.status != http.StatusTooManyRequests:
			return nil, fmt.Errorf("%s %s: got %d %s", q.method, q.path, a.status, a.body)
		case a.err == nil:
			a.err = fmt.Errorf("got %d", a.status)
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("%s %s: %w", q.method, q.path, errors.Join(a.err, ctx.Err()))
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// Team is a team of the site, of which a load edits the days.
type Team struct {
	ID   string
	site *Site
}

// crew are those whom the load puts on call.
func crew() []string { return []string{"Ana Ruiz", "Bo Chen", "Chidi Okafor"} }

// NewTeam makes a team, and the people whom the load puts on call.
func (s *Site) NewTeam(ctx context.Context, id string) (*Team, error) {
	t := &Team{id, s}
	body, err := json.Marshal(map[string]any{"id": id, "name": "Drill " + id, "settings": []any{map[string]string{"zone": "UTC"}}})
	if err != nil {
		return nil, err
	}
	q := request{http.MethodPost, api + "/teams", []string{"Content-Type", "application/json"}, body}
	if _, err := s.must(ctx, q, http.StatusCreated); err != nil {
		return nil, err
	}
	for i, name := range crew() {
		// A new name makes the person. The dates are none of those that the load edits.
		date := fmt.Sprintf("2020-01-%02d", 1+i)
		if _, err := s.must(ctx, t.put(date, Day{Primary: name}, "", fmt.Sprint("crew", i)), http.StatusOK); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// The requests about a team.

func (t *Team) page(from string) request {
	return get(fmt.Sprintf("/teams/%s?from=%s&days=%d", t.ID, from, pageDays))
}

func (t *Team) row(date string) request { return get("/teams/" + t.ID + "/days/" + date) }

// form is the row as a form, as htmx asks for it; without it there is a whole page around it.
func (t *Team) form(date string) request {
	r := get("/teams/" + t.ID + "/days/" + date + "/edit")
	r.header = []string{"HX-Request", "true"}
	return r
}

func (t *Team) save(date string, f *form, to Day) request {
	fields := url.Values{"revision": {f.revision}, "change": {f.change}, roleID: {to.Primary}, noteID: {to.Note}, whyID: {why}}
	return request{
		http.MethodPut, "/teams/" + t.ID + "/days/" + date,
		[]string{"Content-Type", "application/x-www-form-urlencoded", "HX-Request", "true"}, []byte(fields.Encode()),
	}
}

// post is what a browser without JavaScript makes of a save.
func (t *Team) post(date string, f *form, to Day) request {
	q := t.save(date, f, to)
	q.method, q.header = http.MethodPost, q.header[:2]
	return q
}

func (t *Team) day(date string) request { return get(api + "/teams/" + t.ID + "/days/" + date) }

func (t *Team) days(from, to string) request {
	return get(api + "/teams/" + t.ID + "/days?from=" + from + "&to=" + to)
}

func (t *Team) onCall(date string) request {
	return get(api + "/teams/" + t.ID + "/oncall?at=" + date + "T12:00:00Z")
}

func (t *Team) put(date string, to Day, basedOn, key string) request {
	body, err := json.Marshal(map[string]any{"assignments": map[string]string{roleID: to.Primary}, "note": to.Note, whyID: why})
	if err != nil {
		panic(err) // of strings
	}
	return request{http.MethodPut, api + "/teams/" + t.ID + "/days/" + date, precondition(basedOn, key), body}
}

func (t *Team) clear(date, basedOn, key string) request {
	return request{http.MethodDelete, api + "/teams/" + t.ID + "/days/" + date + "?" + whyID + "=" + why, precondition(basedOn, key), []byte{}}
}

// precondition states what an API edit is based on; a day that was never touched has
// no revision to state, and stays without.
func precondition(basedOn, key string) []string {
	header := []string{"Content-Type", "application/json", "Idempotency-Key", key}
	if basedOn != "" {
		return append(header, "If-Match", `"`+basedOn+`"`)
	}
	return append(header, "If-None-Match", "*")
}

// Changes asks for the whole history of the team, oldest first.
func (t *Team) Changes(ctx context.Context) ([]Entry, error) {
	var all []Entry
	for cursor := ""; ; {
		body, err := t.site.must(ctx, get(api+"/teams/"+t.ID+"/changes?limit=500&cursor="+url.QueryEscape(cursor)), http.StatusOK)
		if err != nil {
			return nil, err
		}
		entries, next, err := parseChanges(body)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
		if cursor = next; next == "" {
			break
		}
	}
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all, nil
}
