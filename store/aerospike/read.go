package aerospike

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
	"github.com/aerospike/aerospike-client-go/v7/types"

	"dailyroster/store/aerospike/fence"
)

// lookup is one record to be read: the named bins, or what ops give.
type lookup struct {
	key  *as.Key
	bins []string
	ops  []*as.Operation
	// versioned: the answer has the bins "seq" and "at", and is held against what was shown
	// before (see marks).
	versioned bool
	shown     int64 // how many edits the version had that was shown before it was asked for
	// known is what the caller still has of a versioned record. If that is what there is, the
	// answer has the version alone.
	known stamp
	held  as.BinMap // what one node answered, which waits for another that has the same
	whole bool      // the version alone is not enough
	// heavy is the weight of an answer that is unlike a whole month; 0: it is like one.
	heavy int
	// often: a record that does not exist is made, as it is asked for again and again.
	often bool
}

// brief reports whether it is enough to ask for the version.
func (l *lookup) brief() bool { return !l.whole && (l.known != stamp{} || l.held != nil) }

// weight is about how long the answer takes, in those of a version.
func (l *lookup) weight() int {
	switch {
	case l.brief():
		return 1
	case l.heavy > 0:
		return l.heavy
	}
	return wholeWeight
}

const (
	// wholeWeight is how much longer a record takes than its version.
	wholeWeight = 5
	// maxWeight is how much one batch asks for: it must be over within readSocket.
	maxWeight = 2500
	// maxWeightOfAll is that of a batch for all replicas, which must be over within readAll.
	maxWeightOfAll = 250
)

// briefBins have the version of a record, and no more.
func briefBins() []string { return []string{binSeq, binAt} }

// slowRead is how long a read may take without a line in the log.
const slowRead = 80 * time.Millisecond

var errOutside = errors.New("the node that answered is not with the majority of the cluster")

// read reads the records in one round trip, and again from elsewhere those that nobody
// answered, or a node outside the majority, or with a version of a month that this process
// has not seen before. A record that does not exist is nil. The error is one of package
// store.
func (s *Store) read(ctx context.Context, what ...lookup) ([]as.BinMap, error) {
	ctx, cancel := context.WithTimeout(ctx, readBudget)
	defer cancel()
	answers := make([]as.BinMap, len(what))
	pending := make([]int, len(what))
	for i := range what {
		pending[i] = i
		if what[i].versioned {
			what[i].shown = s.marks.shown(markOf(what[i].key))
		}
	}
	var how asking
	begun, asked := s.now(), 0
	var why error
	err := repeat(ctx, readPause, func() (err error) {
		if len(pending) == 0 {
			return nil
		}
		how.waited = s.now().Sub(begun)
		pending, err = s.ask(ctx, what, pending, answers, how)
		asked++
		if (errors.Is(err, errAlone) || errors.Is(err, errBrief)) && !how.all { // the others are asked at once
			how.all = true
			pending, err = s.ask(ctx, what, pending, answers, how)
			asked++
		}
		if err != nil {
			why = err
		}
		// The client may take a node that could not answer, or was not believed, for the
		// master for a while.
		how.all = err != nil
		return err
	})
	if took := s.now().Sub(begun); took > slowRead {
		s.log.Info("a read was slow", "took_ms", took.Milliseconds(), "records", len(what), "asked", asked, "reason", why)
	}
	if err != nil {
		return nil, err
	}
	return answers, nil
}

// asking is how a batch is asked for.
type asking struct {
	all    bool          // all that have a copy are asked
	waited time.Duration // how long the reader has
}

// aloneTime is how long a reader waits for a second node that is believed, until one is enough that
// answered what is new.
const aloneTime = 40 * time.Millisecond

// ask sends a batch, or a few one after the other if there is much to ask for, and notes the
// answers. It gives who is still to be asked, with the reason. Where all that have a copy are wanted,
// they are asked at once (see first): the client takes each key's replicas in turn, from one count for
// all keys, so that a single question may well go to the same node over and over.
func (s *Store) ask(ctx context.Context, what []lookup, pending []int, answers []as.BinMap, how asking) (still []int, why error) {
	most := maxWeight
	if how.all {
		most = maxWeightOfAll
	}
	for len(pending) > 0 {
		n, weight := 0, 0
		for n < len(pending) && (n == 0 || weight+what[pending[n]].weight() <= most) {
			weight += what[pending[n]].weight()
			n++
		}
		left, err := s.askSome(ctx, what, pending[:n], answers, how)
		pending = pending[n:]
		if _, ok := errors.AsType[errAgain](err); err != nil && !ok {
			return append(append(still, left...), pending...), err
		}
		still, why = append(still, left...), cmp.Or(err, why)
		if s.fence.Lost() && err != nil {
			return append(still, pending...), err
		}
	}
	return still, why
}

