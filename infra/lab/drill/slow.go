package drill

import (
	"time"

	"dailyroster/infra/lab/control"
)

// prepareSlow gives the node that is to be slow a disk of its own.
func prepareSlow(s *Script) { s.equip(control.Order{Action: control.Disk}, s.Hosts(asd)[0]) }

// slowNode lets the packets of a node take longer, and its disk take few writes.
func slowNode(s *Script) {
	db := s.Hosts(asd)[0]
	slow, fast := order(control.Slow, db, ""), order(control.Fast, db, "")
	s.breaks(db+" gets a slow cable and a slow disk", slow, fast)
	s.Work(40 * time.Second)
	s.heals(db+" is as fast as before", fast)
	s.Work(5 * time.Second)
}

func checkSlow(o *outcome) {
	const reads, edits = 300 * time.Millisecond, 3 * time.Second
	o.noneFailed()
	o.within("slowest read", reads, o.figures.Reads.Max)
	o.within("slowest edit", edits, o.figures.Writes.Max)
	slow := o.history.Figures(o.mark(true, 0), o.mark(false, 0))
	o.tell("99 of 100 reads meanwhile", "%s", Short(slow.Reads.P99))
	o.tell("99 of 100 edits meanwhile", "%s", Short(slow.Writes.P99))
	o.noneStale()
	o.limits = []Limit{{"reads", o.slack.of(reads)}, {"edits", o.slack.of(edits)}}
}
