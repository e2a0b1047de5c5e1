package web

import (
	"net/http"
	"strings"

	"dailyroster/roster/credential"
)

// FeedPrefix and FeedSuffix are around the secret in a feed's path.
const (
	FeedPrefix = "/feeds/"
	FeedSuffix = ".ics"
)

// AsOfHeader is the header of an answer from remembered data: it says from when the data is.
const AsOfHeader = "X-Roster-As-Of"

// LogPath is the request's path as logs may show it. The path of a calendar feed is a secret,
// and so is anything that looks like a token.
func LogPath(r *http.Request) string {
	path, _, found := strings.Cut(r.URL.Path, credential.TokenPrefix)
	switch {
	case strings.HasPrefix(path, FeedPrefix):
		return FeedPrefix + "…"
	case found:
		return path + credential.TokenPrefix + "…"
	default:
		return path
	}
}
