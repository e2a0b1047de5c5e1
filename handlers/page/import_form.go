package page

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/intake"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words/said"
)

// importForm is an import from a form, and what its preview showed.
type importForm struct {
	*desk.Import
	remarks []views.Remark
	seen    map[string]string // for each month of the preview, see roster.Seen
	shownAs string            // how the preview read the tables, see Import.Reads
}

// importFields reads the form, with or without a file. A file replaces the field text.
func importFields(r *http.Request) (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return web.ParseForm(r)
	}
	if err := r.ParseMultipartForm(web.MaxUpload); err != nil {
		if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
			return nil, err
		}
		return nil, web.BadRequest("the form cannot be read")
	}
	fields := url.Values(r.MultipartForm.Value)
	if f, _, err := r.FormFile("file"); err == nil {
		defer f.Close()
		data, err := io.ReadAll(f)
		if err != nil {
			return nil, web.BadRequest("the file cannot be read")
		}
		if len(data) > 0 {
			fields.Set("text", string(data))
		}
	}
	return fields, nil
}

// importSent reads a roster that was pasted or uploaded, or fetches it from its URL. What it
// refuses is a roster.FieldErrors.
func (s *Site) importSent(ctx context.Context, team *roster.Team, names roster.Names, fields url.Values) (*importForm, error) {
	data, field := []byte(fields.Get("text")), "text"
	var err error
	if address := strings.TrimSpace(fields.Get("url")); address != "" && strings.TrimSpace(string(data)) == "" {
		field = "url"
		data, err = s.Pages.Page(ctx, address)
	}
	var in *desk.Import
	if err == nil {
		in, err = s.Desk.ReadImport(data, team, names)
	}
	if err != nil {
		return nil, roster.FieldErrors{{Field: field, Err: said.Sentence(err)}}
	}
	in.Group, err = s.Desk.NewChangeID()
	return &importForm{Import: in, remarks: viewRemarks(in.Remarks)}, err
}

// importAgain reads the form of a preview. Values that no preview writes are a 400.
func importAgain(fields url.Values, team *roster.Team, names roster.Names) (*importForm, error) {
	in := &importForm{Import: &desk.Import{Past: fields.Get("past") != "", Whom: intake.Whom{}}, shownAs: fields.Get("reads")}
	bad := web.BadRequest("the form does not match the preview")
	if json.Unmarshal([]byte(fields.Get("tables")), &in.Tables) != nil || json.Unmarshal([]byte(fields.Get("seen")), &in.seen) != nil {
		return nil, bad
	}
	if text := fields.Get("remarks"); text != "" && json.Unmarshal([]byte(text), &in.remarks) != nil {
		return nil, bad
	}
	var err error
	if in.Group, err = roster.ParseChangeID(fields.Get("group")); err != nil {
		return nil, web.BadRequest("group: %v", err)
	}
	shown, err1 := strconv.Atoi(fields.Get("shown"))
	wanted, err2 := strconv.Atoi(fields.Get("table"))
	if err1 != nil || err2 != nil || min(shown, wanted) < 0 || max(shown, wanted) >= len(in.Tables) || len(in.Tables) > intake.MaxTables {
		return nil, bad
	}
	for _, t := range in.Tables {
		if t.Valid() != nil || len(t.Rows) == 0 {
			return nil, bad
		}
	}
	if in.Reason, err = roster.ParseReason(fields.Get(roster.ReasonField)); err != nil {
		return nil, web.BadRequest("%v", err)
	}
	for i := 0; fields.Has("name-" + strconv.Itoa(i)); i++ {
		if id := fields.Get("whom-" + strconv.Itoa(i)); id != "" {
			in.Whom[fields.Get("name-"+strconv.Itoa(i))] = roster.PersonID(id)
		}
	}
	if in.Table = wanted; shown != wanted {
		in.Mapping, _ = intake.Guess(in.Tables[wanted], team, names)
		return in, nil
	}
	for i := range in.Tables[wanted].Rows[0] {
		in.Mapping.Columns = append(in.Mapping.Columns, intake.Use(fields.Get("column-"+strconv.Itoa(i))))
	}
	if in.Mapping.Heading, err = strconv.Atoi(fields.Get("heading")); err != nil {
		in.Mapping.Heading = -1 // which Validate refuses
	}
	in.Mapping.Order, in.Mapping.Ends, in.Mapping.Lasts = intake.Order(fields.Get("order")), intake.Ends(fields.Get("ends")), intake.Lasts(fields.Get("lasts"))
	return in, nil
}

// checkWhom refuses people who do not exist.
func (in *importForm) checkWhom(names roster.Names) error {
	for _, id := range in.Whom {
		if p, known := names.Person(id); id != intake.Nobody && (!known || p.Removed) {
			return web.BadRequest("there is no person with the id %q", id)
		}
	}
	return nil
}
