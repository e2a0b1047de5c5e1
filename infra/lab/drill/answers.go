package drill

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html"
)

// What the load looks at in the answers: the role whose holder it sets, by its name on
// the page and its id, and the note, whose cell has a class instead of a name.
const (
	roleLabel = "Primary"
	roleID    = "primary"
	noteLabel = "Note"
	noteID    = "note"
)

// The load edits days of a fixed month, which is past by now: that takes a reason.
const (
	whyID = "why"
	why   = "drill"
)

// form is a day's row as a form.
type form struct {
	Day
	revision, change string
}

// row is a day's row of the page; form is nil when it is shown as text.
type row struct {
	Seen
	form *form
}

// parseRows finds every day's row in a page or fragment.
func parseRows(page []byte) ([]row, error) {
	var (
		rows  []row
		now   *row
		label string
		seats int  // cells of the row so far that hold a role, the most important first
		aside bool // within what stands beside the name, or in its place
	)
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if err := tokens.Err(); !errors.Is(err, io.EOF) {
				return nil, err
			}
			return rows, nil
		case html.StartTagToken, html.SelfClosingTagToken:
			tag, attributes := startTag(tokens)
			switch {
			case tag == "tr":
				now, label, seats = nil, "", 0
				if date, ok := strings.CutPrefix(attributes["id"], "day-"); ok {
					rows = append(rows, row{Seen: Seen{Date: date}})
					now = &rows[len(rows)-1]
				}
			case tag == "td":
				label, aside = "", false
				switch class, _, _ := strings.Cut(attributes["class"], " "); class {
				case "seat":
					seats++
					if seats == 1 {
						label = roleLabel
					}
				case "note":
					label = noteLabel
				}
			case tag == "span":
				switch class, _, _ := strings.Cut(attributes["class"], " "); class {
				case "gap", "length", "mark", "off":
					aside = true
				}
			case tag == "input" && now != nil:
				now.input(attributes["name"], attributes["value"])
			}
		case html.TextToken:
			if now != nil && now.form == nil && !aside {
				now.text(label, string(tokens.Text()))
			}
		case html.EndTagToken:
			switch tag, _ := tokens.TagName(); string(tag) {
			case "td":
				label = ""
			case "span":
				aside = false
			case "tr":
				now = nil
			}
		case html.CommentToken, html.DoctypeToken:
		}
	}
}

func startTag(tokens *html.Tokenizer) (tag string, attributes map[string]string) {
	name, more := tokens.TagName()
	tag = string(name)
	for more {
		var key, value []byte
		key, value, more = tokens.TagAttr()
		if attributes == nil {
			attributes = map[string]string{}
		}
		attributes[string(key)] = string(value)
	}
	return tag, attributes
}

func (r *row) text(label, text string) {
	switch text = strings.TrimSpace(text); label {
	case roleLabel:
		r.Primary += text
	case noteLabel:
		r.Note += text
	}
}

// input takes in a field of the row's form. The form of an Undo has the same names; the
// load never asks for one.
func (r *row) input(name, value string) {
	if r.form == nil {
		r.form = &form{}
	}
	switch name {
	case roleID:
		r.form.Primary, r.Primary = value, value
	case noteID:
		r.form.Note, r.Note = value, value
	case "revision":
		r.form.revision = value
	case "change":
		r.form.change = value
	}
}

// parseForm is the form in a fragment that is one.
func parseForm(fragment []byte) (*form, error) {
	rows, err := parseRows(fragment)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 || rows[0].form == nil || rows[0].form.change == "" {
		return nil, errors.New("the answer is not a row with a form")
	}
	return rows[0].form, nil
}

// person is a person as the API names one.
type person struct {
	Name string `json:"name"`
}

func (p *person) name() string {
	if p == nil {
		return ""
	}
	return p.Name
}

// dayJSON is a day as the API gives it.
type dayJSON struct {
	Date        string             `json:"date"`
	Assignments map[string]*person `json:"assignments"`
	Note        string             `json:"note"`
	Revision    string             `json:"revision"`
}

func (d *dayJSON) seen() Seen {
	return Seen{Date: d.Date, Day: Day{d.Assignments[roleID].name(), d.Note}}
}

func parseDay(body []byte) (dayJSON, error) {
	var d dayJSON
	if err := json.Unmarshal(body, &d); err != nil {
		return d, err
	}
	if d.Date == "" || d.Assignments == nil {
		return d, errors.New("the answer is not a day")
	}
	return d, nil
}

func parseDays(body []byte) ([]dayJSON, error) {
	var answer struct {
		Days []dayJSON `json:"days"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	if len(answer.Days) == 0 {
		return nil, errors.New("the answer has no days")
	}
	return answer.Days, nil
}

func parseOnCall(body []byte) (Seen, error) {
	var answer struct {
		Roles []struct {
			Role struct {
				ID string `json:"id"`
			} `json:"role"`
			Person *person `json:"person"`
			Date   string  `json:"date"`
		} `json:"roles"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return Seen{}, err
	}
	for _, r := range answer.Roles {
		if r.Role.ID == roleID {
			return Seen{Date: r.Date, Day: Day{Primary: r.Person.name()}, NoNote: true}, nil
		}
	}
	return Seen{}, fmt.Errorf("the answer says nothing of %s", roleID)
}

// parseChanges reads a page of the site's history, newest first.
func parseChanges(body []byte) (entries []Entry, next string, err error) {
	var answer struct {
		Changes []struct {
			ID       string  `json:"id"`
			Date     string  `json:"date"`
			Role     *string `json:"role"`
			To       *person `json:"to"`
			NoteFrom string  `json:"noteFrom"`
			Note     string  `json:"note"`
		} `json:"changes"`
		Next *string `json:"next"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, "", err
	}
	for _, c := range answer.Changes {
		e := Entry{ID: c.ID, Date: c.Date, NoteFrom: c.NoteFrom, Note: c.Note, To: c.To.name()}
		if c.Role != nil {
			e.Role = *c.Role
		}
		entries = append(entries, e)
	}
	if answer.Next != nil {
		next = *answer.Next
	}
	return entries, next, nil
}
