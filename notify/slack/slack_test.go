package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack/slacktest"
)

const token = "xoxb-very-secret-token"

// A workspace is Slack's API by the library's own test server, with people and groups.
type workspace struct {
	t      *testing.T
	server *slacktest.Server

	mu      sync.Mutex
	people  map[string]string   // ID by email
	groups  map[string][]string // members by the ID of a group
	limited map[string]int      // how often a method asks for a pause
	pause   string              // of a second, or ""
	fails   map[string]string   // what a method answers, once
	calls   map[string]int
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	w := &workspace{
		t: t, people: map[string]string{"ana@example.org": "UANA", "bo@example.org": "UBO", "cy@example.org": "UCY", "bo@home.example": "UBO"},
		groups: map[string][]string{"S0614TZR7": {"UOLD"}}, limited: map[string]int{}, pause: "1", fails: map[string]string{}, calls: map[string]int{},
	}
	w.server = slacktest.NewTestServer(func(c slacktest.Customize) {
		c.Handle("/users.lookupByEmail", w.method("users.lookupByEmail", w.lookup))
		c.Handle("/usergroups.list", w.method("usergroups.list", w.list))
		c.Handle("/usergroups.users.list", w.method("usergroups.users.list", w.members))
		c.Handle("/usergroups.users.update", w.method("usergroups.users.update", w.update))
	})
	w.server.Start()
	t.Cleanup(w.server.Stop)
	return w
}

func (w *workspace) client(options ...Option) *Client {
	return New(token, append([]Option{WithURL(w.server.GetAPIURL())}, options...)...)
}

// method answers as Slack does: 429 when it is asked too often, and otherwise 200.
func (w *workspace) method(name string, answer func(r *http.Request) map[string]any) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.calls[name]++
		if w.limited[name] > 0 {
			w.limited[name]--
			if w.pause != "" {
				rw.Header().Set("Retry-After", w.pause)
			}
			rw.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fields := answer(r)
		switch {
		case r.FormValue("token") != token:
			fields = map[string]any{"error": "invalid_auth"}
		case w.fails[name] != "":
			fields = map[string]any{"error": w.fails[name], "needed": "usergroups:write"}
			delete(w.fails, name)
		}
		fields["ok"] = fields["error"] == nil
		rw.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(rw).Encode(fields); err != nil {
			w.t.Error(err)
		}
	}
}

func (w *workspace) lookup(r *http.Request) map[string]any {
	id, ok := w.people[r.FormValue("email")]
	if !ok {
		return map[string]any{"error": "users_not_found"}
	}
	return map[string]any{"user": map[string]any{"id": id}}
}

func (w *workspace) list(*http.Request) map[string]any {
	return map[string]any{"usergroups": []map[string]any{{"id": "S0614TZR7", "handle": "ops-on-call"}, {"id": "S0000OTHER", "handle": "other"}}}
}

func (w *workspace) members(r *http.Request) map[string]any {
	members, ok := w.groups[r.FormValue("usergroup")]
	if !ok {
		return map[string]any{"error": "no_such_subteam"}
	}
	return map[string]any{"users": members}
}

func (w *workspace) update(r *http.Request) map[string]any {
	ids := strings.Split(r.FormValue("users"), ",")
	for _, id := range ids {
		known := false
		for _, each := range w.people {
			known = known || each == id
		}
		if !known {
			return map[string]any{"error": "invalid_users"}
		}
	}
	w.groups[r.FormValue("usergroup")] = ids
	return map[string]any{"usergroup": map[string]any{"id": r.FormValue("usergroup")}}
}

// counted are the calls since it was asked last.
func (w *workspace) counted() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	calls := w.calls
	w.calls = map[string]int{}
	return calls
}

func (w *workspace) group() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(slices.Values(w.groups["S0614TZR7"]))
}

