package drill

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"time"

	"dailyroster/infra/lab/drill/watch"
)

// Drill is one thing that is done to the lab, and what must hold.
type Drill struct {
	Number      int
	Title, Must string
	// requests is how many must be made at least for the drill to prove something.
	requests int
	act      func(*Script)
	check    func(*outcome)

	own *ownLoad // nil where the load is the usual one
}

// ownLoad is a load other than the usual one.
type ownLoad struct {
	prepare func(*Script) // before the load begins
	workers int
	rate    float64
	first   int // how many requests a second only ask what comes first
}

const (
	fewRequests     = 2000
	manyRequests    = 20000 // where none of them may fail
	minAcknowledged = 300
)

// Drills are all of them, in the order of the design.
func Drills() []Drill {
	const asFirst = "0 failed requests, 0 acknowledged edits lost, reads ≤ 150 ms, writes ≤ 2 s"
	return []Drill{
		{1, "kill -9 one database node", asFirst, manyRequests, killOne, checkAsFirst, nil},
		{2, "it comes back with its old data", "0 stale reads, nothing deleted comes back", fewRequests, comeBack, checkNoneStale, nil},
		{3, "rolling restart of all three, one at a time", "as 1", manyRequests, rollingRestart, checkAsFirst, nil},
		{4, "freeze a database node 6 s, thaw", "as 1, 0 stale reads after", manyRequests, freezeOne, checkAsFirst, nil},
		{
			5, "cut one database node off from the two others, heal",
			"the majority as 1; the minority refuses; 0 acknowledged edits lost", fewRequests, cutOff, checkAsFirst, nil,
		},
		{
			6, "partial cut: two database nodes lose each other, both see the third and the apps",
			"0 acknowledged edits lost; stale reads ≤ 1 s", fewRequests, cutPartly, checkStaleSecond, nil,
		},
		{
			7, "kill -9 all three database nodes at once, start them again",
			"0 acknowledged edits lost; serving again ≤ 15 s", fewRequests, killAll, checkServing, nil,
		},
		{
			8, "two of three database nodes down",
			"edits refused with a clear message; the page still shows the last known roster, marked as such; recovers by itself",
			fewRequests, twoDown, checkTwoDown, nil,
		},
		{9, "kill -9 one roster process with requests under way, ten times", "0 failed requests, each edit applied exactly once", manyRequests, killApp, checkNoneFailed, nil},
		{10, "freeze one roster process", "0 failed requests", manyRequests, freezeApp, checkNoneFailed, nil},
		{
			11, "lose a whole front host; stop its nginx alone",
			"virtual IP moves ≤ 1 s; exactly one holder at any time after", fewRequests, loseFront, checkMoves, nil,
		},
		{12, "rolling upgrade of both roster processes under load", "0 failed requests", manyRequests, upgradeApps, checkNoneFailed, nil},
		{
			13, "kill -9 the program that sends, ten times, while 500 notices fall due (three nodes and a file)",
			"every notice delivered; none twice but those in flight at a kill, which have the same id; each within 30 s of its time",
			fewRequests, tellThroughKills, checkNoneStale, &ownLoad{prepare: prepareTelling(manyTold(), true)},
		},
		{
			14, "the mail server refuses, says nothing, is gone for ten minutes",
			"events in time; no mail lost or sent twice; what is over is dropped and says so",
			fewRequests, tellWithoutMail, checkNoneStale, &ownLoad{prepare: prepareTelling(someTold(), false)},
		},
		{
			15, "all three database nodes down, both programs restarted",
			"on call of every team answered within 2 s, marked; edits refused; recovers by itself",
			fewRequests, allDown, checkAllDown, &ownLoad{prepare: prepareTeams},
		},
		{
			16, "the clock of one database node 60 s ahead, then 60 s behind, with a node lost and back meanwhile",
			"0 acknowledged edits lost, 0 stale reads; what is refused says why; the cluster page and an alert name the node",
			fewRequests, wrongClock, checkClock, &ownLoad{prepare: prepareClock},
		},
		{
			17, "the disk of one database node full, then of all three, then the store's own space",
			"edits go on, then are refused clearly; 0 acknowledged edits lost; recovers when space is back",
			fewRequests, fullDisks, checkFull, &ownLoad{prepare: prepareFull},
		},
		{
			18, "one database node loses its disk and comes back empty, then another dies",
			"0 acknowledged edits lost, 0 stale reads, whole again by itself", fewRequests, loseDisk, checkNoneStale, nil,
		},
		{
			19, "links cut at random, round after round, healed in another order",
			"0 acknowledged edits lost, none applied twice or to what somebody else has changed", fewRequests, cutAtRandom, checkEdits, nil,
		},
		{20, "rolling change of a setting of all three database nodes, and back", "as 3", manyRequests, upgradeNodes, checkAsFirst, nil},
		{
			21, "slow disk and slow network on one database node", "0 failed requests, reads ≤ 300 ms, writes ≤ 3 s",
			fewRequests, slowNode, checkSlow, &ownLoad{prepare: prepareSlow},
		},
		{
			22, "steady load with one fault after the other, drawn at random", "0 acknowledged edits lost, 0 stale reads; memory and files flat",
			manyRequests, soakThrough, checkSoak, &ownLoad{prepare: superviseApps},
		},
		{
			23, fmt.Sprintf("memory of one program limited to %d MiB, under load and %d event streams", littleMemory>>20, listening),
			"0 failed requests, 0 acknowledged edits lost; it serves, or is started again by its supervisor",
			fewRequests, starve, checkStarve, &ownLoad{prepare: superviseApps},
		},
		{
			24, "freeze one program after the other, with a watchdog", "0 failed requests; nobody waits longer than 1 s",
			manyRequests, hangApps, checkNobodyWaits, &ownLoad{prepare: superviseApps},
		},
		{
			25, fmt.Sprintf("%d of the worst requests that are allowed, again and again, from one address", besiegers),
			"of 100 requests a second from others 0 fail; on call ≤ 100 ms at p99; memory under its limit",
			fewRequests, besiege, checkSiege, &ownLoad{prepareSiege, siegeWorkers, siegeRate, siegeFirst},
		},
	}
}

