package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"dailyroster/intake/ical"
	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/views"
)

// maxUpload is the most bytes of a request that brings a calendar. Proxies before the
// program must let as much through.
const maxUpload = 1 << 20

// maxMergeTries is how often an upload is merged anew because somebody edited meanwhile.
const maxMergeTries = 5

// wholeBody reads a calendar that is a request's body.
func wholeBody(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(r.Body)
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); err == nil || tooLarge {
		return data, err
	}
	return nil, BadRequest("the body cannot be read")
}

// uploadForm reads a form that brings a file, or what was ticked in the preview of one;
// file is nil without one. A form whose file was not chosen is a roster.FieldErrors.
func uploadForm(r *http.Request) (file []byte, ticked []string, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		fields, err := parseForm(r)
		return nil, fields["take"], err
	}
	if err := r.ParseMultipartForm(maxUpload); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, nil, err
		}
		return nil, nil, BadRequest("the form cannot be read")
	}
	f, _, err := r.FormFile("file")
	if err != nil {
		return nil, nil, roster.FieldErrors{{Field: "file", Message: "Choose a file first."}}
	}
	defer f.Close()
	file, err = io.ReadAll(f)
	return file, nil, err
}

// uploadPage is a page that takes a calendar.
type uploadPage struct {
	preview func(file []byte) (*views.Preview, error)
	take    func(ticked []string) error
	show    func(status int, upload views.Upload) error
	done    string // where to go when something was taken
}

// answer answers the page's POST. With a file it is a preview of what is in it; with what
// was ticked there, this is taken: 303.
func (p uploadPage) answer(w http.ResponseWriter, r *http.Request) error {
	file, ticked, err := uploadForm(r)
	switch {
	case err == nil && file != nil:
		var upload views.Upload
		if upload.Preview, err = p.preview(file); err == nil {
			return p.show(http.StatusOK, upload)
		}
	case err == nil && len(ticked) == 0:
		err = roster.FieldErrors{{Field: "file", Message: "Nothing was ticked, so nothing was kept. Choose the file again."}}
	case err == nil:
		if err = p.take(ticked); err == nil {
			http.Redirect(w, r, p.done+"?saved", http.StatusSeeOther)
			return nil
		}
	}
	if refused, ok := errors.AsType[roster.FieldErrors](fileError(err)); ok {
		return p.show(http.StatusUnprocessableEntity, views.Upload{Errors: refused})
	}
	return err
}

// fileError makes what is wrong with a calendar a message at the field of the file.
func fileError(err error) error {
	if syntax, ok := errors.AsType[*ical.SyntaxError](err); ok {
		return roster.FieldErrors{{Field: "file", Message: syntax.Error()}}
	}
	return err
}

// atFile moves every message to the field of the file, from which all came.
func atFile(err error) error {
	refused, ok := errors.AsType[roster.FieldErrors](err)
	if !ok {
		return err
	}
	moved := make(roster.FieldErrors, len(refused))
	for i, e := range refused {
		moved[i] = roster.FieldError{Field: "file", Message: e.Message}
	}
	return moved
}

// tickedAs reads what was ticked in a preview, each as the preview wrote it.
func tickedAs[T any](ticked []string) ([]T, error) {
	list := make([]T, len(ticked))
	for i, text := range ticked {
		if json.Unmarshal([]byte(text), &list[i]) != nil {
			return nil, BadRequest("the form says something that the preview did not")
		}
	}
	return list, nil
}

// ticks are the values of a preview's boxes, which tickedAs reads.
func ticks[T any](list []T) ([]string, error) {
	values := make([]string, len(list))
	for i, v := range list {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		values[i] = string(text)
	}
	return values, nil
}

func viewRemarks(list []ical.Remark) []views.Remark {
	remarks := make([]views.Remark, len(list))
	for i, r := range list {
		remarks[i] = views.Remark{Line: r.Line, Event: r.Event, Says: roster.Sentence(r.Says)}
	}
	return remarks
}

// mergeTeam changes the team of the path, again if somebody else was faster.
func (s *Server) mergeTeam(r *http.Request, change func(*roster.Team) (roster.Team, error)) (roster.Team, error) {
	return merge(r.Context(), func() (roster.Team, error) {
		team, err := s.TeamOf(r)
		if err != nil {
			return roster.Team{}, err
		}
		changed, err := change(team)
		if err != nil {
			return changed, err
		}
		return s.PutTeam(r.Context(), changed, team.Revision)
	})
}

// mergePerson is to people what mergeTeam is to teams.
func (s *Server) mergePerson(r *http.Request, change func(*roster.Person) (roster.Person, error)) (roster.Person, error) {
	return merge(r.Context(), func() (roster.Person, error) {
		p, err := s.PersonOf(r)
		if err != nil {
			return p, err
		}
		changed, err := change(&p)
		if err != nil {
			return changed, err
		}
		return s.PutPerson(r.Context(), changed, p.Revision)
	})
}

func merge[T any](ctx context.Context, try func() (T, error)) (T, error) {
	for n := 1; ; n++ {
		done, err := try()
		_, conflict := errors.AsType[*store.ConflictError[T]](err)
		if !conflict || n == maxMergeTries || ctx.Err() != nil {
			return done, err
		}
	}
}
