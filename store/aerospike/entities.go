package aerospike

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// shards is over how many records teams, people, tokens, sign-outs and channels are each spread.
// It is part of the format: the shard of an id must never change.
const shards = 16

// kind says how one kind of entity is kept: in the records of its set, each with an ordered
// map id → [revision, JSON].
type kind[T any] struct {
	set      string
	id       func(T) string
	revision func(T) roster.Revision
	// record has the id; nil: the records are 0 to shards-1, see shardOf.
	record func(id string) string
	// before comes before the first write of an id; nil: nothing has to.
	before func(ctx context.Context, id string) error
	// often: it is listed again and again, whether there are any or not.
	often bool
}

// key names the record that has the id.
func (k kind[T]) key(s *Store, id string) *as.Key {
	if k.record == nil {
		return s.shardKey(k.set, id)
	}
	return s.key(k.set, k.record(id))
}

func teamKind() kind[roster.Team] {
	return kind[roster.Team]{
		set:      setTeams,
		id:       func(t roster.Team) string { return string(t.ID) },
		revision: func(t roster.Team) roster.Revision { return t.Revision },
	}
}

func personKind() kind[roster.Person] {
	return kind[roster.Person]{
		set:      setPeople,
		id:       func(p roster.Person) string { return string(p.ID) },
		revision: func(p roster.Person) roster.Revision { return p.Revision },
	}
}

func tokenKind() kind[credential.Token] {
	return kind[credential.Token]{
		set:      setTokens,
		id:       func(t credential.Token) string { return string(t.ID) },
		revision: func(t credential.Token) roster.Revision { return t.Revision },
	}
}

func signOutKind() kind[credential.SignOut] {
	return kind[credential.SignOut]{
		set:      setSignOuts,
		id:       func(o credential.SignOut) string { return string(o.ID) },
		revision: func(o credential.SignOut) roster.Revision { return o.Revision },
	}
}

func channelKind() kind[notice.Channel] {
	return kind[notice.Channel]{
		set:      setChannels,
		id:       func(c notice.Channel) string { return string(c.ID) },
		revision: func(c notice.Channel) roster.Revision { return c.Revision },
		often:    true,
	}
}

// Format is the number of how everything is written. Version 1 is the first; in a store of
// before that, nobody said a number.
const Format = 1

// aboutID is the id of the only entry that says what the store is, and the name of its record.
const aboutID = "store"

func aboutKind() kind[store.About] {
	return kind[store.About]{
		set:      setAbout,
		id:       func(store.About) string { return aboutID },
		revision: func(a store.About) roster.Revision { return a.ID },
		record:   func(string) string { return aboutID },
	}
}

// About implements store.Store, in one round trip but for the first time.
func (s *Store) About(ctx context.Context, fresh roster.Revision) (store.About, error) {
	a, err := get(ctx, s, aboutKind(), aboutID)
	if errors.Is(err, store.ErrNotFound) {
		a = store.About{ID: fresh, Format: Format}
		err = put(ctx, s, aboutKind(), a, "")
		if other, is := errors.AsType[*store.ConflictError[store.About]](err); is {
			a, err = other.Current, nil
		}
	}
	if err != nil {
		return a, err
	}
	return a, store.CheckFormat(a.Format, Format)
}

// Teams implements store.Store, in one round trip.
func (s *Store) Teams(ctx context.Context) ([]roster.Team, error) {
	return list(ctx, s, teamKind())
}

// Team implements store.Store, in one round trip.
func (s *Store) Team(ctx context.Context, id roster.TeamID) (roster.Team, error) {
	return get(ctx, s, teamKind(), string(id))
}

// PutTeam implements store.Store. A write that took effect is recognised for as long
// as the team is at its revision, and at least until 64 later writes of teams.
func (s *Store) PutTeam(ctx context.Context, team roster.Team, basedOn roster.Revision) error {
	return put(ctx, s, teamKind(), team, basedOn)
}

// People implements store.Store, in one round trip.
func (s *Store) People(ctx context.Context) ([]roster.Person, error) {
	return list(ctx, s, personKind())
}

// Person implements store.Store, in one round trip.
func (s *Store) Person(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	return get(ctx, s, personKind(), string(id))
}

// PutPerson implements store.Store, by the same rules as PutTeam.
func (s *Store) PutPerson(ctx context.Context, person roster.Person, basedOn roster.Revision) error {
	return put(ctx, s, personKind(), person, basedOn)
}

// Tokens implements store.Store, in one round trip.
func (s *Store) Tokens(ctx context.Context) ([]credential.Token, error) {
	return list(ctx, s, tokenKind())
}

// Token implements store.Store, in one round trip.
func (s *Store) Token(ctx context.Context, id credential.TokenID) (credential.Token, error) {
	return get(ctx, s, tokenKind(), string(id))
}