func killOne(s *Script) {
	db := s.Hosts(asd)[0]
	s.Kill(db, asd)
	s.Work(15 * time.Second)
	s.Start(db, asd)
}

func comeBack(s *Script) {
	db := s.Hosts(asd)[0]
	s.Kill(db, asd)
	s.Work(12 * time.Second) // edits and clears that it misses
	s.Start(db, asd)
	s.UntilStable()
	s.Work(10 * time.Second)
}

func rollingRestart(s *Script) {
	for _, db := range s.Hosts(asd) {
		s.Stop(db, asd)
		s.Start(db, asd)
		s.UntilStable()
		s.Work(2 * time.Second)
	}
}

func freezeOne(s *Script) {
	db := s.Hosts(asd)[1]
	s.Freeze(db, asd)
	s.Wait(6 * time.Second)
	s.Thaw(db, asd)
	s.Work(10 * time.Second)
}

func cutOff(s *Script) {
	dbs := s.Hosts(asd)
	s.Cut(dbs[0], dbs[1])
	s.Cut(dbs[0], dbs[2])
	s.minorityRefuses(dbs[0])
	s.Work(8 * time.Second)
	s.Heal(dbs[0], dbs[1])
	s.Heal(dbs[0], dbs[2])
	s.UntilStable()
	s.Work(5 * time.Second)
}

// minorityRefuses asks a node that was cut off just now directly. For a while it waits
// for the others to come back, and edits that it is asked for wait with it; then it must
// know that it is alone, and refuse everything.
func (s *Script) minorityRefuses(db string) {
	const (
		times   = 32
		notices = 8 * time.Second
	)
	notice := s.slack().of(notices)
	cut := s.clock()
	s.Until(db+" refuses what it is asked directly", 2*notices, func() bool {
		refused, _, err := s.node(db).Refuses(s.ctx, 1)
		return err == nil && refused == 2
	})
	if s.err != nil {
		return
	}
	after := s.clock() - cut
	var refused, served int
	s.UntilDone(db+" answers whatever it is asked", notices, func() (err error) {
		refused, served, err = s.node(db).Refuses(s.ctx, times)
		return err
	})
	v := Verdict{
		What: "reads and edits that the node cut off refused then", Bound: fmt.Sprintf("%d of %d", 2*times, 2*times),
		Measured: fmt.Sprintf("%d, %d served", refused, served), OK: refused == 2*times,
	}
	s.verdicts = append(s.verdicts, Verdict{
		What: "the node cut off, asked directly, refuses after", Bound: "≤ " + Short(notice), Measured: Short(after), OK: after <= notice,
	}, v)
}

