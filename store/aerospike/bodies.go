package aerospike

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/roster"
	"dailyroster/store"
)

// Teams, people and tokens share records, and no neighbour may fill one for the others. So
// an entry of more than inlineBytes, and every entry of a record that has more than
// roomBytes, is a reference: its JSON is in a record of its own, a body. A reference takes
// up to 165 bytes, so a record has room for 3,000 of them beside roomBytes, whatever is in
// the bodies; all records together, for 50,000.
const (
	inlineBytes = 16 << 10
	roomBytes   = 512 << 10
	// relieved is how many entries are moved out of a record that is full already, as it may
	// be from the time when nothing was moved.
	relieved = 16
	// bodiesAtOnce, and together bytesAtOnce, are read in one batch.
	bodiesAtOnce = 1000
	bytesAtOnce  = 4 << 20
	// emptyAfter is how long a body is kept to which nothing refers: longer than a read takes.
	emptyAfter = 2 * readBudget
)

// binText is the bin of a body: the JSON, or nothing once nobody refers to it any more.
const binText = "text"

// refPrefix begins a reference: no JSON does.
const refPrefix = "@"

var errBodyGone = errors.New("an entry was changed while it was read")

// bodyRef is the reference to the body of an entity at a revision. It names what is in it
// too, as one revision may be tried with two contents, of which one takes effect; and how
// large that is.
func bodyRef(set, id string, revision roster.Revision, text string) string {
	sum := sha256.Sum256([]byte(text))
	return strings.Join([]string{refPrefix + set, id, string(revision), hex.EncodeToString(sum[:4]), strconv.Itoa(len(text))}, "/")
}

// refSize is how large the body of a reference is.
func refSize(ref string) int {
	n, _ := strconv.Atoi(ref[strings.LastIndexByte(ref, '/')+1:])
	return n
}

func (s *Store) bodyKey(ref string) *as.Key {
	return s.key(setBodies, strings.TrimPrefix(ref, refPrefix))
}

// writeBody writes what a reference is about to refer to, and returns nil when every replica
// has it, on its device. Nothing refers to it when the process dies then.
func (s *Store) writeBody(ctx context.Context, ref, text string) error {
	key := s.bodyKey(ref)
	return repeat(ctx, writePause, func() error {
		rec, err := s.operate(ctx, key, as.CREATE_ONLY, nil, as.PutOp(as.NewBin(binText, text)))
		if err != nil && err.Matches(types.KEY_EXISTS_ERROR) {
			// One node has it, or it was emptied. A write that succeeds brings it to every replica.
			rec, err = s.operate(ctx, key, as.UPDATE_ONLY, nil, as.PutOp(as.NewBin(binText, text)))
		}
		return s.settled(ctx, key, rec, err)
	})
}

// emptyBody gives back the room of a body to which nothing refers any more, nor ever will:
// later, as somebody may have read the reference a moment ago. Where that fails, or the
// process ends before, there is a little less room.
func (s *Store) emptyBody(ref string) {
	s.background.Go(func() {
		if wait(s.ctx, s.emptyAfter) != nil {
			return
		}
		if _, err := s.operate(s.ctx, s.bodyKey(ref), as.UPDATE_ONLY, nil, as.PutOp(as.NewBin(binText, ""))); err != nil {
			s.log.Debug("a body that nothing refers to was not emptied", "ref", ref, "error", err)
		}
	})
}

// fillIn puts the bodies in the place of the references. One that is gone was replaced
// since the reference was read: that is worth another attempt.
func (s *Store) fillIn(ctx context.Context, entries []entry) error {
	var refs []int
	for i := range entries {
		if strings.HasPrefix(entries[i].text, refPrefix) {
			refs = append(refs, i)
		}
	}
	for len(refs) > 0 {
		n, bytes := 0, 0
		for n < min(len(refs), bodiesAtOnce) && (n == 0 || bytes < bytesAtOnce) {
			bytes += refSize(entries[refs[n]].text)
			n++
		}
		some := refs[:n]
		refs = refs[n:]
		what := make([]lookup, len(some))
		for n, i := range some {
			what[n] = lookup{key: s.bodyKey(entries[i].text), bins: []string{binText}}
		}
		answers, err := s.read(ctx, what...)
		if err != nil {
			return err
		}
		for n, i := range some {
			text, _ := answers[n][binText].(string)
			if text == "" {
				return again(errBodyGone)
			}
			entries[i].text = text
		}
	}
	return nil
}

// hasRoom holds of a record that may take another entry that is no reference.
func hasRoom() *as.Expression { return as.ExpLess(as.ExpRecordSize(), as.ExpIntVal(roomBytes)) }

// readWas is what "was" reads: the reference that an entry is, "" for one that is none, or
// not there.
func readWas(id string) *as.Operation {
	element := as.ExpMapGetByKey(as.MapReturnType.VALUE, as.ExpTypeLIST, as.ExpStringVal(id), as.ExpMapBin(binAll))
	text := as.ExpListGetByIndex(as.ListReturnTypeValue, as.ExpTypeSTRING, as.ExpIntVal(1), element)
	isRef := as.ExpRegexCompare("^"+refPrefix, as.ExpRegexFlagNONE, text)
	return as.ExpReadOp("was", as.ExpCond(isRef, text, as.ExpStringVal("")), as.ExpReadFlagEvalNoFail)
}

// relieveEntities moves the largest entries out of a record that is full.
func (s *Store) relieveEntities(ctx context.Context, set string, key *as.Key) error {
	answers, err := s.read(ctx, lookup{key: key, ops: []*as.Operation{
		as.MapGetByIndexRangeOp(binAll, 0, as.MapReturnType.KEY_VALUE),
	}})
	if err != nil || answers[0] == nil {
		return err
	}
	all, err := keyedEntries(key, answers[0][binAll])
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(len(b.text), len(a.text)) })
	for _, e := range all[:min(len(all), relieved)] {
		ref := bodyRef(set, e.id, e.revision, e.text)
		if strings.HasPrefix(e.text, refPrefix) || len(e.text) <= len(ref) {
			continue
		}
		if err := s.writeBody(ctx, ref, e.text); err != nil {
			return err
		}
		err := repeat(ctx, writePause, func() error {
			_, err := s.operate(ctx, key, as.UPDATE_ONLY, entityAt(e.id, e.revision), putEntry(e.id, e.revision, ref))
			if err != nil && err.Matches(types.FILTERED_OUT) {
				return nil // somebody changed it
			}
			return s.attemptOf(ctx, key, err)
		})
		if err != nil {
			return err
		}
	}
	s.log.Info("moved large entries out of a full record", "record", fmt.Sprint(set, "/", key.Value()))
	return nil
}

// tooBig is the error of a write whose record would be larger than the servers take.
func (s *Store) tooBig(key *as.Key, err as.Error) error {
	s.log.Error("a record has no room for what was to be written", "set", key.SetName(), "record", key.Value(), "error", brief{err})
	return store.TooBig()
}
