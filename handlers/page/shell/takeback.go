package shell

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
)

// A save of settings, rotations, contact details or absences is no act of the roster's history.
// So that one click takes it back all the same, the browser keeps for a while what the save
// replaced. What comes back from there is input like any other.
const (
	beforeCookie = "roster_before"
	beforeTime   = 10 * time.Minute
	maxBefore    = 3500 // characters of the cookie; browsers keep 4,096 bytes with its name
	maxUnpacked  = 1 << 17
)

// before is what a save replaced.
type before struct {
	Of       string                     `json:"of"`       // the path of the team or person
	Revision roster.Revision            `json:"revision"` // that the save made
	Fields   map[string]json.RawMessage `json:"fields"`   // as they were; null was not there
}

// fieldsTakenBack are what a save may change and take back.
func fieldsTakenBack() []string {
	return []string{
		"name", "roles", "settings", "hours", "rates", "rotations", "holidays", "openEditing", "editors", "keepFilled", "agreeFirst",
		"email", "phone", "chat", "zone", "absences", "notices",
	}
}

// KeepBefore has the browser keep what a save replaced: was became is, which is of the path. What
// is too large for a cookie is not kept.
func (s *Shell) KeepBefore(w http.ResponseWriter, r *http.Request, of string, was, is any, revision roster.Revision) error {
	old, err := fieldsOf(was)
	if err != nil {
		return err
	}
	now, err := fieldsOf(is)
	if err != nil {
		return err
	}
	kept := before{of, revision, map[string]json.RawMessage{}}
	for _, name := range fieldsTakenBack() {
		if !bytes.Equal(old[name], now[name]) {
			kept.Fields[name] = old[name]
		}
	}
	value, err := kept.pack()
	if err != nil {
		return err
	}
	if len(kept.Fields) == 0 || len(value) > maxBefore {
		s.SetCookie(w, r, beforeCookie, "", -1)
		return nil
	}
	s.SetCookie(w, r, beforeCookie, value, beforeTime)
	return nil
}

// PutTeam saves a team that a form changed, as desk.PutTeam does, and keeps what it replaced.
func (s *Shell) PutTeam(w http.ResponseWriter, r *http.Request, was *roster.Team, is roster.Team, basedOn roster.Revision) error {
	made, err := s.Desk.PutTeam(r.Context(), is, basedOn)
	if err != nil {
		return err
	}
	return s.KeepBefore(w, r, views.TeamURL(was.ID), was, &made, made.Base())
}

// PutPerson is PutTeam for people.
func (s *Shell) PutPerson(w http.ResponseWriter, r *http.Request, was, is roster.Person, basedOn roster.Revision) error {
	made, err := s.Desk.PutPerson(r.Context(), is, basedOn)
	if err != nil {
		return err
	}
	return s.KeepBefore(w, r, views.PersonURL(was.ID), &was, &made, made.Revision)
}

// Saved says on a page that its form was saved, and offers to take that back if the browser kept
// what it replaced. of is the path of the team or person, which is at the revision.
func (s *Shell) Saved(r *http.Request, frame *views.Frame, says, of string, revision roster.Revision) {
	frame.Notice = says
	if kept, ok := beforeOf(r); ok && kept.Of == of && kept.Revision == revision {
		frame.TakeBack = of + "/take-back"
	}
}

// TakeBack is now, which is of the path and at the revision, as it was before the save that the
// browser kept.
func TakeBack[T any](r *http.Request, of string, revision roster.Revision, now T) (was T, err error) {
	kept, ok := beforeOf(r)
	if !ok || kept.Of != of || kept.Revision != revision {
		return was, desk.Refuse(desk.KindUndoBlocked, "This can no longer be undone here",
			"It was changed again since, or saved in another browser, or more than ten minutes ago.")
	}
	fields, err := fieldsOf(now)
	if err != nil {
		return was, err
	}
	for _, name := range fieldsTakenBack() {
		switch old, changed := kept.Fields[name]; {
		case !changed:
		case old == nil || string(old) == "null":
			delete(fields, name)
		default:
			fields[name] = old
		}
	}
	whole, err := json.Marshal(fields)
	if err != nil {
		return was, err
	}
	if json.Unmarshal(whole, &was) != nil {
		return was, web.BadRequest("the cookie %s cannot be read", beforeCookie)
	}
	return was, nil
}

// TookBack ends what the browser keeps, and sends it to the page on which it was offered; that is
// the home if to is no page of the site.
func (s *Shell) TookBack(w http.ResponseWriter, r *http.Request, to, home string) {
	s.SetCookie(w, r, beforeCookie, "", -1)
	if to != home && (len(to) <= len(home) || to[:len(home)+1] != home+"/") {
		to = home
	}
	http.Redirect(w, r, to+"?undone", http.StatusSeeOther)
}

// SetCookie sets a cookie for all of the site, which only the server reads. It lasts so long; a
// negative time ends it.
func (s *Shell) SetCookie(w http.ResponseWriter, r *http.Request, name, value string, lasts time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(lasts / time.Second), HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: SiteOf(r).Scheme == "https",
	})
}

func fieldsOf(v any) (fields map[string]json.RawMessage, err error) {
	whole, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return fields, json.Unmarshal(whole, &fields)
}

func (b before) pack() (string, error) {
	whole, err := json.Marshal(b)
	if err != nil {
		return "", err
	}
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		return "", err
	}
	if _, err := w.Write(whole); err != nil {
		return "", err
	}
	if err := w.Close(); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(packed.Bytes()), nil
}

// beforeOf is what the browser kept; ok is false if there is nothing, or nothing that can be read.
func beforeOf(r *http.Request) (kept before, ok bool) {
	c, err := r.Cookie(beforeCookie)
	if err != nil || len(c.Value) > maxBefore {
		return kept, false
	}
	packed, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return kept, false
	}
	whole, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), maxUnpacked))
	return kept, err == nil && json.Unmarshal(whole, &kept) == nil
}
