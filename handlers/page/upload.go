package page

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"dailyroster/handlers/web"
	"dailyroster/intake/ical"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words/said"
)

// uploadForm reads a form that sends a file, or what was ticked in the preview of one; file is
// nil without a file. If no file was chosen, the error is a roster.FieldErrors.
func uploadForm(r *http.Request) (file []byte, ticked []string, err error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		fields, err := web.ParseForm(r)
		return nil, fields["take"], err
	}
	if err := r.ParseMultipartForm(web.MaxUpload); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, nil, err
		}
		return nil, nil, web.BadRequest("the form cannot be read")
	}
	f, _, err := r.FormFile("file")
	if err != nil {
		return nil, nil, roster.FieldErrors{{Field: "file", Err: said.Whole("Choose a file first.")}}
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
	done    string // where to go after something was saved
}

// answer answers the page's POST. With a file, it shows a preview; with what was ticked there,
// it saves that: 303.
func (p uploadPage) answer(w http.ResponseWriter, r *http.Request) error {
	file, ticked, err := uploadForm(r)
	switch {
	case err == nil && file != nil:
		var upload views.Upload
		if upload.Preview, err = p.preview(file); err == nil {
			return p.show(http.StatusOK, upload)
		}
	case err == nil && len(ticked) == 0:
		err = roster.FieldErrors{{Field: "file", Err: said.New("Nothing was ticked, so nothing was kept. Choose the file again.")}}
	case err == nil:
		if err = p.take(ticked); err == nil {
			http.Redirect(w, r, p.done+"?saved", http.StatusSeeOther)
			return nil
		}
	}
	if refused, ok := errors.AsType[roster.FieldErrors](err); ok {
		return p.show(http.StatusUnprocessableEntity, views.Upload{Errors: refused})
	}
	return err
}

// tickedAs reads the values that were ticked in a preview.
func tickedAs[T any](ticked []string) ([]T, error) {
	list := make([]T, len(ticked))
	for i, text := range ticked {
		if json.Unmarshal([]byte(text), &list[i]) != nil {
			return nil, web.BadRequest("the form does not match the preview")
		}
	}
	return list, nil
}

// ticks returns the values of a preview's boxes, which tickedAs reads.
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

// preview shows what was read from a file: a row for each item, as rowOf says it, with the
// value of its box.
func preview[T any](came ical.Reading[T], rowOf func(T) views.PreviewRow) (*views.Preview, error) {
	values, err := ticks(came.Taken)
	if err != nil {
		return nil, err
	}
	shown := &views.Preview{Remarks: viewRemarks(came.Remarks), Outside: came.Outside}
	for i, item := range came.Taken {
		row := rowOf(item)
		row.Value = values[i]
		shown.Rows = append(shown.Rows, row)
	}
	return shown, nil
}

func viewRemarks(list []ical.Remark) []views.Remark {
	remarks := make([]views.Remark, len(list))
	for i, r := range list {
		remarks[i] = views.Remark{Line: r.Line, Event: r.Event, Says: r.Says}
	}
	return remarks
}
