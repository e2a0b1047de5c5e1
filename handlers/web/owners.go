package web

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"dailyroster/desk"
	"dailyroster/roster/credential"
	"dailyroster/signin"
)

// maxOwners is how many people's groups are remembered.
const maxOwners = 10_000

// owners remembers what people's identities were when their tokens were last updated.
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

// Seen keeps personal tokens to what their owners may do now: where somebody comes with
// another session than this process has seen, or as somebody of whom a proxy says something
// else or on another day, their tokens are changed, which nobody waits for.
func (s *Gate) Seen(i signin.Identity) {
	said := i.At.Format(time.RFC3339Nano)
	if i.At.IsZero() {
		i.At = s.Now().UTC()
		said = i.At.Format(time.DateOnly)
	}
	is := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %s", i.Subject, i.Name, i.Email, i.Groups, said))
	if s.owners.knows(i.Subject, is) {
		return
	}
	s.Desk.Note(fmt.Sprintf("owner %x", is), s.Now(), func(ctx context.Context) error {
		err := s.Desk.UpdateOwner(ctx, i.Subject, ownerOf(i))
		if err == nil {
			s.owners.learn(i.Subject, is)
		}
		return err
	})
}

func ownerOf(i signin.Identity) credential.TokenOwner {
	return credential.TokenOwner{Subject: i.Subject, Name: i.Name, Email: i.Email, Groups: i.Groups, Seen: i.At}
}

// OwnTokens picks the tokens of the caller; none, if nobody is known.
func OwnTokens(c *Caller) desk.Pick {
	if c.Person == nil {
		return func(*credential.Token) bool { return false }
	}
	return desk.OwnedBy(c.Person.Subject)
}

// OwnOrAll picks the tokens that the caller may revoke outside their teams: an admin may
// revoke every token, anyone else their own.
func OwnOrAll(c *Caller) desk.Pick {
	if c.IsAdmin() {
		return func(*credential.Token) bool { return true }
	}
	return OwnTokens(c)
}
