// Package credential is what lets people and programs in, and what ends that: tokens with their
// secrets, the calendars that some of them open, and sign-outs.
package credential

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// Limits of tokens.
const (
	// MaxTokenDays is the longest life of a token.
	MaxTokenDays = 366
	// MaxTokens is the most tokens that a person or a team may have; those that ended less
	// than TokenMemory ago count too.
	MaxTokens = 50
	// TokenMemory is how long a token is listed after it ended.
	TokenMemory = 30 * 24 * time.Hour
)

// TokenID names a token and never changes. It is no secret.
type TokenID string

// Scope is what a token lets its holder do.
type Scope string

// The scopes. A token that may edit may also read; none may do what only an admin may.
const (
	ScopeRead Scope = "read" // everything that a signed-in person can read
	ScopeEdit Scope = "edit" // and edit the team's roster, or what its owner's teams are
	ScopeFeed Scope = "feed" // one calendar and nothing else, see Feed
)

// Feed is the calendar that a token of ScopeFeed opens: a person's shifts in all teams, or
// those of the token's team.
type Feed struct {
	Person roster.PersonID `json:"person,omitempty"` // "" for the team's
	Role   roster.RoleID   `json:"role,omitempty"`   // of the team; "" is all
}

// Token lets a program in, in the name of a person or of a team. What is kept here does
// not let anybody in: the secret is shown once and only its hash is kept.
type Token struct {
	ID    TokenID `json:"id"`
	Name  string  `json:"name"` // what it is for, as its history entries say
	Scope Scope   `json:"scope"`
	// Feed is the calendar that it opens, in the path of a URL and not as a header; nil for
	// every other scope. It lasts until it is revoked, as a calendar program asks nobody
	// for a new one.
	Feed *Feed `json:"feed,omitempty"`
	// Team is the team that it belongs to and may edit; "" for a personal one and for a
	// person's feed.
	Team roster.TeamID `json:"team,omitempty"`
	// Owner is the person whose token it is, as they were when they last signed in; nil
	// for a team's.
	Owner *TokenOwner `json:"owner,omitempty"`
	// Hash is the SHA-256 of the secret, in hexadecimal. A slow hash, as passwords need,
	// would protect nothing here: the secret is 256 random bits, which nobody can guess.
	Hash    string    `json:"hash"`
	MadeBy  string    `json:"madeBy"`
	Made    time.Time `json:"made"`
	Expires time.Time `json:"expires,omitzero"` // the zero time for a feed
	// Revoked is when it was revoked, RevokedBy who did; the zero time if it was not.
	Revoked   time.Time `json:"revoked,omitzero"`
	RevokedBy string    `json:"revokedBy,omitempty"`
	// LastUsed is when it was used last, give or take a few minutes.
	LastUsed time.Time       `json:"lastUsed,omitzero"`
	Revision roster.Revision `json:"revision"`
}

// TokenOwner is the person whose token it is, as the sign-in knows them.
type TokenOwner struct {
	Subject string   `json:"subject"`
	Name    string   `json:"name"`
	Email   string   `json:"email,omitempty"`
	Groups  []string `json:"groups,omitempty"`
	// Seen is when the sign-in said so last, give or take a day; the zero time for owners
	// from before that was kept.
	Seen time.Time `json:"seen,omitzero"`
}

// Validate checks the fields that people choose and tidies the name in place. What it
// returns is a roster.FieldErrors or nil.
func (t *Token) Validate() error {
	var errs roster.FieldErrors
	if name, err := roster.ParseName(t.Name); err != nil {
		errs.Add("name", err)
	} else {
		t.Name = name
	}
	if t.Feed != nil {
		t.Scope, t.Expires = ScopeFeed, time.Time{}
		return errs.Err()
	}
	if t.Scope != ScopeRead && t.Scope != ScopeEdit {
		errs.Add("scope", said.New("%q is not a scope; it is %s or %s", roster.Clip(string(t.Scope)), ScopeRead, ScopeEdit))
	}
	if lasts := t.Expires.Sub(t.Made); lasts <= 0 || lasts > MaxTokenDays*24*time.Hour {
		errs.Add("days", said.New("a token lasts 1 to %d days", MaxTokenDays))
	}
	return errs.Err()
}

// Live reports whether the token is valid at an instant.
func (t *Token) Live(at time.Time) bool {
	return t.Revoked.IsZero() && (t.Feed != nil || at.Before(t.Expires))
}

// OwnerSeen is when the sign-in last told of the owner: at the latest when they made the token.
func (t *Token) OwnerSeen() time.Time {
	if t.Owner != nil && t.Owner.Seen.After(t.Made) {
		return t.Owner.Seen
	}
	return t.Made
}

// Forgotten reports whether the token ended so long ago that it is no longer listed.
func (t *Token) Forgotten(at time.Time) bool {
	end := t.Expires
	if !t.Revoked.IsZero() && (end.IsZero() || t.Revoked.Before(end)) {
		end = t.Revoked
	}
	return !end.IsZero() && at.Sub(end) > TokenMemory
}

// FeedOf reports whether it opens a calendar of the team or, if one is named, the person.
func (t *Token) FeedOf(team roster.TeamID, person roster.PersonID) bool {
	return t.Feed != nil && t.Team == team && t.Feed.Person == person
}

// OwnedBy reports whether it is a personal token of the person with the subject.
func (t *Token) OwnedBy(subject string) bool { return t.Owner != nil && t.Owner.Subject == subject }

// Matches reports whether the secret is the token's. The time it takes reveals nothing.
func (t *Token) Matches(secret string) bool {
	return subtle.ConstantTimeCompare([]byte(t.Hash), []byte(HashSecret(secret))) == 1
}

// HashSecret is the hash of a token's secret, see Token.Hash.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// TokenPrefix is what every token's text begins with, so that scanners for leaked secrets
// recognise one.
const TokenPrefix = "roster_"

const (
	idLength     = 26 // of a ULID
	secretLength = 43 // of 32 bytes in base64url without padding
)

// NewTokenText makes a token's text: what its holder sends, with the id, the secret and
// between them an underscore.
func NewTokenText(id roster.ChangeID, random [32]byte) (TokenID, string) {
	name := strings.ToLower(string(id))
	return TokenID(name), TokenPrefix + name + "_" + base64.RawURLEncoding.EncodeToString(random[:])
}

// ParseTokenText takes a token's text apart.
func ParseTokenText(text string) (TokenID, string, error) {
	rest, ok := strings.CutPrefix(text, TokenPrefix)
	if !ok || len(rest) != idLength+1+secretLength || rest[idLength] != '_' {
		return "", "", said.New("not a token of this site")
	}
	id, err := ParseTokenID(rest[:idLength])
	return id, rest[idLength+1:], err
}

// ParseTokenID checks that s is the id of a token.
func ParseTokenID(s string) (TokenID, error) {
	if _, err := roster.ParseChangeID(s); err != nil || s != strings.ToLower(s) {
		return "", said.New("%q is not the id of a token", roster.Clip(s))
	}
	return TokenID(s), nil
}

// TokenActor is the roster.Actor.ID of a token, followed by that of its owner if it has one.
func TokenActor(t *Token) string {
	id := "token:" + string(t.ID) // of a fixed length: what an owner is called cannot feign one
	if t.Owner != nil {
		id += " " + roster.PersonActor(t.Owner.Subject)
	}
	return id
}
