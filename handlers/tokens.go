package handlers

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"dailyroster/roster"
	"dailyroster/signin"
	"dailyroster/store"
)

const (
	// usedEvery is how exact the last use of a token is: it is written no more often.
	usedEvery = 5 * time.Minute
	// noteTime is what a write beside the requests may take.
	noteTime = 4 * time.Second
	// maxNotes is how many such writes may be under way; more are left to later requests.
	maxNotes = 4
	// maxOwners is how many people's groups are remembered.
	maxOwners = 10_000
	// defaultTokenDays is how long a token lasts if nobody says.
	defaultTokenDays = 90
)

// bearer is the token that came with the request, if it looks like one of this site. Other
// ones, which a proxy may send along, are not for us.
func bearer(r *http.Request) (string, bool) {
	scheme, text, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	text = strings.TrimSpace(text)
	return text, strings.EqualFold(scheme, "Bearer") && strings.HasPrefix(text, roster.TokenPrefix)
}

// tokenOf is the live token with the text that lets a program in, which a feed's does not.
func (s *Server) tokenOf(ctx context.Context, text string) (*roster.Token, error) {
	t, err := s.liveToken(ctx, text)
	if err != nil {
		return nil, err
	}
	if t.Feed != nil {
		return nil, errBadToken
	}
	if t.Team != "" {
		// A team that was removed lets nobody in any more.
		if team, err := s.Store.Team(ctx, t.Team); err != nil || team.Removed {
			if err == nil || errors.Is(err, store.ErrNotFound) {
				err = errEndedToken
			}
			return nil, err
		}
	}
	s.noteUse(*t)
	return t, nil
}

// liveToken is the live token with the text, whatever it is for.
func (s *Server) liveToken(ctx context.Context, text string) (*roster.Token, error) {
	id, secret, err := roster.ParseTokenText(text)
	if err != nil {
		return nil, errBadToken
	}
	t, err := s.Store.Token(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound) || err == nil && !t.Matches(secret):
		return nil, errBadToken
	case err != nil:
		return nil, err
	case !t.Live(s.Now()):
		return nil, errEndedToken
	}
	return &t, nil
}

// noteUse writes that the token is used now, unless that was written a moment ago. It waits
// for nothing, and a note that is lost is made by a later request.
func (s *Server) noteUse(t roster.Token) {
	now := s.Now().UTC()
	if now.Sub(t.LastUsed) < usedEvery {
		return
	}
	s.notes.begin("use of "+string(t.ID), now, func(ctx context.Context) error {
		return s.changeToken(ctx, t, func(t *roster.Token) { t.LastUsed = now })
	})
}

// changeToken writes a change of a token, again where somebody else's came first.
func (s *Server) changeToken(ctx context.Context, t roster.Token, change func(*roster.Token)) error {
	for {
		seen := t.Revision
		change(&t)
		var err error
		if t.Revision, err = s.newChangeID(); err != nil {
			return err
		}
		err = s.Store.PutToken(ctx, t, seen)
		conflict, is := errors.AsType[*store.ConflictError[roster.Token]](err)
		if !is || ctx.Err() != nil {
			return err
		}
		t = conflict.Current
	}
}

// notes are writes that no request waits for. Each kind is begun again only after
// usedEvery, whatever came of it.
type notes struct {
	ctx   context.Context // the server's
	log   func(what string, err error)
	slots chan struct{}

	mu    sync.Mutex
	begun map[string]time.Time
}

func newNotes(ctx context.Context, log func(string, error)) *notes {
	return &notes{ctx: ctx, log: log, slots: make(chan struct{}, maxNotes), begun: map[string]time.Time{}}
}

func (n *notes) begin(what string, now time.Time, write func(context.Context) error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if last, known := n.begun[what]; known && now.Sub(last) < usedEvery {
		return
	}
	select {
	case n.slots <- struct{}{}:
	default:
		return
	}
	if len(n.begun) >= maxOwners {
		clear(n.begun)
	}
	n.begun[what] = now
	go func() {
		defer func() { <-n.slots }()
		ctx, cancel := context.WithTimeout(n.ctx, noteTime)
		defer cancel()
		if err := write(ctx); err != nil {
			n.log(what, err)
		}
	}()
}

// owners remembers what people were like when their tokens were last held against that.
type owners struct {
	mu    sync.Mutex
	known map[string][sha256.Size]byte // by subject
}

func (o *owners) knows(subject string, is [sha256.Size]byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.known[subject] == is
}

func (o *owners) learn(subject string, is [sha256.Size]byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.known) >= maxOwners {
		clear(o.known)
	}
	o.known[subject] = is
}

// seen keeps personal tokens to what their owners may do now: where somebody comes with
// other groups than this process has seen, their tokens are changed, which nobody waits for.
func (s *Server) seen(i signin.Identity) {
	is := sha256.Sum256(fmt.Appendf(nil, "%q", i))
	if s.owners.knows(i.Subject, is) {
		return
	}
	s.notes.begin(fmt.Sprintf("owner %x", is), s.Now(), func(ctx context.Context) error {
		err := s.updateOwner(ctx, i.Subject, ownerOf(i))
		if err == nil {
			s.owners.learn(i.Subject, is)
		}
		return err
	})
}

