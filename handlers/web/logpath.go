package web

import (
	"net/http"
	"strings"

	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
)

// FeedPrefix and FeedSuffix are around the secret in a feed's path.
const (
	FeedPrefix = "/feeds/"
	FeedSuffix = ".ics"
)

// AsOfHeader is the header of an answer from remembered data: it says from when the data is.
const AsOfHeader = "X-Roster-As-Of"

// LogPath is the request's path as logs may show it. The path of a calendar feed is a secret,
// and so are that of a link to get no more notices, and anything that looks like a token.
func LogPath(r *http.Request) string {
	path, _, found := strings.Cut(r.URL.Path, credential.TokenPrefix)
	switch {
	case strings.HasPrefix(path, FeedPrefix):
		return FeedPrefix + "…"
	case strings.HasPrefix(path, notice.UnsubscribePath+"/"):
		return notice.UnsubscribePath + "/…"
	case found:
		return path + credential.TokenPrefix + "…"
	default:
		return path
	}
}
