package web

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"dailyroster/desk"
)

const (
	// MaxSearch is the most characters that somebody can search for.
	MaxSearch = 100
	// MaxFound is the most that a search finds.
	MaxFound = 100
	// DefaultFound is how many it finds if the query does not say.
	DefaultFound = 20
	// MaxListed is the most teams or people of one part of a list.
	MaxListed = 100
)

// QuerySearch is the text that ?q= asks for, "" if none.
func QuerySearch(q url.Values) (string, error) {
	text := q.Get("q")
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > MaxSearch {
		return "", BadRequest("q: search for a text of at most %d characters", MaxSearch)
	}
	return strings.TrimSpace(text), nil
}

// QueryFound is how many ?limit= asks a search to find.
func QueryFound(q url.Values) (int, error) { return queryNumber(q, "limit", DefaultFound, MaxFound) }

// QueryListing is the part of a list that ?q=, ?limit= and ?cursor= ask for; without a limit
// or a cursor, fallback has how many it is, 0 for all.
func QueryListing(q url.Values, fallback int) (asked desk.Listing, err error) {
	if asked.Search, err = QuerySearch(q); err != nil {
		return asked, err
	}
	if asked.After = q.Get("cursor"); asked.After != "" {
		fallback = MaxListed
	}
	asked.Limit, err = queryNumber(q, "limit", fallback, MaxListed)
	return asked, err
}
