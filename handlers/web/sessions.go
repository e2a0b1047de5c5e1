package web

import (
	"context"
	"sync"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/signin"
)

const (
	// signOutsEvery is how often the store is asked whether somebody has been signed out: so
	// long may a session go on at another instance.
	signOutsEvery = time.Minute
	// signOutsAgain is when it is asked again after it has not answered.
	signOutsAgain = 5 * time.Second
	// signOutsTime bounds what a request waits for that.
	signOutsTime = time.Second
)

// signOuts remembers until when whose sessions are over.
type signOuts struct {
	mu sync.Mutex
	of map[[2]string]*signedOut // by subject and email
}

type signedOut struct {
	mu     sync.Mutex // is held while the store is asked
	before time.Time
	next   time.Time // when the store is asked again
}

func (s *signOuts) entry(i signin.Identity) *signedOut {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := [2]string{i.Subject, i.Email}
	if s.of[key] == nil {
		if len(s.of) >= maxOwners {
			clear(s.of)
		}
		s.of[key] = &signedOut{}
	}
	return s.of[key]
}

func (s *signOuts) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.of)
}

// sessionOver reports whether the person of a session has been signed out since it began.
// While the store does not answer, what it said last holds: nobody is kept from reading what
// is remembered, and nothing can be edited. What a proxy says is of now, and never over.
func (s *Gate) sessionOver(ctx context.Context, i signin.Identity) bool {
	if i.At.IsZero() {
		return false
	}
	e := s.signOuts.entry(i)
	e.mu.Lock()
	defer e.mu.Unlock()
	if now := s.Now(); !now.Before(e.next) {
		ids := []credential.SignOutID{credential.SubjectSignOut(i.Subject)}
		if i.Email != "" {
			ids = append(ids, credential.EmailSignOut(i.Email))
		}
		ctx, cancel := context.WithTimeout(ctx, signOutsTime)
		defer cancel()
		if before, err := s.Desk.SignedOut(ctx, ids...); err != nil {
			e.next = now.Add(signOutsAgain)
		} else {
			e.before, e.next = before, now.Add(signOutsEvery)
		}
	}
	return !i.At.After(e.before)
}

// SignOutEverywhere ends the sessions that somebody has now: here at once, and within
// signOutsEvery at other instances.
func (s *Gate) SignOutEverywhere(ctx context.Context, id credential.SignOutID, by roster.Actor) error {
	if err := s.Desk.SignOutEverywhere(ctx, id, by); err != nil {
		return err
	}
	s.signOuts.forget()
	s.Log.Info("signed out everywhere", "who", string(id), "by", by.ID)
	return nil
}
