package drill

import (
	"fmt"
	"time"

	"dailyroster/infra/lab/control"
)

// prepareFull gives every database node a small disk of its own.
func prepareFull(s *Script) { s.equip(control.Order{Action: control.Disk}, s.Hosts(asd)...) }

// fullDisks fills the disk of one node, then of all. The store has taken its space before, so that
// nobody notices. Then that is filled, too.
func fullDisks(s *Script) {
	dbs := s.Hosts(asd)
	for i, db := range dbs {
		s.breaks("the disk of "+db+" is full", order(control.Fill, db, asd), order(control.Space, db, asd))
		if i == 0 {
			s.Work(20 * time.Second)
		}
	}
	s.Work(20 * time.Second)
	if s.err != nil {
		return
	}
	s.mark(true, "the store's own space is being filled")
	records := s.fillStore()
	s.editsRefused(noSpace)
	s.Wait(5 * time.Second)
	for _, db := range dbs {
		s.heals("the disk of "+db+" has space", order(control.Space, db, asd))
	}
	s.UntilDone("the records that only take space are taken away", spaceTime, func() error { return s.node(dbs[0]).Empty(s.ctx) })
	s.healed("the store has space", control.Order{})
	s.shrink(records)
	s.UntilStable()
	s.Work(5 * time.Second)
}

// fillStore writes records that are of no use until every node says that it takes none. The nodes look
// every ten seconds how much space there is: they must not be filled faster than they can notice.
func (s *Script) fillStore() (records int) {
	const (
		size   = 512 << 10
		pause  = 170 * time.Millisecond
		slowly = 35 // percent that are free, from which on there is a pause
		most   = 3 * time.Minute
		enough = 30 // refusals in a row: a node passes a record on to the one that has it
	)
	dbs := s.Hosts(asd)
	begun := time.Now()
	for refused := 0; s.err == nil && refused < enough; records++ {
		full, err := s.node(dbs[records%len(dbs)]).Fill(s.ctx, records, size)
		switch {
		case full:
			refused++
			continue
		case err == nil:
			refused = 0
		}
		if time.Since(begun) > most {
			s.err = fmt.Errorf("after %s the store still has space", most)
		}
		if free, err := s.node(dbs[records%len(dbs)]).Free(s.ctx); err != nil || free <= slowly {
			s.Wait(pause)
		}
	}
	return records
}

// shrink leaves next to nothing of the records, so that they do not come back with a node.
func (s *Script) shrink(records int) {
	db := s.node(s.Hosts(asd)[0])
	for i := range records {
		s.Until("the nodes take writes again", spaceTime, func() bool {
			full, err := db.Fill(s.ctx, i, 1)
			return err == nil && !full
		})
	}
}

// What there is for edits when the store has its space back: the nodes look every ten seconds.
const spaceTime = 30 * time.Second

func checkFull(o *outcome) {
	filled := o.mark(true, 3)
	full := o.history.Figures(o.mark(true, 0), filled)
	o.none("failed requests while disks are full", full.Failed, full.Failures)
	acknowledged := 0
	for i := range o.history.Events {
		if e := &o.history.Events[i]; e.Acknowledged() && e.begunIn(o.mark(true, 2), filled) {
			acknowledged++
		}
	}
	o.add(Verdict{What: "edits acknowledged while all three disks are full", Bound: "≥ 20", Measured: fmt.Sprint(acknowledged), OK: acknowledged >= 20})
	o.within("serving edits again after the store has space", spaceTime, o.serving(o.mark(false, 3)))
	o.saysWhy()
	o.noneStale()
	o.tellFailed()
}
