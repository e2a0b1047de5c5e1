package aerospike

import (
	"context"
	"errors"
	"fmt"
	"slices"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store"
)

var errNotConfirmed = errors.New("a node shows the edit, but it could not be confirmed")

// tailSize is how many of its newest entries are read of every month at first; more
// only of those that turn out to be needed.
const tailSize = 8

// past is the history of one month as far as it is loaded. Entries have numbers from 0
// in the order of their taking effect, wherever they are kept by now.
type past struct {
	month  roster.Month
	upper  int // entries from here on are not looked at
	lo     int // the number of loaded[0]
	loaded []roster.Change
}

// newest is the entry before upper; it must be loaded.
func (p *past) newest() roster.Change { return p.loaded[p.upper-1-p.lo] }

func (p *past) isLoaded() bool { return p.upper > p.lo && p.upper <= p.lo+len(p.loaded) }

// listedMonths are the months of the team that may have history, in order.
func (s *Store) listedMonths(ctx context.Context, team roster.TeamID) ([]roster.Month, error) {
	key := s.key(setTeam, string(team))
	answers, err := s.read(ctx, lookup{key: key, ops: []*as.Operation{
		as.MapGetByIndexRangeOp(binMonths, 0, as.MapReturnType.KEY),
	}})
	if err != nil || answers[0] == nil {
		return nil, err
	}
	texts, _ := answers[0][binMonths].([]any)
	months := make([]roster.Month, len(texts))
	for i, t := range texts {
		text, _ := t.(string)
		if months[i], err = roster.ParseMonth(text); err != nil {
			return nil, store.Wrap(fmt.Errorf("the record %s: %w", key, err))
		}
	}
	return months, nil
}

// tails loads the newest entries of the months, in one round trip. Months without any
// are left out.
func (s *Store) tails(ctx context.Context, team roster.TeamID, months []roster.Month) ([]*past, error) {
	what := make([]lookup, len(months))
	for i, m := range months {
		what[i] = lookup{key: s.monthKey(team, m), ops: []*as.Operation{
			as.GetBinOp(binSeq), as.GetBinOp(binAt), as.GetBinOp(binMoved),
			as.ExpReadOp("n", as.ExpListSize(as.ExpListBin(binEntry)), as.ExpReadFlagDefault),
			as.ListGetByIndexRangeCountOp(binEntry, -tailSize, tailSize, as.ListReturnTypeValue),
		}, versioned: true}
	}
	answers, err := s.read(ctx, what...)
	if err != nil {
		return nil, err
	}
	var pasts []*past
	for i, m := range months {
		if answers[i] == nil {
			continue
		}
		moved, _ := answers[i][binMoved].(int)
		n, _ := answers[i]["n"].(int)
		loaded, err := decodeChanges(what[i].key, team, m, answers[i][binEntry])
		if err != nil {
			return nil, store.Wrap(err)
		}
		if moved+n > 0 {
			pasts = append(pasts, &past{month: m, upper: moved + n, lo: moved + n - len(loaded), loaded: loaded})
		}
	}
	return pasts, nil
}

func decodeChanges(key *as.Key, team roster.TeamID, m roster.Month, list any) ([]roster.Change, error) {
	elements, ok := list.([]any)
	if !ok && list != nil {
		return nil, unexpected(key, "list of changes")
	}
	changes := make([]roster.Change, len(elements))
	for i, e := range elements {
		if changes[i], ok = decodeChange(team, m, e); !ok {
			return nil, unexpected(key, "change")
		}
	}
	return changes, nil
}

// load loads, for each past whose newest entry is not loaded, what surrounds it: the
// rest of the month's record, or the chunk that the entry was moved to.
func (s *Store) load(ctx context.Context, team roster.TeamID, pasts []*past) error {
	inChunk := map[*past]bool{}
	for {
		var want []*past
		var what []lookup
		for _, p := range pasts {
			if p.upper == 0 || p.isLoaded() {
				continue
			}
			key := s.monthKey(team, p.month)
			if inChunk[p] {
				key = s.chunkKey(team, p.month, (p.upper-1)/chunkSize)
			}
			want = append(want, p)
			what = append(what, lookup{key: key, bins: []string{binEntry, binMoved}})
		}
		if len(want) == 0 {
			return nil
		}
		answers, err := s.read(ctx, what...)
		if err != nil {
			return err
		}
		for i, p := range want {
			if answers[i] == nil {
				return store.Wrap(unexpected(what[i].key, "absence"))
			}
			lo, _ := answers[i][binMoved].(int)
			if inChunk[p] {
				lo = (p.upper - 1) / chunkSize * chunkSize
			} else if p.upper <= lo {
				inChunk[p] = true
				continue
			}
			if p.loaded, err = decodeChanges(what[i].key, team, p.month, answers[i][binEntry]); err != nil {
				return store.Wrap(err)
			}
			if p.lo = lo; !p.isLoaded() {
				return store.Wrap(unexpected(what[i].key, "number of changes"))
			}
		}
	}
}

// inHistory reports whether the edit took effect so long ago that its month's record
// has forgotten its id. To read is enough for that: the edits that came after it were
// written to every replica. For an id that the record still has, only confirm can tell.
func (s *Store) inHistory(ctx context.Context, team roster.TeamID, edit roster.Edit) (bool, error) {
	m := edit.Month()
	what := []lookup{{key: s.monthKey(team, m), bins: []string{binEntry, binMoved, binOps}}}
	for first := true; ; first = false {
		answers, err := s.read(ctx, what...)
		if err != nil {
			return false, err
		}
		if ids, _ := answers[0][binOps].([]any); slices.Contains(ids, any(string(edit.Change))) {
			return false, again(errNotConfirmed)
		}
		for i, bins := range answers {
			changes, err := decodeChanges(what[i].key, team, m, bins[binEntry])
			if err != nil {
				return false, store.Wrap(err)
			}
			for _, c := range changes {
				if c.ID == edit.Change {
					return true, nil
				}
			}
		}
		moved, _ := answers[0][binMoved].(int)
		if !first || moved == 0 {
			return false, nil
		}
		what = nil
		for chunk := range moved / chunkSize {
			what = append(what, lookup{key: s.chunkKey(team, m, chunk), bins: []string{binEntry}})
		}
	}
}
