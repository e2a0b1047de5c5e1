package page

import (
	"context"
	"errors"
	"net/http"

	"dailyroster/handlers/export"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// contacts tell how the reader reaches people. While the store does not say whom the reader may
// know, it is nobody.
func (s *Site) contacts(ctx context.Context, names roster.Names) (views.Contacts, error) {
	reach, err := s.Reach(ctx)
	if err != nil && !errors.Is(err, store.ErrUnavailable) {
		return nil, err
	}
	return func(id roster.PersonID) views.Contact {
		p, known := names.Person(id)
		if !known {
			return views.Contact{}
		}
		return s.contact(reach.Shown(p))
	}, nil
}

// contact is how a person is reached whom the reader sees so.
func (s *Site) contact(p roster.Person) views.Contact {
	return views.Contact{Name: p.Name, Dial: p.Dials(), Mail: p.Email, Chat: s.ChatLink.To(p.Chat)}
}

// personCard answers GET /people/{person}/contact.vcf: the person for an address book.
func (s *Site) personCard(w http.ResponseWriter, r *http.Request) error {
	p, err := s.PersonOf(r)
	if err != nil {
		return err
	}
	reach, err := s.Reach(r.Context())
	if err != nil {
		return err
	}
	return export.AnswerCards(w, string(p.ID), s.ChatLink, []export.Card{{Person: reach.Shown(p)}})
}
