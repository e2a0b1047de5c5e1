package slack

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"
	"strings"

	api "github.com/slack-go/slack"
)

// ErrForeign says that a slash command does not come from where it should, or is too old.
var ErrForeign = errors.New("the command has no valid signature or token")

// VerifySlack checks the signature of a slash command of Slack, which covers its body and a time
// that may be at most five minutes away. Without a secret nothing is valid.
func VerifySlack(signingSecret string, header http.Header, body []byte) error {
	verifier, err := api.NewSecretsVerifier(header, signingSecret)
	if err != nil {
		return ErrForeign // the reasons of the library would tell a stranger what to try next
	}
	if _, err := verifier.Write(body); err != nil {
		return ErrForeign
	}
	if verifier.Ensure() != nil {
		return ErrForeign
	}
	return nil
}

// VerifyMattermost checks the token of a slash command of Mattermost, which comes in its form or
// in a header. Each command there has a token of its own; tokens are those that are known.
func VerifyMattermost(tokens []string, header http.Header, form url.Values) error {
	sent := form.Get("token")
	if sent == "" {
		sent = strings.TrimPrefix(header.Get("Authorization"), "Token ")
	}
	digest, valid := sha256.Sum256([]byte(sent)), 0
	for _, token := range tokens {
		if token == "" {
			continue
		}
		each := sha256.Sum256([]byte(token))
		valid |= subtle.ConstantTimeCompare(digest[:], each[:])
	}
	if sent == "" || valid != 1 {
		return ErrForeign
	}
	return nil
}
