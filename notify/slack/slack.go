// Package slack keeps the members of Slack user groups, and tells whether a slash command really
// comes from Slack or Mattermost. It posts nothing.
package slack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	api "github.com/slack-go/slack"
)

const (
	requestTime = 15 * time.Second
	knownTime   = 24 * time.Hour   // that somebody's ID is remembered
	unknownTime = 10 * time.Minute // that an address is remembered as unknown
	groupTime   = 10 * time.Minute // that the ID of a handle is remembered
	maxPause    = 2 * time.Minute  // that a call waits for Slack, if its context lets it
	maxKnown    = 20000            // addresses that are remembered
	longPause   = 30 * time.Second // when Slack names none
	scopesHelp  = "usergroups:read, usergroups:write, users:read and users:read.email"
)

// The methods that are called, which have limits of their own.
const (
	methodLookup = "users.lookupByEmail"
	methodGroups = "usergroups.list"
	methodList   = "usergroups.users.list"
	methodUpdate = "usergroups.users.update"
)

// ErrEmpty says that a group would be empty, which Slack does not have: its members stay.
var ErrEmpty = errors.New("a Slack user group cannot be empty; it keeps its members")

// A Client talks to Slack with one token. It is safe for concurrent use.
type Client struct {
	api   *api.Client
	token string
	now   func() time.Time

	mu     sync.Mutex
	users  map[string]found     // by email, in lower case
	groups map[string]found     // by handle
	pauses map[string]time.Time // until when a method is left alone
}

// found is what Slack said of a name; an empty ID is that there is none.
type found struct {
	id    string
	until time.Time
}

type settings struct {
	url    string
	client *http.Client
	now    func() time.Time
}

// An Option changes how a Client works.
type Option func(*settings)

// WithURL is where the API is, with a slash at the end.
func WithURL(address string) Option { return func(s *settings) { s.url = address } }

// WithHTTPClient is who makes the requests.
func WithHTTPClient(client *http.Client) Option { return func(s *settings) { s.client = client } }

// WithClock is what tells how long something is remembered.
func WithClock(now func() time.Time) Option { return func(s *settings) { s.now = now } }

