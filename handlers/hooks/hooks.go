// Package hooks answers chats: somebody types a command there, and the chat asks this site.
package hooks

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/notify/slack"
	"dailyroster/store"
)

// Secrets prove that a command comes from a chat. A chat without one is answered 404.
type Secrets struct {
	Slack      string   // the signing secret of the app
	Mattermost []string // the tokens of the commands
}

// Site answers commands.
type Site struct {
	*web.Gate
	Secrets Secrets
}

// Routes are the routes of commands. The signature or the token lets the caller in.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Post("/hooks/slack/oncall", web.Open, s.slackOnCall),
		web.Post("/hooks/mattermost/oncall", web.Open, s.mattermostOnCall),
	}
}

// slackOnCall answers POST /hooks/slack/oncall: the command /oncall of Slack.
func (s *Site) slackOnCall(w http.ResponseWriter, r *http.Request) error {
	return s.command(w, r, s.Secrets.Slack != "", slackMarkup, func(body []byte, _ url.Values) error {
		return slack.VerifySlack(s.Secrets.Slack, r.Header, body)
	})
}

// mattermostOnCall answers POST /hooks/mattermost/oncall: the command /oncall of Mattermost.
func (s *Site) mattermostOnCall(w http.ResponseWriter, r *http.Request) error {
	return s.command(w, r, len(s.Secrets.Mattermost) > 0, mattermostMarkup, func(_ []byte, form url.Values) error {
		return slack.VerifyMattermost(s.Secrets.Mattermost, r.Header, form)
	})
}

// reply is what both chats take. Only who typed the command sees it.
type reply struct {
	Type string `json:"response_type"`
	Text string `json:"text"`
}

// command answers a command whose sender verify believes. What people type wrong is answered
// in words: of any other status the chat would say only that the command failed.
func (s *Site) command(w http.ResponseWriter, r *http.Request, configured bool, escape func(string) string, verify func([]byte, url.Values) error) error {
	if !configured {
		return desk.NotFound("There is no such page.")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return web.BadRequest("the body is not a form")
	}
	if verify(body, form) != nil {
		if err := s.LimitAttempt(r); err != nil {
			return err
		}
		return desk.Refuse(desk.KindBadToken, "Not from the chat", "The command has no valid signature or token, or is older than five minutes.")
	}
	text, err := s.onCall(r.Context(), form.Get("text"))
	if errors.Is(err, store.ErrUnavailable) && r.Context().Err() == nil || errors.Is(err, context.DeadlineExceeded) {
		text, err = sentence("The roster cannot be read right now. Ask again in a moment."), nil
	}
	if err != nil {
		return err
	}
	answer, err := json.Marshal(reply{"ephemeral", text.in(escape)})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(answer, '\n'))
	return nil
}