// PutToken implements store.Store, by the same rules as PutTeam.
func (s *Store) PutToken(ctx context.Context, token credential.Token, basedOn roster.Revision) error {
	return put(ctx, s, tokenKind(), token, basedOn)
}

// SignOuts implements store.Store, in one round trip.
func (s *Store) SignOuts(ctx context.Context) ([]credential.SignOut, error) {
	return list(ctx, s, signOutKind())
}

// SignOut implements store.Store, in one round trip.
func (s *Store) SignOut(ctx context.Context, id credential.SignOutID) (credential.SignOut, error) {
	return get(ctx, s, signOutKind(), string(id))
}

// PutSignOut implements store.Store, by the same rules as PutTeam.
func (s *Store) PutSignOut(ctx context.Context, signOut credential.SignOut, basedOn roster.Revision) error {
	return put(ctx, s, signOutKind(), signOut, basedOn)
}

// Channels implements store.Store, in one round trip.
func (s *Store) Channels(ctx context.Context) ([]notice.Channel, error) {
	return list(ctx, s, channelKind())
}

// Channel implements store.Store, in one round trip.
func (s *Store) Channel(ctx context.Context, id notice.ChannelID) (notice.Channel, error) {
	return get(ctx, s, channelKind(), string(id))
}

// PutChannel implements store.Store, by the same rules as PutTeam.
func (s *Store) PutChannel(ctx context.Context, channel notice.Channel, basedOn roster.Revision) error {
	return put(ctx, s, channelKind(), channel, basedOn)
}

// shardOf is the number of the record that has the id.
func shardOf(id string) int { return spread(id, shards) }

// spread is the number of an id among so many.
func spread(id string, over uint32) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return int(h.Sum32() % over)
}

func (s *Store) shardKey(set, id string) *as.Key { return s.key(set, strconv.Itoa(shardOf(id))) }

// entry is an element of a record's map: the JSON of an entity at a revision, or a reference
// to it (see bodies.go).
type entry struct {
	id       string // "" where it is not asked for
	revision roster.Revision
	text     string
}

func entryOf(key *as.Key, element any) (entry, error) {
	fields, ok := element.([]any)
	if !ok || len(fields) < 2 {
		return entry{}, unexpected(key, "entry")
	}
	revision, ok1 := fields[0].(string)
	text, ok2 := fields[1].(string)
	if !ok1 || !ok2 {
		return entry{}, unexpected(key, "entry")
	}
	return entry{revision: roster.Revision(revision), text: text}, nil
}

// keyedEntries are the entries of a whole map, with their ids.
func keyedEntries(key *as.Key, bin any) ([]entry, error) {
	pairs, ok := bin.([]as.MapPair)
	if !ok {
		return nil, unexpected(key, "map")
	}
	all := make([]entry, len(pairs))
	for i, pair := range pairs {
		id, ok := pair.Key.(string)
		if !ok {
			return nil, unexpected(key, "key")
		}
		var err error
		if all[i], err = entryOf(key, pair.Value); err != nil {
			return nil, err
		}
		all[i].id = id
	}
	return all, nil
}

func decodeEntity[T any](e entry) (v T, err error) {
	if err := json.Unmarshal([]byte(e.text), &v); err != nil {
		return v, fmt.Errorf("an entry at the revision %s: %w", e.revision, err)
	}
	return v, nil
}

// list is one round trip, and more where there are references: see fillIn.
func list[T any](ctx context.Context, s *Store, k kind[T]) ([]T, error) {
	what := make([]lookup, shards)
	for i := range what {
		what[i] = lookup{key: s.key(k.set, strconv.Itoa(i)), often: k.often, ops: []*as.Operation{
			as.MapGetByIndexRangeOp(binAll, 0, as.MapReturnType.VALUE),
		}}
	}
	return listAt(ctx, s, k, what)
}

// listAt is what the lookups give, in order of ids.
func listAt[T any](ctx context.Context, s *Store, k kind[T], what []lookup) ([]T, error) {
	entries, err := s.entries(ctx, what, func(bin any) []any {
		elements, _ := bin.([]any)
		return elements
	})
	if err != nil {
		return nil, err
	}
	var all []T
	for _, e := range entries {
		v, err := decodeEntity[T](e)
		if err != nil {
			return nil, store.Wrap(err)
		}
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(k.id(a), k.id(b)) })
	return all, nil
}