// New makes a client with the token of a bot or of a person, whose scopes are usergroups:read,
// usergroups:write, users:read and users:read.email. It asks nothing yet.
func New(token string, options ...Option) *Client {
	s := settings{url: api.APIURL, now: time.Now, client: &http.Client{
		Timeout: requestTime, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	for _, option := range options {
		option(&s)
	}
	return &Client{
		api:   api.New(token, api.OptionAPIURL(s.url), api.OptionHTTPClient(s.client), api.OptionLog(log.New(io.Discard, "", 0))),
		token: token, now: s.now,
		users: map[string]found{}, groups: map[string]found{}, pauses: map[string]time.Time{},
	}
}

// A Result is what became of a group.
type Result struct {
	Members []string // Slack's IDs of those who are in it, sorted
	Unknown []string // the addresses that nobody at Slack has, sorted
	Changed bool     // whether it had other members before
}

// SetGroup gives a user group exactly the members with these addresses. group is its ID, such as
// S0614TZR7, or its handle, such as @ops-on-call. Where Slack knows none of them the error
// is ErrEmpty, and the result says who is unknown. Where Slack asks for a pause it waits, if
// the context lets it; RetryAfter tells the pause otherwise.
func (c *Client) SetGroup(ctx context.Context, group string, emails []string) (Result, error) {
	result, err := c.setGroup(ctx, group, emails)
	if isCode(err, "invalid_users", "user_not_found", "users_not_found") { // somebody has left since they were looked up
		c.forget(emails)
		result, err = c.setGroup(ctx, group, emails)
	}
	return result, c.safe(err)
}

func (c *Client) setGroup(ctx context.Context, group string, emails []string) (Result, error) {
	id, err := c.group(ctx, group)
	if err != nil {
		return Result{}, err
	}
	var result Result
	for _, email := range clean(emails) {
		user, err := c.user(ctx, email)
		switch {
		case err != nil:
			return Result{}, err
		case user == "":
			result.Unknown = append(result.Unknown, email)
		default:
			result.Members = append(result.Members, user)
		}
	}
	slices.Sort(result.Members)
	result.Members = slices.Compact(result.Members) // one person may have two addresses
	if len(result.Members) == 0 {
		return result, ErrEmpty
	}
	var before []string
	err = c.call(ctx, methodList, func() error {
		before, err = c.api.GetUserGroupMembersContext(ctx, id)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	slices.Sort(before)
	if slices.Equal(before, result.Members) {
		return result, nil
	}
	err = c.call(ctx, methodUpdate, func() error {
		_, err := c.api.UpdateUserGroupMembersListContext(ctx, id, result.Members)
		return err
	})
	if err != nil {
		return Result{}, err
	}
	result.Changed = true
	return result, nil
}

// clean are the addresses as they are compared, each once.
func clean(emails []string) []string {
	var all []string
	for _, email := range emails {
		if email = strings.ToLower(strings.TrimSpace(email)); email != "" {
			all = append(all, email)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// user is the ID of who has an address, "" if nobody has it.
func (c *Client) user(ctx context.Context, email string) (string, error) {
	if id, ok := c.remembered(c.users, email); ok {
		return id, nil
	}
	var id string
	err := c.call(ctx, methodLookup, func() error {
		user, err := c.api.GetUserByEmailContext(ctx, email)
		if err == nil && !user.Deleted {
			id = user.ID
		}
		return err
	})
	if isCode(err, "users_not_found") {
		err = nil
	}
	if err != nil {
		return "", err
	}
	if id == "" {
		c.remember(c.users, email, "", unknownTime)
	} else {
		c.remember(c.users, email, id, knownTime)
	}
	return id, nil
}

var groupID = regexp.MustCompile(`^S[A-Z0-9]{6,}$`)

// group is the ID of a group.
func (c *Client) group(ctx context.Context, group string) (string, error) {
	if groupID.MatchString(group) {
		return group, nil
	}
	handle := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(group), "@"))
	id, ok := c.remembered(c.groups, handle)
	if !ok {
		var groups []api.UserGroup
		err := c.call(ctx, methodGroups, func() error {
			var err error
			groups, err = c.api.GetUserGroupsContext(ctx)
			return err
		})
		if err != nil {
			return "", err
		}
		c.remember(c.groups, handle, "", unknownTime)
		for _, g := range groups {
			c.remember(c.groups, strings.ToLower(g.Handle), g.ID, groupTime)
		}
		id, _ = c.remembered(c.groups, handle)
	}
	if id == "" {
		return "", fmt.Errorf("Slack has no user group %.100q; create it there first", "@"+handle) //nolint:staticcheck // a name
	}
	return id, nil
}

func (c *Client) remembered(in map[string]found, name string) (string, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f, ok := in[name]
	return f.id, ok && c.now().Before(f.until)
}

func (c *Client) remember(in map[string]found, name, id string, long time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(in) >= maxKnown {
		clear(in)
	}
	in[name] = found{id: id, until: c.now().Add(long)}
}

func (c *Client) forget(emails []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, email := range clean(emails) {
		delete(c.users, email)
	}
}

// call calls a method, when Slack lets it. All calls of a method share its pauses.
func (c *Client) call(ctx context.Context, method string, ask func() error) error {
	for {
		if err := c.await(ctx, method); err != nil {
			return err
		}
		err := ask()
		pause, limited := pauseOf(err)
		if !limited {
			return err
		}
		c.mu.Lock()
		c.pauses[method] = time.Now().Add(pause)
		c.mu.Unlock()
	}
}

// pauseOf is how long Slack wants to be left alone.
func pauseOf(err error) (time.Duration, bool) {
	if limited, ok := errors.AsType[*api.RateLimitedError](err); ok && limited.RetryAfter > 0 {
		return limited.RetryAfter, true
	} else if ok {
		return longPause, true
	}
	status, ok := errors.AsType[api.StatusCodeError](err)
	return longPause, ok && status.Code == http.StatusTooManyRequests
}

// await waits until a method may be called, if that is soon enough.
func (c *Client) await(ctx context.Context, method string) error {
	for {
		c.mu.Lock()
		pause := time.Until(c.pauses[method])
		c.mu.Unlock()
		if pause <= 0 {
			return ctx.Err()
		}
		deadline, has := ctx.Deadline()
		if pause > maxPause || has && time.Until(deadline) < pause {
			return &limitError{after: pause}
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// A limitError says that Slack asks for a pause.
type limitError struct{ after time.Duration }

func (e *limitError) Error() string {
	return fmt.Sprintf("Slack asks for a pause of %s", e.after.Round(time.Second))
}

// RetryAfter is the pause that Slack asked for, or 0.
func RetryAfter(err error) time.Duration {
	if limit, ok := errors.AsType[*limitError](err); ok {
		return limit.after
	}
	return 0
}

// isCode reports whether Slack answered with one of these codes.
func isCode(err error, codes ...string) bool {
	said, ok := errors.AsType[api.SlackErrorResponse](err)
	return ok && slices.Contains(codes, said.Err)
}

// safe is an error in words for people, without the token.
func (c *Client) safe(err error) error {
	said, ok := errors.AsType[api.SlackErrorResponse](err)
	if ok {
		return &apiError{reason: words(said), cause: err}
	}
	if outer, isURL := errors.AsType[*url.Error](err); isURL {
		err = fmt.Errorf("Slack cannot be reached: %w", outer.Err) //nolint:staticcheck // a name
	}
	if err != nil && c.token != "" && strings.Contains(err.Error(), c.token) {
		return errors.New("Slack refused the request") //nolint:staticcheck // a name
	}
	return err
}

// An apiError is a refusal of Slack.
type apiError struct {
	reason string
	cause  error
}

func (e *apiError) Error() string { return e.reason }
func (e *apiError) Unwrap() error { return e.cause }

// words are what a code of Slack means.
func words(said api.SlackErrorResponse) string {
	switch said.Err {
	case "invalid_auth", "not_authed", "token_revoked", "token_expired", "account_inactive":
		return "Slack does not accept the token (" + said.Err + ")"
	case "missing_scope":
		needed := said.Needed
		if needed == "" {
			needed = scopesHelp
		}
		return "the token lacks a scope; it needs " + needed
	case "no_such_subteam", "subteam_not_found", "no_such_usergroup":
		return "Slack has no such user group"
	case "permission_denied", "not_allowed_token_type", "user_is_restricted", "restricted_action":
		return "Slack does not let this token change user groups (" + said.Err + "); an owner of the workspace can allow it"
	case "paid_teams_only", "plan_upgrade_required":
		return "user groups need a paid plan of Slack"
	}
	return fmt.Sprintf("Slack refuses: %.100s", said.Err)
}