func TestGroupHoldsExactlyWhoIsNamed(t *testing.T) {
	w := newWorkspace(t)
	now := time.Now()
	c := w.client(WithClock(func() time.Time { return now }))
	check := func(step, group string, emails []string, want Result, calls map[string]int) {
		t.Helper()
		got, err := c.SetGroup(t.Context(), group, emails)
		if err != nil {
			t.Fatalf("%s: %v", step, err)
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
		if diff := gocmp.Diff(calls, w.counted()); diff != "" {
			t.Errorf("%s: the calls (-want +got):\n%s", step, diff)
		}
		if diff := gocmp.Diff(want.Members, w.group()); diff != "" {
			t.Errorf("%s: the group (-want +got):\n%s", step, diff)
		}
	}
	const id = "S0614TZR7"
	check("somebody is unknown", id, []string{"bo@example.org", "Ana@Example.org ", "eve@example.org", "ana@example.org", "bo@home.example", ""},
		Result{Members: []string{"UANA", "UBO"}, Unknown: []string{"eve@example.org"}, Changed: true},
		map[string]int{"users.lookupByEmail": 4, "usergroups.users.list": 1, "usergroups.users.update": 1})
	check("nothing has changed", id, []string{"ana@example.org", "bo@example.org", "eve@example.org"},
		Result{Members: []string{"UANA", "UBO"}, Unknown: []string{"eve@example.org"}}, map[string]int{"usergroups.users.list": 1})
	check("by its handle", "@Ops-On-Call", []string{"cy@example.org"}, Result{Members: []string{"UCY"}, Changed: true},
		map[string]int{"usergroups.list": 1, "users.lookupByEmail": 1, "usergroups.users.list": 1, "usergroups.users.update": 1})
	w.mu.Lock()
	w.people["eve@example.org"] = "UEVE"
	w.groups[id] = []string{"UCY", "UOLD"} // somebody changed it at Slack
	w.mu.Unlock()
	now = now.Add(unknownTime + time.Second)
	check("who was unknown is there now", "ops-on-call", []string{"cy@example.org", "eve@example.org"},
		Result{Members: []string{"UCY", "UEVE"}, Changed: true},
		map[string]int{"usergroups.list": 1, "users.lookupByEmail": 1, "usergroups.users.list": 1, "usergroups.users.update": 1})
	w.mu.Lock()
	delete(w.people, "eve@example.org") // has left Slack
	w.groups[id] = []string{"UCY"}
	w.mu.Unlock()
	check("who has left", id, []string{"cy@example.org", "eve@example.org"}, Result{Members: []string{"UCY"}, Unknown: []string{"eve@example.org"}},
		map[string]int{"users.lookupByEmail": 2, "usergroups.users.list": 2, "usergroups.users.update": 1})
}

func TestGroupIsNeverEmpty(t *testing.T) {
	w := newWorkspace(t)
	for _, emails := range [][]string{nil, {""}, {"eve@example.org"}} {
		got, err := w.client().SetGroup(t.Context(), "S0614TZR7", emails)
		if !errors.Is(err, ErrEmpty) || got.Changed {
			t.Errorf("%q: got %+v, %v, want ErrEmpty", emails, got, err)
		}
		if len(emails) > 0 && emails[0] != "" && !slices.Equal(got.Unknown, emails) {
			t.Errorf("unknown: got %q, want %q", got.Unknown, emails)
		}
	}
	if got := w.group(); !slices.Equal(got, []string{"UOLD"}) {
		t.Errorf("the group has %q, want who was in it", got)
	}
}

// A pause that Slack asks for is kept, and the call goes on after it.
func TestRateLimits(t *testing.T) {
	w := newWorkspace(t)
	c := w.client()
	w.limited = map[string]int{"users.lookupByEmail": 1, "usergroups.users.update": 1}
	begin := time.Now()
	got, err := c.SetGroup(t.Context(), "S0614TZR7", []string{"ana@example.org", "bo@example.org"})
	if err != nil || !got.Changed {
		t.Fatalf("got %+v, %v", got, err)
	}
	if took := time.Since(begin); took < 2*time.Second {
		t.Errorf("two pauses of a second took %s", took)
	}
	if calls := w.counted(); calls["users.lookupByEmail"] != 3 || calls["usergroups.users.update"] != 2 {
		t.Errorf("got %v, want one call more for each pause", calls)
	}

	w.pause, w.limited = "40", map[string]int{"usergroups.users.list": 1}
	for range 3 { // while the pause lasts, Slack is left alone
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		begin := time.Now()
		_, err = c.SetGroup(ctx, "S0614TZR7", []string{"ana@example.org"})
		cancel()
		if after := RetryAfter(err); after < 38*time.Second || after > 40*time.Second || time.Since(begin) > 2*time.Second {
			t.Errorf("got %v, a pause of %s after %s, want 40 s at once", err, after, time.Since(begin))
		}
	}
	if calls := w.counted(); calls["usergroups.users.list"] != 1 {
		t.Errorf("got %v, want one call", calls)
	}

	w.pause, w.limited = "", map[string]int{"users.lookupByEmail": 1}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err = c.SetGroup(ctx, "S0614TZR7", []string{"cy@example.org"}); RetryAfter(err) <= 0 {
		t.Errorf("without a header: got %v, want a pause", err)
	}
}

// What Slack refuses is said in words, and never with the token.
func TestRefusals(t *testing.T) {
	w := newWorkspace(t)
	for _, c := range []struct{ method, code, want string }{
		{"usergroups.users.list", "invalid_auth", "does not accept the token"},
		{"usergroups.users.update", "missing_scope", "usergroups:write"},
		{"usergroups.users.update", "permission_denied", "an owner of the workspace"},
		{"usergroups.users.list", "no_such_subteam", "no such user group"},
		{"usergroups.users.update", "paid_teams_only", "paid plan"},
		{"usergroups.users.update", "fatal_error", "Slack refuses: fatal_error"},
	} {
		w.mu.Lock()
		w.fails[c.method] = c.code
		w.groups["S0614TZR7"] = []string{"UOLD"}
		w.mu.Unlock()
		_, err := w.client().SetGroup(t.Context(), "S0614TZR7", []string{"ana@example.org"})
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), token) {
			t.Errorf("%s: got %v, want %q", c.code, err, c.want)
		}
	}
	if _, err := w.client().SetGroup(t.Context(), "@nobody", []string{"ana@example.org"}); err == nil || !strings.Contains(err.Error(), `no user group "@nobody"`) {
		t.Errorf("an unknown handle: got %v", err)
	}
	w.server.Stop()
	_, err := w.client().SetGroup(t.Context(), "S0614TZR7", []string{"ana@example.org"})
	if err == nil || !strings.Contains(err.Error(), "cannot be reached") || strings.Contains(err.Error(), token) {
		t.Errorf("no server: got %v", err)
	}
	if text := fmt.Sprint(err); strings.Contains(text, "http://") {
		t.Errorf("got %s", text)
	}
}

func TestSlackThatHangs(t *testing.T) {
	over := make(chan struct{})
	server := slacktest.NewTestServer(func(c slacktest.Customize) {
		c.Handle("/users.lookupByEmail", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			select {
			case <-r.Context().Done():
			case <-over:
			}
		})
	})
	server.Start()
	defer server.Stop()
	defer close(over)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	begin := time.Now()
	_, err := New(token, WithURL(server.GetAPIURL())).SetGroup(ctx, "S0614TZR7", []string{"ana@example.org"})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > 2*time.Second {
		t.Errorf("got %v after %s, want the deadline", err, time.Since(begin))
	}
}

// Many may set groups at once.
func TestConcurrentGroups(t *testing.T) {
	w := newWorkspace(t)
	c := w.client()
	var wg sync.WaitGroup
	for i := range 20 {
		id := "SGROUP" + strconv.Itoa(10+i)
		w.mu.Lock()
		w.groups[id] = nil
		w.mu.Unlock()
		wg.Go(func() {
			if got, err := c.SetGroup(t.Context(), id, []string{"ana@example.org", "eve@example.org"}); err != nil || !got.Changed {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	wg.Wait()
}
