package drill

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"time"

	"dailyroster/infra/lab/control"
)

// A soak is a fault in every period, for as long as it takes.
type soakLength struct{ long, period time.Duration }

// soak is how long it is: two hours where it is asked for by name, some minutes among the other
// drills.
func (s *Settings) soak() soakLength {
	switch {
	case s.Soak:
		return soakLength{2 * time.Hour, 5 * time.Minute}
	case s.Brief:
		return soakLength{40 * time.Second, 8 * time.Second}
	default:
		return soakLength{10 * time.Minute, 40 * time.Second}
	}
}

// A soakFault is something that can happen to a host.
type soakFault struct {
	process string // one of the hosts that have it is drawn
	do      func(s *Script, host string)
}

// soakFaults are what can happen. Each is healed at its end.
func soakFaults() []soakFault {
	const while = 6 * time.Second
	killed := func(process string, work time.Duration) func(*Script, string) {
		return func(s *Script, host string) {
			s.Kill(host, process)
			s.Work(work)
			s.Start(host, process)
		}
	}
	return []soakFault{
		{asd, killed(asd, 15*time.Second)},
		{asd, func(s *Script, db string) {
			s.Stop(db, asd)
			s.Start(db, asd)
		}},
		{asd, func(s *Script, db string) {
			s.Freeze(db, asd)
			s.Wait(while)
			s.Thaw(db, asd)
		}},
		{asd, func(s *Script, db string) {
			s.Kill(db, asd)
			s.Wipe(db, asd)
			s.Start(db, asd)
		}},
		{asd, func(s *Script, db string) {
			others := slices.DeleteFunc(s.Hosts(asd), func(other string) bool { return other == db })
			for _, other := range others {
				s.Cut(db, other)
			}
			s.Wait(while)
			for _, other := range others {
				s.Heal(db, other)
			}
		}},
		{asd, func(s *Script, db string) {
			fast := order(control.Fast, db, "")
			s.breaks(db+" gets a slow cable", order(control.Slow, db, ""), fast)
			s.Work(20 * time.Second)
			s.heals(db+" is as fast as before", fast)
		}},
		{rosterd, killed(rosterd, 2*time.Second)},
		{rosterd, func(s *Script, front string) { s.hangUntilRestarted(front) }},
		{nginx, killed(nginx, 5*time.Second)},
		{nginx, func(s *Script, front string) {
			s.HostDown(front)
			s.Work(8 * time.Second)
			s.HostUp(front)
		}},
	}
}

// soakThrough lets one fault after the other happen, and looks meanwhile at what the processes take
// of the machine.
func soakThrough(s *Script) {
	length := s.soak()
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0)) // #nosec G404 -- it only has to vary
	s.say("  a fault every %s for %s, seed %d", length.period, length.long, seed)
	var faults []soakFault
	var taken []taken
	begun, happened := s.clock(), 0
	for s.err == nil && s.clock()-begun < length.long {
		if len(faults) == 0 { // each once, then again in another order
			faults = soakFaults()
			random.Shuffle(len(faults), func(i, j int) { faults[i], faults[j] = faults[j], faults[i] })
		}
		hosts := s.Hosts(faults[0].process)
		faults[0].do(s, hosts[random.IntN(len(hosts))])
		faults = faults[1:]
		happened++
		s.untilWell()
		s.Wait(begun + time.Duration(happened)*length.period - s.clock())
		taken = append(taken, s.taken()...)
	}
	s.verdict("faults that happened and were healed", happened > 2, "> 2", fmt.Sprint(happened), fmt.Sprintf("seed %d", seed))
	s.flat(taken)
}

// taken is what a process takes of the machine at some time.
type taken struct {
	who    string // front1/roster
	memory int64  // bytes
	files  int    // that are open
}

// taken looks at all programs of the site. What a database node takes is its cache, which it fills.
func (s *Script) taken() []taken {
	var all []taken
	for _, h := range s.state.Hosts {
		for _, p := range h.Processes {
			if p.Name == asd || !p.Running {
				continue
			}
			bytes, err := memoryOf(p.PID, "VmRSS")
			open, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.PID)) // the pattern is none that could be wrong
			if err != nil {
				continue // it has just ended
			}
			all = append(all, taken{h.Name + "/" + p.Name, bytes, len(open)})
		}
	}
	return all
}

// flat wants no process to take more in the last third of the time than in the first, but for what
// comes and goes. Among the brief drills it only tells how much memory that was: they are over before
// a program that was just started has filled what it keeps.
func (s *Script) flat(all []taken) {
	const (
		factor      = 1.3
		spareMemory = 32 << 20
		spareFiles  = 50
	)
	by := map[string][]taken{}
	for _, t := range all {
		by[t.who] = append(by[t.who], t)
	}
	names := make([]string, 0, len(by))
	for who := range by {
		names = append(names, who)
	}
	slices.Sort(names)
	for _, who := range names {
		third := max(len(by[who])/3, 1)
		first, last := middle(by[who][:third]), middle(by[who][len(by[who])-third:])
		bound := fmt.Sprintf("≤ %.1f times that in the first, and %d MiB", factor, spareMemory>>20)
		holds := float64(last.memory) <= factor*float64(first.memory)+spareMemory
		if s.Brief {
			bound, holds = "", true
		}
		s.verdict("memory of "+who+" in the last third", holds, bound,
			fmt.Sprintf("%d MiB, in the first %d MiB", last.memory>>20, first.memory>>20))
		s.verdict("open files of "+who+" in the last third", last.files <= first.files+spareFiles,
			fmt.Sprintf("≤ %d more than in the first", spareFiles), fmt.Sprintf("%d, in the first %d", last.files, first.files))
	}
}

// middle is the median of each.
func middle(all []taken) taken {
	memory, files := slices.Clone(all), slices.Clone(all)
	slices.SortFunc(memory, func(a, b taken) int { return cmp.Compare(a.memory, b.memory) })
	slices.SortFunc(files, func(a, b taken) int { return cmp.Compare(a.files, b.files) })
	return taken{all[0].who, memory[len(memory)/2].memory, files[len(files)/2].files}
}

func checkSoak(o *outcome) {
	o.noneStale()
	o.tellFailed()
	o.tell("slowest read", "%s", Short(o.figures.Reads.Max))
	o.tell("slowest edit", "%s", Short(o.figures.Writes.Max))
}
