package drill

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Kind says what a request was for.
type Kind string

// What the load asks.
const (
	ReadPage   Kind = "page"    // the roster page of five weeks
	ReadRow    Kind = "row"     // a day's row
	ReadForm   Kind = "form"    // the row as a form, which a save on the page begins with
	ReadDay    Kind = "day"     // a day by the API, which a save by the API begins with
	ReadDays   Kind = "days"    // a week by the API
	ReadOnCall Kind = "oncall"  // who is on call on a day
	ReadReady  Kind = "ready"   // whether the site is ready
	SavePage   Kind = "save"    // PUT of the row's form
	PostPage   Kind = "post"    // POST of it, as by a browser without JavaScript
	SaveAPI    Kind = "put"     // PUT by the API
	ClearAPI   Kind = "clear"   // DELETE by the API
	ReadSettle Kind = "settled" // the days when all is over, by the API
)

// IsEdit tells what changes a day.
func (k Kind) IsEdit() bool {
	return k == SavePage || k == PostPage || k == SaveAPI || k == ClearAPI
}

// done is the status of its success: a browser that posts is sent back to the page.
func (k Kind) done() int {
	if k == PostPage {
		return http.StatusSeeOther
	}
	return http.StatusOK
}

// Day is what the load writes of a day: a name and a note. No two edits write the same
// note, but for the empty one of a cleared day.
type Day struct {
	Primary string `json:"primary,omitempty"`
	Note    string `json:"note,omitempty"`
}

// Seen is what an answer said of a day.
type Seen struct {
	Date string `json:"date"`
	Day
	// NoNote: the answer says nothing of the note, as that of who is on call.
	NoNote bool `json:"noNote,omitempty"`
}

// Event is a request and its answer. Times are from the start of the run on, by the
// monotonic clock.
type Event struct {
	Client   int           `json:"client"`
	Kind     Kind          `json:"kind"`
	Start    time.Duration `json:"start"`
	End      time.Duration `json:"end"`
	Status   int           `json:"status,omitempty"` // 0: there was no answer
	Error    string        `json:"error,omitempty"`  // why there was none, or what was wrong with it
	ServedBy string        `json:"servedBy,omitempty"`
	// Resent: the HTTP client sent the request a second time on another connection,
	// which it does on its own when the first one breaks before an answer.
	Resent     bool   `json:"resent,omitempty"`
	RetryAfter string `json:"retryAfter,omitempty"`
	// LastKnown: the answer says of itself that it may be out of date.
	LastKnown bool   `json:"lastKnown,omitempty"`
	Date      string `json:"date,omitempty"` // of an edit
	From      *Day   `json:"from,omitempty"` // of an edit: the day that it was based on
	To        *Day   `json:"to,omitempty"`   // of an edit: the day as it is to be
	Saw       []Seen `json:"saw,omitempty"`
}

// begunIn tells a request of the load that began in [from, to).
func (e *Event) begunIn(from, to time.Duration) bool {
	return e.Kind != ReadSettle && e.Start >= from && e.Start < to
}

// Took is how long the answer took.
func (e *Event) Took() time.Duration { return e.End - e.Start }

// Acknowledged tells an edit of which the site said that it is made. The status says so,
// whatever else was wrong with the answer: that is what browsers and programs go by.
func (e *Event) Acknowledged() bool { return e.Kind.IsEdit() && e.Status == e.Kind.done() }

// Refused tells an edit of which the site said that someone else's came first.
func (e *Event) Refused() bool {
	return e.Kind.IsEdit() && (e.Status == http.StatusConflict || e.Status == http.StatusPreconditionFailed)
}

// InDoubt tells an edit that may be made or not.
func (e *Event) InDoubt() bool { return e.Kind.IsEdit() && !e.Acknowledged() && !e.Refused() }

// Failed tells a request that did not get the answer which it would have got on a day
// without a fault. One that the HTTP client had to send twice counts: another client
// might not have.
func (e *Event) Failed() bool {
	return e.Error != "" || e.Resent || e.Status != e.Kind.done() && !e.Refused()
}

// Entry is a line of the site's own history of a team, as it is asked for at the end.
type Entry struct {
	ID       string `json:"id"`
	Date     string `json:"date"`
	Role     string `json:"role,omitempty"` // "": the entry is about the note
	NoteFrom string `json:"noteFrom,omitempty"`
	Note     string `json:"note,omitempty"`
	To       string `json:"to,omitempty"` // the name of who holds the role then
}

// History is all that is known of a run.
type History struct {
	Events []Event
	// Entries are the site's own history afterwards, oldest first.
	Entries []Entry
}

// Write puts a history into a file, a line for each event and entry.
func (h *History) Write(w io.Writer) error {
	buffered := bufio.NewWriter(w)
	encoder := json.NewEncoder(buffered)
	for i := range h.Events {
		if err := encoder.Encode(line{Event: &h.Events[i]}); err != nil {
			return err
		}
	}
	for i := range h.Entries {
		if err := encoder.Encode(line{Entry: &h.Entries[i]}); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

type line struct {
	Event *Event `json:"event,omitempty"`
	Entry *Entry `json:"entry,omitempty"`
}

// ReadHistory reads what Write wrote.
func ReadHistory(r io.Reader) (*History, error) {
	h := &History{}
	decoder := json.NewDecoder(r)
	for n := 1; ; n++ {
		var l line
		switch err := decoder.Decode(&l); {
		case errors.Is(err, io.EOF):
			return h, nil
		case err != nil:
			return nil, fmt.Errorf("line %d of the history: %w", n, err)
		case l.Event != nil:
			h.Events = append(h.Events, *l.Event)
		case l.Entry != nil:
			h.Entries = append(h.Entries, *l.Entry)
		default:
			return nil, fmt.Errorf("line %d of the history is neither event nor entry", n)
		}
	}
}
