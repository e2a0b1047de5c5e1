package telling

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"slices"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// unsubscribeURL is the link by which whoever has the email gets no more of its kind (RFC 8058).
// Its secret is kept in the record, so that the notice is the same when it is sent again.
func (t *Teller) unsubscribeURL(r *notice.Record) (string, error) {
	if t.Site == "" {
		return "", nil
	}
	if r.Stop == "" {
		var random [16]byte
		if _, err := io.ReadFull(t.Random, random[:]); err != nil {
			return "", fmt.Errorf("random bytes: %w", err)
		}
		r.Stop = base64.RawURLEncoding.EncodeToString(random[:])
	}
	return fmt.Sprintf("%s%s/%s/%s/%s/%s", t.Site, notice.UnsubscribePath, r.Team, r.Day, r.ID, r.Stop), nil
}

// Subscription is what a link to get no more notices is about.
type Subscription struct {
	Kind roster.NoticeKind
	To   string // the email address
	// Ended: no more come already.
	Ended  bool
	record notice.Record
}

// Subscription finds what a link is about. One that is not known, or is older than
// notice.Memory days, is store.ErrNotFound.
func (t *Teller) Subscription(ctx context.Context, key notice.Key, secret string) (Subscription, error) {
	records, err := t.Store.NoticesAt(ctx, []notice.Key{key})
	if err != nil {
		return Subscription{}, err
	}
	r := records[0]
	if r.Revision == "" || r.Stop == "" || subtle.ConstantTimeCompare([]byte(r.Stop), []byte(secret)) != 1 {
		return Subscription{}, store.ErrNotFound
	}
	s := Subscription{Kind: r.Kind, To: r.To, record: r}
	if r.Channel == notice.ByEmail {
		person, err := t.Store.Person(ctx, r.Person)
		s.Ended = !person.Notices.ByEmail(r.Kind)
		return s, err
	}
	channel, err := t.Store.Channel(ctx, r.Channel)
	s.Ended = !channel.Wants(r.Kind)
	return s, err
}

// End ends it: its receiver gets no more notices of the kind by email.
func (t *Teller) End(ctx context.Context, s Subscription) error {
	if s.record.Channel == notice.ByEmail {
		return t.endOfPerson(ctx, s)
	}
	return t.change(ctx, s.record.Channel, func(c *notice.Channel) error {
		c.Kinds = slices.DeleteFunc(c.Kinds, func(k roster.NoticeKind) bool { return k == s.Kind })
		return nil
	})
}

func (t *Teller) endOfPerson(ctx context.Context, s Subscription) error {
	_, err := store.Again(ctx, func() (roster.Person, error) {
		person, err := t.Store.Person(ctx, s.record.Person)
		if err != nil || !person.Notices.ByEmail(s.Kind) {
			return person, err
		}
		basedOn := person.Revision
		person.Notices.NotByEmail = append(slices.Clone(person.Notices.NotByEmail), s.Kind)
		if person.Revision, err = t.newRevision(); err != nil {
			return person, err
		}
		return person, t.Store.PutPerson(ctx, person, basedOn)
	})
	return err
}
