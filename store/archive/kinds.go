package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
)

// kind is one of the things that a store keeps: how all of it is read, and how a line is
// understood. Everything that a store keeps has an entry in kinds.
type kind struct {
	name, plural string
	scan         func(ctx context.Context, s store.Store, yield func(item) error) error
	parse        func(data []byte) (item, error)
	// younger: exports from before there was the kind do not count it, and neither does one
	// without any, so that programs from before read that.
	younger bool
}

// item is one line's worth of a kind.
type item struct {
	kind   *kind
	id     string         // unique among its kind
	value  any            // as it stands in the line
	put    putter         // writes it into a store; what is there already is a success
	within map[string]int // what else is counted in it
	// alone is the value without what depends on other items.
	alone func() any
}

// name is what people call it.
func (it item) name() string { return it.kind.name + " " + it.id }

type putter func(ctx context.Context, s store.Store) error

// kinds are in the order of the lines.
func kinds() []*kind {
	return []*kind{
		entities("person", "people", store.Store.People, store.Store.PutPerson,
			func(p roster.Person) string { return string(p.ID) }, checked(roster.ParsePersonID)),
		entities("team", "teams", store.Store.Teams, store.Store.PutTeam,
			func(t roster.Team) string { return string(t.ID) }, checked(roster.ParseTeamID)),
		entities("token", "tokens", store.Store.Tokens, store.Store.PutToken,
			func(t credential.Token) string { return string(t.ID) }, checked(credential.ParseTokenID)),
		since(entities("signout", "signouts", store.Store.SignOuts, store.Store.PutSignOut,
			func(o credential.SignOut) string { return string(o.ID) }, checked(credential.ParseSignOutID))),
		since(channels()),
		since(notices()),
		months(),
	}
}

// since is a kind that came after the others.
func since(k *kind) *kind {
	k.younger = true
	return k
}

func kindNamed(name string) *kind {
	for _, k := range kinds() {
		if k.name == name {
			return k
		}
	}
	return nil
}

// entities is the kind of what is kept as a value with a revision: its Put creates it, or
// finds it at that revision already.
func entities[T any](
	name, plural string,
	list func(store.Store, context.Context) ([]T, error),
	put func(store.Store, context.Context, T, roster.Revision) error,
	id func(T) string,
	check func(id string) error,
) *kind {
	k := &kind{name: name, plural: plural}
	itemOf := func(v T) item {
		return item{kind: k, id: id(v), value: v, alone: func() any { return v }, put: func(ctx context.Context, s store.Store) error {
			err := put(s, ctx, v, "")
			if _, another := errors.AsType[*store.ConflictError[T]](err); another {
				return store.Invalid("there is a different %s %s already", name, id(v))
			}
			return err
		}}
	}
	k.scan = func(ctx context.Context, s store.Store, yield func(item) error) error {
		all, err := list(s, ctx)
		if err != nil {
			return err
		}
		for _, v := range all {
			if err := yield(itemOf(v)); err != nil {
				return err
			}
		}
		return nil
	}
	k.parse = func(data []byte) (item, error) {
		var v T
		if err := strictly(data, &v); err != nil {
			return item{}, err
		}
		return itemOf(v), check(id(v))
	}
	return k
}

// checked is an id's parser as a check.
func checked[ID ~string](parse func(string) (ID, error)) func(string) error {
	return func(id string) error {
		_, err := parse(id)
		return err
	}
}

// monthLine is a store.MonthRecord as it stands in a line.
type monthLine struct {
	Team    roster.TeamID `json:"team"`
	Month   string        `json:"month"`
	Version int64         `json:"version"`
	Days    []dayLine     `json:"days"`
	Changes []changeLine  `json:"changes"`
}

type dayLine struct {
	Date        roster.Date                       `json:"date"`
	Assignments map[roster.RoleID]roster.PersonID `json:"assignments,omitempty"`
	Note        string                            `json:"note,omitempty"`
	Revision    roster.Revision                   `json:"revision"`
}

type changeLine struct {
	Number int64         `json:"number"`
	Change roster.Change `json:"change"`
}

const monthKind = "month"

// months is the kind of what a store keeps by months: days and history.
func months() *kind {
	k := &kind{name: monthKind, plural: "months"}
	itemOf := func(m store.MonthRecord, line monthLine) item {
		return item{
			kind: k, id: monthID(m.Team, m.Month), value: line, within: map[string]int{"days": len(m.Days), "changes": len(m.Changes)},
			put:   func(ctx context.Context, s store.Store) error { return s.Load(ctx, m) },
			alone: func() any { return lineOf(m.Renumbered()) },
		}
	}
	k.scan = func(ctx context.Context, s store.Store, yield func(item) error) error {
		return eachMonth(ctx, s, func(m store.MonthRecord) error { return yield(itemOf(m, lineOf(m))) })
	}
	k.parse = func(data []byte) (item, error) {
		var line monthLine
		if err := strictly(data, &line); err != nil {
			return item{}, err
		}
		m, err := line.record()
		if err != nil {
			return item{}, err
		}
		return itemOf(m, line), nil
	}
	return k
}

func monthID(team roster.TeamID, m roster.Month) string { return string(team) + "/" + m.String() }

func lineOf(m store.MonthRecord) monthLine {
	line := monthLine{Team: m.Team, Month: m.Month.String(), Version: m.Version, Days: []dayLine{}, Changes: []changeLine{}}
	for _, d := range m.Days {
		line.Days = append(line.Days, dayLine{d.Date, d.Assignments, d.Note, d.Revision})
	}
	for _, e := range m.Changes {
		line.Changes = append(line.Changes, changeLine(e))
	}
	return line
}

func (l monthLine) record() (store.MonthRecord, error) {
	m := store.MonthRecord{Team: l.Team, Version: l.Version}
	var err error
	if m.Month, err = roster.ParseMonth(l.Month); err != nil {
		return m, err
	}
	for _, d := range l.Days {
		m.Days = append(m.Days, roster.Day{Date: d.Date, Assignments: d.Assignments, Note: d.Note, Revision: d.Revision})
	}
	for _, e := range l.Changes {
		m.Changes = append(m.Changes, store.Entry(e))
	}
	return m, store.CheckMonth(m)
}

// strictly reads JSON into v and refuses members that v has not.
func strictly(data []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%w; perhaps a newer version of the program wrote it", err)
	}
	return nil
}