func cutPartly(s *Script) {
	dbs := s.Hosts(asd)
	s.Cut(dbs[0], dbs[1])
	s.Wait(12 * time.Second)
	s.Heal(dbs[0], dbs[1])
	s.UntilStable()
	s.Work(5 * time.Second)
}

func killAll(s *Script) {
	s.Work(5 * time.Second)
	dbs := s.Hosts(asd)
	for _, db := range dbs {
		s.Kill(db, asd)
	}
	s.Wait(2 * time.Second)
	for _, db := range dbs {
		s.Start(db, asd)
	}
	s.UntilStable()
	s.Work(5 * time.Second)
}

func twoDown(s *Script) {
	s.Work(5 * time.Second)
	dbs := s.Hosts(asd)
	s.Kill(dbs[1], asd)
	s.Kill(dbs[2], asd)
	s.Wait(noticeTime + 2*time.Second)
	s.editsRefused(notAnswering)
	s.Wait(10 * time.Second)
	s.Start(dbs[1], asd)
	s.Start(dbs[2], asd)
	s.UntilStable()
	s.Work(5 * time.Second)
}

// What people and programs are told of why nothing can be saved.
const (
	notAnswering = "does not answer"
	noSpace      = "no space left"
)

// editsRefused tries to edit a day that the load does not, as a program and as a
// person, and wants to be told clearly that it cannot be done now, and why.
func (s *Script) editsRefused(why string) {
	if s.err != nil {
		return
	}
	const date = "2020-02-01"
	var (
		bad   []string
		times = 5
	)
	for i := range times {
		for _, q := range []request{
			s.team.put(date, Day{Primary: crew()[0], Note: fmt.Sprint("refused ", i)}, "", fmt.Sprint("refused", i)),
			s.team.save(date, &form{}, Day{Primary: crew()[0], Note: fmt.Sprint("refused ", i)}),
		} {
			if a := s.team.site.ask(s.ctx, q); a.err != nil || a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") == "" || !bytes.Contains(a.body, []byte(why)) {
				bad = append(bad, fmt.Sprintf("%s %s: got %d, Retry-After %q, %.300q, %v, want 503 with both, and %q",
					q.method, q.path, a.status, a.header.Get("Retry-After"), a.body, a.err, why))
			}
		}
	}
	s.verdicts = append(s.verdicts, Verdict{
		What: "edits refused with 503, Retry-After and a message that says why", Bound: fmt.Sprintf("%d of %d", 2*times, 2*times),
		Measured: fmt.Sprint(2*times - len(bad)), OK: len(bad) == 0, Examples: bad[:min(len(bad), 3)],
	})
}

// killApp kills one after the other several times, each with requests under way: it hangs
// for a moment before it dies, as otherwise there may be none that could be lost with it.
func killApp(s *Script) {
	const (
		rounds = 5
		hang   = 200 * time.Millisecond
	)
	for range rounds {
		for _, front := range s.Hosts(rosterd) {
			s.Hang(front, rosterd)
			s.Wait(hang)
			s.Kill(front, rosterd)
			s.Wait(2 * time.Second)
			s.Start(front, rosterd)
			s.UntilServedBy(front)
			s.Work(time.Second)
		}
	}
}

func freezeApp(s *Script) {
	front := s.Hosts(rosterd)[0]
	s.Freeze(front, rosterd)
	s.Wait(12 * time.Second)
	s.Thaw(front, rosterd)
	s.UntilServedBy(front)
}

func loseFront(s *Script) {
	s.Probe()
	s.Wait(time.Second)
	if len(s.Hosts(keepalived)) == 0 {
		// Another edge: what is lost is one nginx.
		front := s.Hosts(nginx)[0]
		s.Kill(front, nginx)
		s.Wait(8 * time.Second)
		s.Start(front, nginx)
		s.Work(5 * time.Second)
		return
	}
	holder := s.Holder()
	s.HostDown(holder)
	s.Wait(8 * time.Second)
	s.HostUp(holder)
	s.UntilServedBy(holder)
	s.Work(3 * time.Second)

	holder = s.Holder()
	s.Stop(holder, nginx)
	s.Wait(8 * time.Second)
	s.Start(holder, nginx)
	s.Work(5 * time.Second)
}

