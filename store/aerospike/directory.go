package aerospike

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
)

// ensuredAtOnce is how many empty records are made at the same time.
const ensuredAtOnce = 8

// directory keeps all entities of one kind decoded, with an index V of them. What it has is
// held against the versions of the records in every read, so that it is only a way not to send,
// decode and index again what has not changed.
type directory[T, V any] struct {
	kind  kind[T]
	index func(list []T, was V) V
	keys  [shards]*as.Key
	ops   []*as.Operation
	seen  [shards]atomic.Pointer[shard[T]] // what each record had when it was read last
	build sync.Mutex
	last  atomic.Pointer[listing[T, V]] // the index that was made last
}

// listing is what all records of one kind had. Nobody changes it.
type listing[T, V any] struct {
	shards [shards]*shard[T]
	value  V
}

// shard is what one record had. A record that does not exist has the zero stamp.
type shard[T any] struct {
	stamp    stamp
	entities []keptEntity[T] // in order of ids
}

type keptEntity[T any] struct {
	id       string
	revision roster.Revision
	value    T
}

func newDirectory[T, V any](s *Store, k kind[T], index func(list []T, was V) V) *directory[T, V] {
	d := &directory[T, V]{kind: k, index: index, ops: []*as.Operation{
		as.GetBinOp(binSeq), as.GetBinOp(binAt), as.MapGetByIndexRangeOp(binAll, 0, as.MapReturnType.KEY_VALUE),
	}}
	for n := range d.keys {
		d.keys[n] = s.key(k.set, strconv.Itoa(n))
	}
	return d
}

// lookup asks for what a record has, or for its version alone if that was seen: was is what it
// had then.
func (d *directory[T, V]) lookup(n int) (l lookup, was *shard[T]) {
	l = lookup{key: d.keys[n], versioned: true, ops: d.ops}
	if was = d.seen[n].Load(); was != nil {
		l.known = was.stamp
	}
	return l, was
}

// shardOf is what an answer says, with whatever it has of what was there before.
func (d *directory[T, V]) shardOf(ctx context.Context, s *Store, n int, was *shard[T], bins as.BinMap) (*shard[T], error) {
	is, key := stampOf(bins), d.keys[n]
	switch {
	case bins == nil:
		s.ensureShard(key)
		return &shard[T]{}, nil
	case was != nil && is == was.stamp:
		return was, nil
	}
	entries, err := keyedEntries(key, bins[binAll])
	if err != nil {
		return nil, err
	}
	kept := make([]keptEntity[T], len(entries))
	var changed []entry
	var at []int
	for i, e := range entries {
		kept[i].id, kept[i].revision = e.id, e.revision
		if old, same := was.entity(e); same {
			kept[i].value = old
			continue
		}
		changed, at = append(changed, e), append(at, i)
	}
	if err := s.fillIn(ctx, changed); err != nil {
		return nil, err
	}
	for n, e := range changed {
		if kept[at[n]].value, err = decodeEntity[T](e); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(kept, func(a, b keptEntity[T]) int { return strings.Compare(a.id, b.id) })
	h := &shard[T]{is, kept}
	d.seen[n].Store(h)
	return h, nil
}

// outdated notes that this process has written the record, so that it is not asked for its
// version first.
func (d *directory[T, V]) outdated(n int) {
	if h := d.seen[n].Load(); h != nil {
		d.seen[n].Store(&shard[T]{entities: h.entities})
	}
}

// wrote notes that this process has written a record of entities, if anybody asks for its version.
func (s *Store) wrote(key *as.Key, id string, v version) {
	switch key.SetName() {
	case setPeople:
		s.people.outdated(shardOf(id))
	case setTeams:
		s.teams.outdated(shardOf(id))
	default:
		return
	}
	s.marks.note(markOf(key), v)
}

// find is the entity with the id; nil is none.
func (h *shard[T]) find(id string) *T {
	i, found := slices.BinarySearchFunc(h.entities, id, func(k keptEntity[T], id string) int { return strings.Compare(k.id, id) })
	if !found {
		return nil
	}
	return &h.entities[i].value
}

// entity is what was there of an entry, if it is at the same revision, which names one content.
func (h *shard[T]) entity(e entry) (v T, same bool) {
	if h == nil {
		return v, false
	}
	i, found := slices.BinarySearchFunc(h.entities, e.id, func(k keptEntity[T], id string) int { return strings.Compare(k.id, id) })
	if !found || h.entities[i].revision != e.revision {
		return v, false
	}
	return h.entities[i].value, true
}

// all is the index of what the answers to all lookups say.
func (d *directory[T, V]) all(ctx context.Context, s *Store, was []*shard[T], answers []as.BinMap) (V, error) {
	is := &listing[T, V]{}
	for n := range is.shards {
		var err error
		if is.shards[n], err = d.shardOf(ctx, s, n, was[n], answers[n]); err != nil {
			return is.value, err
		}
	}
	if now := d.last.Load(); now.same(is) {
		return now.value, nil
	}
	d.build.Lock() // those who come at the same time share what the first of them makes
	defer d.build.Unlock()
	if now := d.last.Load(); now.same(is) {
		return now.value, nil
	}
	n := 0
	for _, h := range is.shards {
		n += len(h.entities)
	}
	list := make([]T, 0, n)
	for _, h := range is.shards {
		for i := range h.entities {
			list = append(list, h.entities[i].value)
		}
	}
	slices.SortFunc(list, func(a, b T) int { return cmp.Compare(d.kind.id(a), d.kind.id(b)) })
	var before V
	if last := d.last.Load(); last != nil {
		before = last.value
	}
	is.value = d.index(list, before)
	d.last.Store(is)
	return is.value, nil
}

// same reports whether both are of the same versions of all records.
func (l *listing[T, V]) same(other *listing[T, V]) bool {
	if l == nil {
		return false
	}
	for n, h := range l.shards {
		if h.stamp != other.shards[n].stamp {
			return false
		}
	}
	return true
}

// ensureShard makes a record that does not exist, in the background: each read of it would
// cost an error with a stack trace, which the client makes.
func (s *Store) ensureShard(key *as.Key) {
	name := key.SetName() + "/" + key.Value().String()
	if _, begun := s.ensured.LoadOrStore(name, true); begun {
		return
	}
	s.background.Go(func() {
		select {
		case s.ensuring <- struct{}{}:
			defer func() { <-s.ensuring }()
		case <-s.ctx.Done():
			return
		}
		ctx, cancel := context.WithTimeout(s.ctx, writeBudget)
		defer cancel()
		if err := s.create(ctx, key, as.MapCreateOp(binAll, as.MapOrder.KEY_ORDERED, nil), as.PutOp(as.NewBin(binSeq, 0))); err != nil {
			s.log.Debug("an empty record was not made", "record", name, "error", err)
			s.ensured.Delete(name)
		}
	})
}