// entries reads the entries of records with what they refer to, again where one was replaced
// in between.
func (s *Store) entries(ctx context.Context, what []lookup, elements func(bin any) []any) (all []entry, err error) {
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	err = repeat(ctx, readPause, func() error {
		answers, err := s.read(ctx, what...)
		if err != nil {
			return err
		}
		all = nil
		for i, bins := range answers {
			if bins == nil && what[i].often {
				s.ensureShard(what[i].key)
			}
			for _, element := range elements(bins[binAll]) {
				e, err := entryOf(what[i].key, element)
				if err != nil {
					return err
				}
				all = append(all, e)
			}
		}
		return s.fillIn(ctx, all)
	})
	return all, err
}

func get[T any](ctx context.Context, s *Store, k kind[T], id string) (v T, err error) {
	what := []lookup{{key: k.key(s, id), ops: []*as.Operation{
		as.MapGetByKeyOp(binAll, id, as.MapReturnType.VALUE),
	}}}
	found, err := s.entries(ctx, what, func(bin any) []any {
		if bin == nil {
			return nil
		}
		return []any{bin}
	})
	switch {
	case err != nil:
		return v, err
	case len(found) == 0:
		return v, store.ErrNotFound
	}
	v, err = decodeEntity[T](found[0])
	return v, store.Wrap(err)
}

func putEntry(id string, revision roster.Revision, text string) *as.Operation {
	ordered := as.NewMapPolicyWithFlags(as.MapOrder.KEY_ORDERED, as.MapWriteFlagsDefault)
	return as.MapPutOp(ordered, binAll, id, []any{string(revision), text})
}

// put is the compare-and-set of PutTeam and its like. What is large, or finds its
// record with little room, goes to a record of its own first.
func put[T any](ctx context.Context, s *Store, k kind[T], v T, basedOn roster.Revision) error {
	if err := store.CheckRevision(k.revision(v)); err != nil {
		return err
	}
	data, err := roster.Record(v)
	if err != nil {
		return store.Invalid("%v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, writeBudget)
	defer cancel()
	id, revision := k.id(v), k.revision(v)
	key := k.key(s, id)
	ref := bodyRef(k.set, id, revision, string(data))
	if k.before != nil {
		if err := k.before(ctx, id); err != nil {
			return err
		}
	}
	inline, written, relieved := len(data) <= inlineBytes, false, false
	return repeat(ctx, writePause, func() error {
		w := onceWrite{
			key: key, id: revision, when: entityAt(id, basedOn), done: entityAt(id, revision),
			create: func(ctx context.Context) error {
				return s.create(ctx, key, as.MapCreateOp(binAll, as.MapOrder.KEY_ORDERED, nil))
			},
		}
		text := ref
		switch {
		case inline:
			w.when, text = as.ExpAnd(w.when, hasRoom()), string(data)
		case !written:
			if err := s.writeBody(ctx, ref, string(data)); err != nil {
				return err
			}
			written = true
		}
		w.ops = []*as.Operation{readWas(id), putEntry(id, revision, text), as.AddOp(as.NewBin(binSeq, 1)), as.GetBinOp(binSeq)}
		rec, out, err := s.once(ctx, w)
		switch {
		case errors.Is(err, store.ErrTooBig) && !relieved:
			relieved = true
			if err := s.relieveEntities(ctx, k.set, key); err != nil {
				return err
			}
			return again(err)
		case err != nil:
			return err
		case out == applied:
			s.wrote(key, id, versionOf(rec.Bins))
			if was, _ := rec.Bins["was"].(string); was != "" && was != ref {
				s.emptyBody(was)
			}
			return nil
		case out != refused:
			return nil
		}
		current, err := get(ctx, s, k, id)
		switch {
		case err == nil && k.revision(current) != basedOn:
			if written && k.revision(current) != revision {
				s.emptyBody(ref)
			}
			return &store.ConflictError[T]{Current: current}
		case errors.Is(err, store.ErrNotFound) && basedOn == "":
		case err != nil:
			return err
		}
		inline = false         // perhaps it has not the room
		return again(errOlder) // nothing else speaks against it any more
	})
}

// entityAt holds of a record whose map has the id at the revision; "" is not at all.
func entityAt(id string, revision roster.Revision) *as.Expression {
	at, all := as.ExpStringVal(id), as.ExpMapBin(binAll)
	count := as.ExpMapGetByKey(as.MapReturnType.COUNT, as.ExpTypeINT, at, all)
	if revision == "" {
		return as.ExpEq(count, as.ExpIntVal(0))
	}
	element := as.ExpMapGetByKey(as.MapReturnType.VALUE, as.ExpTypeLIST, at, all)
	return as.ExpAnd(as.ExpEq(count, as.ExpIntVal(1)),
		as.ExpEq(as.ExpListGetByIndex(as.ListReturnTypeValue, as.ExpTypeSTRING, as.ExpIntVal(0), element), as.ExpStringVal(string(revision))))
}