func upgradeApps(s *Script) {
	for _, front := range s.Hosts(rosterd) {
		s.Stop(front, rosterd)
		s.Start(front, rosterd)
		s.UntilServedBy(front)
		s.Work(2 * time.Second)
	}
}

func checkAsFirst(o *outcome) {
	o.asFirst()
	o.noneStale()
}

func checkNoneStale(o *outcome) {
	o.noneStale()
	o.tellFailed()
}

func checkNoneFailed(o *outcome) {
	o.noneFailed()
	o.noneStale()
	o.tell("slowest read", "%s", Short(o.figures.Reads.Max))
	o.tell("slowest edit", "%s", Short(o.figures.Writes.Max))
}

func checkStaleSecond(o *outcome) {
	o.staleWithin(time.Second)
	o.tellFailed()
}

func checkServing(o *outcome) {
	o.within("serving again after the start", 15*time.Second, o.serving(o.mark(false, 0)))
	o.noneStale()
	o.tellFailed()
}

// checkEdits judges the edits alone, as always, and tells what readers saw.
func checkEdits(o *outcome) {
	s := o.history.Stale()
	o.tell("stale reads", "%d of %d days looked at, the oldest by %s", s.Reads, s.Days, Short(s.Worst))
	bad, _ := o.history.Linear(0)
	o.tell("days that showed an edit before it counted", "%d", len(bad))
	o.tellFailed()
}

const (
	// noticeTime is how long it may take until the application knows that the store takes
	// no edits.
	noticeTime = 3 * time.Second
	// blockTime is how long the last database node goes on answering reads, from data that
	// nobody can be ahead of, as nobody can edit. What it says needs no mark.
	blockTime = 8 * time.Second
)

func checkTwoDown(o *outcome) {
	from, to := o.mark(true, 1)+noticeTime, o.mark(false, 0)
	var failed, unmarked, reads, acknowledged int
	var examples []string
	for i := range o.history.Events {
		e := &o.history.Events[i]
		switch {
		case e.Start < from || e.End >= to:
		case e.Acknowledged():
			acknowledged++
		case e.Kind == ReadPage || e.Kind == ReadRow:
			reads++
			if e.Failed() {
				failed++
				examples = append(examples, e.failure())
			} else if !e.LastKnown && e.Start > o.mark(true, 1)+blockTime {
				unmarked++
			}
		}
	}
	o.none("edits acknowledged while two are down", acknowledged, nil)
	o.add(Verdict{What: "pages and rows asked for meanwhile", Bound: "≥ 50", Measured: fmt.Sprint(reads), OK: reads >= 50})
	o.none("of them failed", failed, examples)
	o.none("of them not marked as last known, when no node answers reads any more", unmarked, nil)
	o.within("serving again after the start", 15*time.Second, o.serving(o.mark(false, 0)))
	o.noneStale()
	o.tellFailed()
}

func checkMoves(o *outcome) {
	first, healed, second := o.mark(true, 0), o.mark(false, 0), o.mark(true, 1)
	o.within("virtual IP silent after the loss of a host", time.Second, o.probes.Silence(first, healed))
	if second == o.end {
		o.noneFailed()
		o.noneStale()
		return
	}
	o.within("virtual IP silent while the host comes back", time.Second, o.probes.Silence(healed, second))
	o.within("virtual IP silent after nginx is stopped", time.Second, o.probes.Silence(second, o.end))
	var nobody, both time.Duration
	for _, span := range o.watched.Holders {
		switch length := span.To - span.From; {
		case span.Value == "":
			nobody = max(nobody, length)
		case slices.Contains([]byte(span.Value), ' '):
			both += length
		}
	}
	o.within("virtual IP without a holder", time.Second, nobody)
	o.within("virtual IP with two holders, in all", watch.HolderPause*2, both)
	o.noneStale()
	o.tellFailed()
	o.tell("requests that net/http sent again", "%d", o.figures.Resent)
}
