package web

import (
	"net/http"
	"strings"

	"dailyroster/roster"
)

// FeedPrefix and FeedSuffix are around the secret in a feed's path.
const (
	FeedPrefix = "/feeds/"
	FeedSuffix = ".ics"
)

// AsOfHeader says, on an answer that the store could not give now, as of when it is.
const AsOfHeader = "X-Roster-As-Of"

// LogPath is the request's path as logs may have it: that of a calendar feed is a secret,
// and so is whatever looks like a token, wherever somebody put it.
func LogPath(r *http.Request) string {
	path, _, found := strings.Cut(r.URL.Path, roster.TokenPrefix)
	switch {
	case strings.HasPrefix(path, FeedPrefix):
		return FeedPrefix + "…"
	case found:
		return path + roster.TokenPrefix + "…"
	default:
		return path
	}
}
