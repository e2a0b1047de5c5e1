package web

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// chatPlace is where a pattern has the handle.
const chatPlace = "{chat}"

// ChatLink leads to a person in the site's chat. The zero ChatLink leads nowhere.
type ChatLink struct {
	before, after string
	escape        func(string) string
}

var schemePattern = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)

// ParseChatLink reads a pattern such as https://chat.example.org/direct/{chat}; "" leads
// nowhere.
func ParseChatLink(pattern string) (ChatLink, error) {
	if pattern == "" {
		return ChatLink{}, nil
	}
	before, after, _ := strings.Cut(pattern, chatPlace)
	scheme, rest, _ := strings.Cut(before, ":")
	switch scheme = strings.ToLower(scheme); {
	case strings.Count(pattern, chatPlace) != 1:
		return ChatLink{}, fmt.Errorf("%q needs %s exactly once, where the handle of the person goes", pattern, chatPlace)
	case !strings.Contains(before, ":") || !schemePattern.MatchString(scheme):
		return ChatLink{}, fmt.Errorf("%q does not begin with a scheme (https: or slack: are two)", pattern)
	case slices.Contains([]string{"javascript", "data", "vbscript", "blob", "file", "about", "view-source"}, scheme):
		return ChatLink{}, fmt.Errorf("a link that begins with %s: is not safe", scheme)
	case strings.ContainsFunc(pattern, func(r rune) bool { return r <= ' ' || unicode.IsControl(r) || strings.ContainsRune("<>\"'`\\^|", r) }):
		return ChatLink{}, fmt.Errorf("%q has a character that a link cannot have", pattern)
	case strings.HasPrefix(rest, "//") && !strings.ContainsAny(rest[2:], "/?#"):
		return ChatLink{}, errors.New("the handle cannot stand in the name of the host")
	}
	if _, err := url.Parse(before + "ana" + after); err != nil {
		return ChatLink{}, err
	}
	escape := url.PathEscape
	if query := strings.IndexByte(before, '?'); query >= 0 && !strings.Contains(before, "#") {
		escape = url.QueryEscape
	}
	return ChatLink{before, after, escape}, nil
}

// To is the link to who has the handle; "" is none.
func (l ChatLink) To(handle string) string {
	if handle == "" || l.escape == nil {
		return ""
	}
	return l.before + l.escape(handle) + l.after
}