func (s *Store) askSome(ctx context.Context, what []lookup, pending []int, answers []as.BinMap, how asking) (still []int, why error) {
	each := 1
	if how.all {
		each = replicas
	}
	policy, version := batchReadPolicy(), briefBins()
	records := make([]as.BatchRecordIfc, 0, each*len(pending))
	reads := make([]*as.BatchRead, 0, each*len(pending))
	for _, p := range pending {
		bins, ops := what[p].bins, what[p].ops
		if what[p].brief() {
			bins, ops = version, nil
		}
		for range each {
			read := as.NewBatchRead(policy, what[p].key, bins)
			if ops != nil {
				read = as.NewBatchReadOps(policy, what[p].key, ops...)
			}
			records, reads = append(records, read), append(reads, read)
		}
	}
	s.reads.Add(1)
	whole := s.client.BatchOperate(batchPolicy(left(ctx, readBudget), how.all), records)
	needed, answered := s.fence.Witnesses(len(s.client.GetNodes())), s.now()
	together := sync.OnceValue(func() map[string]bool { return s.fence.Together(ctx, answered) })
	for i, p := range pending {
		bins, err := s.first(&what[p], reads[each*i:each*(i+1)], whole, needed, how.waited, together)
		if err == nil {
			answers[p] = bins
			continue
		}
		if _, ok := errors.AsType[errAgain](err); !ok {
			return pending, err
		}
		still, why = append(still, p), err
	}
	return still, why
}

// first is the first of the answers to one lookup that is to be believed, of a versioned
// record the newest that may be shown, as needed nodes have it, or else why none is. Where these do not
// agree it goes by which nodes are together since.
func (s *Store) first(
	what *lookup, got []*as.BatchRead, whole as.Error, needed int, waited time.Duration, together func() map[string]bool,
) (as.BinMap, error) {
	var (
		seen []sighting
		why  []error
	)
	brief := what.brief()
	for _, one := range got {
		bins, err := s.judge(&one.BatchRecord, whole)
		switch {
		case err != nil:
			why = append(why, err)
		case !what.versioned:
			return bins, nil
		default:
			if bins != nil {
				bins[binWrites], bins[binWhole] = int(one.Record.Generation), !brief
			}
			seen = append(seen, sighting{nodeOf(&one.BatchRecord), versionOf(bins), bins})
		}
	}
	if len(seen) == 0 {
		return nil, errors.Join(why...)
	}
	key, now := markOf(what.key), s.now()
	if len(got) > 1 { // all that have a copy were asked
		if needed > 1 {
			seen, needed = s.marks.among(key, seen, needed, now, together)
		}
		needed = enough(needed, nodesOf(seen), waited)
	}
	bins, err := s.marks.choose(key, seen, what.shown, needed, now)
	if err != nil {
		switch {
		case !brief:
			what.held = seen[0].bins // one of the others may have the same
		case what.held == nil:
			what.whole = true // it is not what is known
		}
		return nil, again(errors.Join(append(why, err)...))
	}
	return what.complete(bins)
}

// enough is how many nodes must have what is shown, when fewer than are needed may have answered.
func enough(needed, answered int, waited time.Duration) int {
	if waited > aloneTime {
		return min(needed, answered)
	}
	return needed
}

// complete is an answer that may be shown, with all that was asked for, or with the version
// alone if that is known. The error is errBrief if there is only the version of something new.
func (l *lookup) complete(bins as.BinMap) (as.BinMap, error) {
	is := stampOf(bins)
	if whole, _ := bins[binWhole].(bool); whole || bins == nil || is == l.known {
		return bins, nil
	}
	if l.held != nil && stampOf(l.held) == is {
		return l.held, nil
	}
	l.whole = true
	return nil, again(errBrief)
}

// judge is the answer to one lookup: its bins, nil for a record that does not exist,
// or why there is none to go by.
func (s *Store) judge(got *as.BatchRecord, whole as.Error) (as.BinMap, error) {
	node, err := nodeOf(got), got.Err
	switch {
	case got.Record != nil:
		err = nil
	case err == nil:
		err = whole
	case err.Matches(types.KEY_NOT_FOUND_ERROR):
		err = nil
	}
	switch {
	case err != nil && passing(err):
		return nil, s.againUnlessLost(brief{err})
	case err != nil:
		return nil, brief{err}
	case got.Record == nil && got.Err == nil:
		return nil, again(errors.New("the batch came back without an answer"))
	case s.fence.Outside(node):
		s.fence.Doubt()
		return nil, again(errOutside)
	case got.Record == nil:
		return nil, nil
	}
	return got.Record.Bins, nil
}

// againUnlessLost is a passing error as worth another attempt, unless the cluster has
// been without a majority for long.
func (s *Store) againUnlessLost(err error) error {
	if s.fence.Lost() {
		return fmt.Errorf("%w; %w", fence.ErrNoFooting, err)
	}
	return again(err)
}

// nodeOf names the node that answered, "" where the client does not say.
func nodeOf(r *as.BatchRecord) string {
	if r.Record != nil && r.Record.Node != nil {
		return r.Record.Node.GetName()
	}
	if e, ok := errors.AsType[*as.AerospikeError](r.Err); ok && e.Node != nil {
		return e.Node.GetName()
	}
	return ""
}

// key names a record. The sets and the user keys are this package's own, so that the
// client cannot refuse them.
func (s *Store) key(set, user string) *as.Key {
	k, err := as.NewKey(s.cfg.Namespace, set, user)
	if err != nil {
		panic(fmt.Sprintf("the key %s/%s: %v", set, user, err))
	}
	return k
}
