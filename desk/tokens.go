package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
	"dailyroster/words/said"
)

// DefaultTokenDays is how long a token lasts if the request does not say.
const DefaultTokenDays = 90

// Pick chooses tokens.
type Pick func(*credential.Token) bool

// OwnedBy picks a person's tokens by the subject that the sign-in gives.
func OwnedBy(subject string) Pick {
	return func(t *credential.Token) bool { return t.OwnedBy(subject) }
}

// Tokens returns the listed tokens that pick picks, newest first.
func (k *Desk) Tokens(ctx context.Context, pick Pick) ([]credential.Token, error) {
	all, err := k.Store.Tokens(ctx)
	var picked []credential.Token
	for i := range all {
		if !all[i].Forgotten(k.Now()) && pick(&all[i]) {
			picked = append(picked, all[i])
		}
	}
	slices.Reverse(picked) // ids begin with the time
	return picked, err
}

// TokensOf picks a team's tokens, without its feeds.
func TokensOf(id roster.TeamID) Pick {
	return func(t *credential.Token) bool { return t.Team == id && t.Feed == nil }
}

// TokenWish is a token that somebody asks for.
type TokenWish struct {
	Name  string
	Scope credential.Scope
	Days  int                    // until it expires
	Team  roster.TeamID          // whose it is; "" for a personal one
	Owner *credential.TokenOwner // whose personal one it is
	Actor roster.Actor           // who asks
}

// MakeToken makes a token. text is what its holder sends; nothing keeps it, so only this
// answer has it. What it refuses is a roster.FieldErrors.
func (k *Desk) MakeToken(ctx context.Context, w TokenWish) (t credential.Token, text string, err error) {
	now := k.Now().UTC().Truncate(time.Second)
	t = credential.Token{
		Name: w.Name, Scope: w.Scope, Team: w.Team, MadeBy: w.Actor.Name,
		Made: now, Expires: now.AddDate(0, 0, max(0, min(w.Days, credential.MaxTokenDays+1))),
	}
	pick := TokensOf(t.Team)
	if t.Team == "" {
		if w.Owner == nil {
			return t, "", Forbidden("A personal token needs a person, and there is no sign-in here. Make a token in a team's settings instead.")
		}
		t.Owner, pick = w.Owner, OwnedBy(w.Owner.Subject)
	}
	if err := t.Validate(); err != nil {
		return t, "", err
	}
	text, err = k.issue(ctx, &t, "tokens", pick)
	return t, text, err
}

// FeedWish is a calendar feed that somebody asks for.
type FeedWish struct {
	Name  string
	Team  *roster.Team // whose it is; nil for a person's
	Feed  credential.Feed
	Actor roster.Actor // who asks
}

// MakeFeed makes the token of a feed. text is the secret in the feed's URL; nothing keeps it,
// so only this answer has it. What it refuses is a roster.FieldErrors.
func (k *Desk) MakeFeed(ctx context.Context, w FeedWish) (t credential.Token, text string, err error) {
	t = credential.Token{Name: w.Name, Feed: &w.Feed, MadeBy: w.Actor.Name, Made: k.Now().UTC()}
	if w.Team != nil {
		t.Team = w.Team.ID
		if w.Feed.Role != "" && !w.Team.HasRole(w.Feed.Role) {
			return t, "", roster.FieldErrors{{Field: "role", Err: said.New("the team has no such role")}}
		}
	}
	if err := t.Validate(); err != nil {
		return t, "", err
	}
	text, err = k.issue(ctx, &t, "calendar feeds", FeedsOf(t.Team, w.Feed.Person))
	return t, text, err
}

// FeedsOf picks the feeds of a team or, if team is "", of a person.
func FeedsOf(team roster.TeamID, person roster.PersonID) Pick {
	return func(t *credential.Token) bool { return t.FeedOf(team, person) }
}

// issue gives a valid token an id and a secret, and writes it. text is both, as the holder
// sends it. pick picks the tokens that share its limit; what names them, in the plural.
func (k *Desk) issue(ctx context.Context, t *credential.Token, what string, pick Pick) (text string, err error) {
	others, err := k.Tokens(ctx, pick)
	if err != nil {
		return "", err
	}
	if len(others) >= credential.MaxTokens {
		return "", roster.FieldErrors{{Err: said.New("there are already %d %s, including those that ended in the last 30 days; that is the limit", len(others), what)}}
	}
	// Not derived from an Idempotency-Key: a repeat cannot show the same secret again, so
	// it makes another token.
	if t.Revision, err = k.NewChangeID(); err != nil {
		return "", err
	}
	var random [32]byte
	if _, err := io.ReadFull(k.Random, random[:]); err != nil {
		return "", fmt.Errorf("random bytes: %w", err)
	}
	t.ID, text = credential.NewTokenText(t.Revision, random)
	_, secret, err := credential.ParseTokenText(text)
	if err != nil {
		return "", err
	}
	t.Hash = credential.HashSecret(secret)
	return text, k.Store.PutToken(ctx, *t, "")
}

// RevokeToken revokes a token, if pick picks it.
func (k *Desk) RevokeToken(ctx context.Context, id credential.TokenID, pick Pick, actor roster.Actor) error {
	t, err := k.Store.Token(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && !pick(&t) {
		return NotFound("There is no such token.")
	}
	if err != nil || !t.Revoked.IsZero() {
		return err
	}
	return k.changeToken(ctx, t, func(t *credential.Token) {
		if t.Revoked.IsZero() {
			t.Revoked, t.RevokedBy = k.Now().UTC(), actor.Name
		}
	})
}
