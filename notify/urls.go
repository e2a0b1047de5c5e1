package notify

import (
	"net/url"
	"strings"
	"unicode"

	"dailyroster/words/said"
)

const maxURL = 2000 // bytes

// parseURL reads what somebody typed as a URL.
func parseURL(text string) (*url.URL, error) {
	switch {
	case text == "":
		return nil, said.New("it is empty")
	case len(text) > maxURL:
		return nil, said.New("it is longer than %d characters", maxURL)
	case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return nil, said.New("it has a space or a line break in it")
	}
	u, err := url.Parse(text)
	if err != nil {
		return nil, said.New("it is not a URL; write it like https://example.org/notices")
	}
	return u, nil
}

// CheckWebhookURL says what is wrong with the URL of a webhook, as far as that can be told without
// the network and without the settings. Webhooks.Check knows the settings too.
func CheckWebhookURL(text string) error {
	u, err := parseURL(text)
	switch {
	case err != nil:
		return err
	case u.Scheme != "https" && u.Scheme != "http":
		return said.New("the URL of a webhook begins with https://")
	case u.Hostname() == "":
		return said.New("it has no host; write it like https://example.org/notices")
	case u.User != nil:
		return said.New("it has a user name or password before the host; put a token in the path instead")
	case u.Fragment != "":
		return said.New("it has a part after #, which is never sent")
	}
	if _, err := hostName(u.Hostname()); err != nil {
		return said.New("%.100q is not the name of a host", u.Hostname())
	}
	return nil
}

// MaskURL is what people recognize a URL by, its scheme and host: users, paths and queries hold
// secrets.
func MaskURL(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return "…"
	}
	host := u.Host
	if s, ok := services()[scheme(u)]; ok && s.host != "" || host == "" {
		return u.Scheme + "://…" // what stands in the place of the host is a token, or a part of one
	}
	return u.Scheme + "://" + host + "/…"
}
