package drill

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

const (
	cutRounds      = 20
	cutRoundsBrief = 4
	// cutMost is how long one link stays cut at most, alone. It is longer than the time after which
	// a node that hears nothing of another goes on without it.
	cutMost = 6 * time.Second
)

// link is what lies between two hosts.
type link struct{ a, b string }

// cutter cuts what chance says.
type cutter struct {
	*rand.Rand
	dbs, fronts []string
}

// any is one to three of the links between the database hosts, and between them and the front
// hosts.
func (c cutter) any() []link {
	var links []link
	for i, db := range c.dbs {
		for _, other := range slices.Concat(c.dbs[i+1:], c.fronts) {
			links = append(links, link{db, other})
		}
	}
	c.shuffle(links)
	return links[:1+c.IntN(3)]
}

// blind leaves a front host with two database hosts that do not see each other: what it takes for
// the cluster is none.
func (c cutter) blind() []link {
	c.Shuffle(len(c.dbs), func(i, j int) { c.dbs[i], c.dbs[j] = c.dbs[j], c.dbs[i] })
	return []link{{c.dbs[0], c.fronts[c.IntN(len(c.fronts))]}, {c.dbs[1], c.dbs[2]}}
}

func (c cutter) shuffle(links []link) {
	c.Shuffle(len(links), func(i, j int) { links[i], links[j] = links[j], links[i] })
}

// alone leaves a database host with none of the others, after a time with just one of them: that one
// has what the third, which is about to be the master, never gets.
func (c cutter) alone() []link {
	c.Shuffle(len(c.dbs), func(i, j int) { c.dbs[i], c.dbs[j] = c.dbs[j], c.dbs[i] })
	return []link{{c.dbs[0], c.dbs[1]}, {c.dbs[0], c.dbs[2]}}
}

// cutAtRandom cuts links after each other, and heals them in another order. Each second round cuts
// any, and begins in what the one before has left.
func cutAtRandom(s *Script) {
	seed := uint64(time.Now().UnixNano())
	s.say("  the seed is %d", seed)
	s.verdicts = append(s.verdicts, Verdict{What: "seed of the random cuts", Measured: fmt.Sprint(seed), OK: true})
	c := cutter{rand.New(rand.NewPCG(seed, 0)), s.Hosts(asd), s.Hosts(rosterd)} //nolint:gosec // chosen, not secret
	pause := func(most time.Duration) { s.Wait(time.Duration(c.Int64N(int64(most)))) }
	rounds := cutRounds
	if s.Brief {
		rounds = cutRoundsBrief
	}
	for round := range rounds {
		if s.err != nil {
			return
		}
		last := round%2 == 1
		var cut []link
		switch {
		case last:
			cut = c.any()
		case round%4 == 0:
			cut = c.blind()
		default:
			cut = c.alone()
		}
		for _, l := range cut {
			s.Cut(l.a, l.b)
			pause(time.Second)
		}
		pause(cutMost)
		c.shuffle(cut)
		for _, l := range cut {
			s.Heal(l.a, l.b)
			pause(time.Second)
		}
		if last {
			s.UntilStable()
		}
	}
	s.UntilStable()
	s.Work(5 * time.Second)
}