func ownerOf(i signin.Identity) roster.TokenOwner {
	return roster.TokenOwner{Subject: i.Subject, Name: i.Name, Email: i.Email, Groups: i.Groups}
}

func (s *Server) updateOwner(ctx context.Context, subject string, is roster.TokenOwner) error {
	all, err := s.Store.Tokens(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if !t.OwnedBy(subject) || !t.Live(s.Now()) || sameOwner(*t.Owner, is) {
			continue
		}
		if err := s.changeToken(ctx, t, func(t *roster.Token) { t.Owner = &is }); err != nil {
			return err
		}
	}
	return nil
}

func sameOwner(a, b roster.TokenOwner) bool {
	return a.Name == b.Name && a.Email == b.Email && slices.Equal(a.Groups, b.Groups)
}

// tokens are those that are listed for whom the function picks, the newest first.
func (s *Server) tokens(ctx context.Context, pick func(*roster.Token) bool) ([]roster.Token, error) {
	all, err := s.Store.Tokens(ctx)
	var picked []roster.Token
	for i := range all {
		if !all[i].Forgotten(s.Now()) && pick(&all[i]) {
			picked = append(picked, all[i])
		}
	}
	slices.Reverse(picked) // ids begin with the time
	return picked, err
}

func ofTeam(id roster.TeamID) func(*roster.Token) bool {
	return func(t *roster.Token) bool { return t.Team == id && t.Feed == nil }
}

func ofPerson(i *signin.Identity) func(*roster.Token) bool {
	return func(t *roster.Token) bool { return i != nil && t.OwnedBy(i.Subject) }
}

// wantedToken is what somebody asks for.
type wantedToken struct {
	name  string
	scope roster.Scope
	days  int
	team  roster.TeamID // "" for a personal one
}

// makeToken makes a token for the request's caller. text is what its holder will send;
// it is nowhere but in the answer. What is refused is a roster.FieldErrors.
func (s *Server) makeToken(r *http.Request, wanted wantedToken) (t roster.Token, text string, err error) {
	c := callerOf(r.Context())
	now := s.Now().UTC().Truncate(time.Second)
	t = roster.Token{
		Name: wanted.name, Scope: wanted.scope, Team: wanted.team, MadeBy: actor(r),
		Made: now, Expires: now.AddDate(0, 0, max(0, min(wanted.days, roster.MaxTokenDays+1))),
	}
	pick := ofTeam(t.Team)
	if t.Team == "" {
		if c.person == nil {
			return t, "", mayNot("A personal token needs a person, and there is no sign-in here. A team's settings have tokens too.")
		}
		owner := ownerOf(*c.person)
		t.Owner, pick = &owner, ofPerson(c.person)
	}
	if err := t.Validate(); err != nil {
		return t, "", err
	}
	text, err = s.issue(r.Context(), &t, "tokens", pick)
	return t, text, err
}

// issue gives the token, which is good otherwise, an id and a secret, and writes it; text is
// both, as its holder sends it. pick picks those with which it shares a limit, and what says
// in the plural what they are.
func (s *Server) issue(ctx context.Context, t *roster.Token, what string, pick func(*roster.Token) bool) (text string, err error) {
	others, err := s.tokens(ctx, pick)
	if err != nil {
		return "", err
	}
	if len(others) >= roster.MaxTokens {
		return "", roster.FieldErrors{{Message: fmt.Sprintf("there are %d %s already, with those that ended in the last 30 days; no more can be made for now", len(others), what)}}
	}
	// Not derived from an Idempotency-Key: a repeat cannot show the same secret again, so
	// it makes another token.
	if t.Revision, err = s.newChangeID(); err != nil {
		return "", err
	}
	var random [32]byte
	if _, err := io.ReadFull(s.Random, random[:]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	t.ID, text = roster.NewTokenText(t.Revision, random)
	_, secret, err := roster.ParseTokenText(text)
	if err != nil {
		return "", err
	}
	t.Hash = roster.HashSecret(secret)
	return text, s.Store.PutToken(ctx, *t, "")
}

// revokeToken takes back the token of the path, if it is one that pick picks.
func (s *Server) revokeToken(r *http.Request, pick func(*roster.Token) bool) error {
	id, err := roster.ParseTokenID(cmp.Or(mux.Vars(r)["token"], mux.Vars(r)["feed"]))
	if err != nil {
		return notFound("token")
	}
	t, err := s.Store.Token(r.Context(), id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !pick(&t) {
		return notFound("token")
	}
	if err != nil || !t.Revoked.IsZero() {
		return err
	}
	return s.changeToken(r.Context(), t, func(t *roster.Token) {
		if t.Revoked.IsZero() {
			t.Revoked, t.RevokedBy = s.Now().UTC(), actor(r)
		}
	})
}

// ownOrAll picks the tokens that the caller may revoke outside their teams: one's own,
// and as an admin each.
func ownOrAll(c *caller) func(*roster.Token) bool {
	if c.isAdmin() {
		return func(*roster.Token) bool { return true }
	}
	return ofPerson(c.person)
}
