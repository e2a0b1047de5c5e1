package drill

import (
	"fmt"
	"time"
)

// loseDisk takes a node's disk. When the cluster says that it is whole again, the copies that the
// node has got must be good: another node dies, and what the two left say is all there is.
func loseDisk(s *Script) {
	dbs := s.Hosts(asd)
	s.Kill(dbs[0], asd)
	s.Wipe(dbs[0], asd)
	s.Work(10 * time.Second) // edits and clears that it misses, too
	s.Start(dbs[0], asd)
	s.UntilStable()
	s.holdsItsShare(dbs[0])
	s.Work(10 * time.Second)
	s.Kill(dbs[1], asd)
	s.Work(10 * time.Second)
	s.Start(dbs[1], asd)
	s.UntilStable()
}

// holdsItsShare wants a node of three, each of which has two thirds of all records, to have at
// least half as many as another.
func (s *Script) holdsItsShare(db string) {
	counts := map[string]int{}
	for _, host := range s.Hosts(asd) {
		s.UntilDone(host+" says how many records it has", wellTime, func() (err error) {
			counts[host], err = s.node(host).Objects(s.ctx)
			return err
		})
	}
	if s.err != nil {
		return
	}
	most := 0
	for _, n := range counts {
		most = max(most, n)
	}
	s.verdicts = append(s.verdicts, Verdict{
		What: "records that the emptied node has again", Bound: fmt.Sprintf("≥ %d, half of another's", most/2),
		Measured: fmt.Sprint(counts[db]), OK: most > 0 && counts[db] >= most/2,
	})
}
