package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

const (
	maxBody   = 256 << 10 // bytes that a webhook carries
	maxAnswer = 64 << 10  // bytes of an answer that are read, so that its connection can be kept
	readTime  = time.Second
	userAgent = "DailyRoster"
)

// Webhooks sends messages as events that are signed as Standard Webhooks has it:
// https://www.standardwebhooks.com.
type Webhooks struct {
	guard  *Guard
	now    func() time.Time
	client *http.Client
}

// NewWebhooks makes a sender whose requests all go through the guard.
func NewWebhooks(guard *Guard, now func() time.Time) *Webhooks {
	return &Webhooks{guard: guard, now: now, client: &http.Client{
		Transport: guard.client,
		// A client makes a GET without a body of most redirected POSTs; Send follows by itself.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Check says what is wrong with a URL, as CheckWebhookURL does and by the settings of the guard.
func (w *Webhooks) Check(address string) error {
	if err := CheckWebhookURL(address); err != nil {
		return err
	}
	u, err := parseURL(address)
	if err != nil {
		return err
	}
	return w.guard.CheckURL(u)
}

// event is the body of a request.
type event struct {
	Type      string `json:"type"`
	Timestamp string `json:"timestamp"`
	Data      any    `json:"data"`
}

// Send sends a message to a URL once. nil means that the receiver has accepted it. The body is
// the same each time that a message is sent, its signature is not, as it covers the time.
func (w *Webhooks) Send(ctx context.Context, address, secret string, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	if err := w.Check(address); err != nil {
		return &PermanentError{reason: "the URL of the webhook: " + err.Error(), cause: err}
	}
	to, err := url.Parse(address)
	if err != nil {
		return &PermanentError{reason: "the URL of the webhook is not a URL"}
	}
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil || secret == "" {
		return &PermanentError{reason: "the secret of the webhook is not one; it begins with whsec_"}
	}
	body, err := json.Marshal(event{Type: m.Type, Timestamp: m.Due.UTC().Format(time.RFC3339), Data: m.Data})
	switch {
	case err != nil:
		return &PermanentError{reason: "the message cannot be written as JSON", cause: err}
	case len(body) > maxBody:
		return &PermanentError{reason: fmt.Sprintf("the message has more than %d kB", maxBody>>10)}
	}
	header, err := w.sign(signer, "msg_"+m.ID, body)
	if err != nil {
		return err
	}
	for range maxRedirects + 1 {
		next, err := w.post(ctx, to, header, body)
		if err != nil || next == nil {
			return err
		}
		to = next
	}
	return &attemptError{reason: to.Host + ": it redirects too often"}
}

// sign makes the headers of a request.
func (w *Webhooks) sign(signer *standardwebhooks.Webhook, id string, body []byte) (http.Header, error) {
	now := w.now()
	signature, err := signer.Sign(id, now, body)
	if err != nil {
		return nil, &PermanentError{reason: "the message cannot be signed", cause: err}
	}
	header := http.Header{}
	header.Set("Content-Type", "application/json")
	header.Set("User-Agent", userAgent)
	header.Set(standardwebhooks.HeaderWebhookID, id)
	header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return header, nil
}

// post asks one server. It gives the URL where the message has to go instead, or nil where it
// has arrived.
func (w *Webhooks) post(ctx context.Context, to *url.URL, header http.Header, body []byte) (*url.URL, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, &PermanentError{reason: "the URL of the webhook is not a URL"}
	}
	r.Header = header
	answer, err := w.client.Do(r)
	if err != nil {
		return nil, unreachable(to.Host, err)
	}
	defer func() { _ = answer.Body.Close() }()
	// What it says does not matter, nor whether it ends.
	slow := time.AfterFunc(readTime, func() { _ = answer.Body.Close() })
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer)
	slow.Stop()
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		next, err := answer.Location()
		if err == nil && (next.Hostname() == "" || next.User != nil) {
			err = errors.New("to something that is no URL")
		}
		if err == nil {
			err = w.guard.CheckURL(next)
		}
		if err != nil {
			return nil, &attemptError{reason: fmt.Sprintf("%s redirects elsewhere: %s", to.Host, withoutURL(err)), cause: err}
		}
		return next, nil
	}
	return nil, statusError(to.Host, answer.StatusCode, answer.Header, w.now())
}
