package telling_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"dailyroster/notify/slack"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/telling"
)

// A group holds who is on call in its roles, follows hand-offs and edits, is not asked about while
// nothing changes, and says what is wrong.
func TestGroups(t *testing.T) {
	h := newHouse(t)
	h.assign("2026-11-24", "ana bo", "ana")
	var calls []string
	var fails error
	teller := telling.New(telling.Config{
		Store: h.store, Log: slog.New(slog.DiscardHandler), Now: h.clock, Random: rand.Reader,
		Ways: telling.Ways{Group: func(_ context.Context, group string, emails []string) (slack.Result, error) {
			calls = append(calls, group+": "+strings.Join(emails, " "))
			if len(emails) == 0 {
				return slack.Result{}, slack.ErrEmpty
			}
			return slack.Result{Changed: true, Unknown: []string{"bo@example.org"}}, fails
		}},
	})
	group, err := teller.AddChannel(t.Context(), notice.Channel{
		Name: "On call", Way: notice.WayGroup, Address: "S0123ABCDEF", Feeds: []notice.Feed{{Team: "ops"}, {Team: "ops", Role: "secondary"}, {Team: "gone"}}, MadeBy: "ana",
	})
	h.must(err)
	for _, step := range []struct {
		at, edit string
		fails    error
		want     string
		error    string
	}{
		{"2026-11-24 08:00:00", "", nil, "S0123ABCDEF: ", slack.ErrEmpty.Error()},
		{"2026-11-24 08:59:59", "", nil, "S0123ABCDEF: ", slack.ErrEmpty.Error()}, // an hour later it asks again
		{"2026-11-24 09:00:00", "", nil, "S0123ABCDEF: ana@example.org", ""},
		{"2026-11-24 09:00:15", "", nil, "", ""},
		{"2026-11-24 09:01:00", "cleo", nil, "S0123ABCDEF: cleo@example.org", ""},
		{"2026-11-25 09:00:00", "", errors.New("invalid_auth"), "S0123ABCDEF: bo@example.org", "invalid_auth"},
		{"2026-11-25 09:00:15", "", nil, "", "invalid_auth"},
		{"2026-11-25 09:01:00", "", nil, "S0123ABCDEF: bo@example.org", ""},
	} {
		h.set(step.at)
		if step.edit != "" {
			h.assign(step.at[:10], step.edit, "ana")
		}
		calls, fails = nil, step.fails
		h.must(teller.SetGroups(t.Context()))
		if got := strings.Join(calls, "; "); got != step.want {
			t.Errorf("%s: got %q, want %q", step.at, got, step.want)
		}
		if state := teller.GroupState(group.ID); state.Error != step.error {
			t.Errorf("%s: got the error %q, want %q", step.at, state.Error, step.error)
		}
	}
	if state := teller.GroupState(group.ID); !slices.Equal(state.Members, []roster.PersonID{"bo"}) || !slices.Equal(state.Unknown, []string{"bo@example.org"}) {
		t.Errorf("the state: got %+v, want Bo, whom the chat does not know", state)
	}
}
