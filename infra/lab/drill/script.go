package drill

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dailyroster/infra/lab/control"
	"dailyroster/infra/lab/drill/node"
	"dailyroster/infra/lab/drill/watch"
)

// The processes of a lab.
const (
	asd        = "asd"
	keepalived = "keepalived"
	nginx      = "nginx"
	rosterd    = "roster"
)

// Settings are what a run of drills is made with.
type Settings struct {
	// URL of the site; by default the lab's virtual IP over HTTP.
	URL     string
	Workers int
	Rate    float64 // requests a second
	// Warm and Settle are how long the load runs before the first fault and after all is
	// well again.
	Warm, Settle time.Duration
	// Brief is content with few requests where many are asked for, and with ten times the
	// times that are promised: it finds what hangs, on any machine. The load works less long
	// between two steps: see Script.Work.
	Brief bool
	// Soak lets the drill that can take any time take two hours.
	Soak bool
	// Histories is the folder for them, "" to keep none.
	Histories string
	// Say shows the progress.
	Say func(string)
}

func (s *Settings) slack() slack {
	if s.Brief {
		return 10
	}
	return 1
}

// Script is a drill that is under way. Its steps do nothing once one has failed.
type Script struct {
	Settings
	drill Drill
	ctx   context.Context
	lab   *control.Client
	state control.State
	team  *Team
	load  *Load
	begun time.Time
	err   error

	marks    []Mark
	undo     []control.Order
	probes   *watch.Probes
	victim   *victim
	telling  *telling
	others   []*Team // beside the one that the load works on
	memory   []memory
	verdicts []Verdict // of what was looked at on the way
}

const (
	drillTime = 15 * time.Minute
	wellTime  = 2 * time.Minute
)

// Run does a drill and says what came of it.
func Run(ctx context.Context, lab *control.Client, d Drill, settings Settings) Result {
	ctx, cancel := context.WithTimeout(ctx, drillTime+settings.soak().long)
	defer cancel()
	if settings.Brief {
		d.requests = min(d.requests, fewRequests)
	}
	own := ownLoad{prepare: func(*Script) {}}
	if d.own != nil {
		own = *d.own
	}
	if own.workers == 0 {
		own.workers, own.rate = settings.Workers, settings.Rate
	}
	d.own = &own
	s := &Script{Settings: settings, drill: d, ctx: ctx, lab: lab, begun: time.Now()}
	result := Result{Number: d.Number, Title: d.Title, Must: d.Must, Begun: s.begun.UTC()}
	s.say("drill %d: %s", d.Number, d.Title)
	if err := s.run(&result); err != nil {
		result.Error = err.Error()
	}
	result.Passed = result.Error == "" && !slices.ContainsFunc(result.Verdicts, func(v Verdict) bool { return !v.OK })
	return result
}

func (s *Script) say(format string, values ...any) { s.Say(fmt.Sprintf(format, values...)) }

func (s *Script) run(result *Result) error {
	if err := s.prepare(); err != nil {
		return err
	}
	// Whatever becomes of the script, the lab is whole afterwards.
	defer s.repair()

	own := s.drill.own
	defer s.leave()
	own.prepare(s)
	if s.err != nil {
		return s.err
	}
	site := NewSite(s.URL, own.workers+1)
	defer site.Close()
	var err error
	if s.team, err = site.NewTeam(s.ctx, fmt.Sprintf("drill-%d-%s", s.drill.Number, s.begun.UTC().Format("20060102-150405"))); err != nil {
		return err
	}
	s.begun = time.Now()
	watch := watch.Start(s.ctx, s.state, s.clock)
	s.load = NewLoad(s.team, own.workers, own.rate-float64(own.first), s.clock)
	s.load.AskFirst(own.first)
	s.load.From(s.state.CallerAddresses)
	s.load.Start(s.ctx)

	s.Work(s.Warm)
	s.drill.act(s)
	s.settle()

	end := s.clock()
	s.load.End()
	watched, err := watch.End()
	if s.probes != nil {
		s.probes.End()
	}
	if err := errors.Join(s.err, err); err != nil {
		s.err = nil
		s.repair() // else the history could not be asked for
		s.say("  the script broke: %v", err)
		s.err = err
	}
	s.load.Settle(s.ctx, 4)
	history := &History{Events: s.load.End()}
	entries, err := s.team.Changes(s.ctx)
	if err != nil {
		return errors.Join(s.err, err)
	}
	history.Entries = entries
	if err := s.keep(history); err != nil {
		return err
	}

	o := &outcome{history: history, marks: s.marks, watched: watched, end: end, slack: s.slack(), probes: s.probes, figures: history.Figures(0, end)}
	counted := history.Count()
	o.enough(s.drill.requests, minAcknowledged, counted)
	s.drill.check(o)
	o.counted(counted)
	o.tell("longest time that the machine held up the load itself", "%s", Short(watched.LongestStall()))
	result.Verdicts = slices.Concat(o.all, s.verdicts)
	result.Limits = o.limits
	result.Figures, result.Marks, result.Watched = o.figures, s.marks, watched
	result.Bins, result.BinTime = history.Bins()
	return s.err
}

func (s *Script) clock() time.Duration { return time.Since(s.begun) }

func (s *Script) keep(h *History) error {
	if s.Histories == "" {
		return nil
	}
	f, err := os.Create(filepath.Join(s.Histories, s.team.ID+".jsonl"))
	if err != nil {
		return err
	}
	return errors.Join(h.Write(f), f.Close())
}

// prepare wants the lab whole before anything is done to it.
func (s *Script) prepare() error {
	var err error
	if s.state, err = s.lab.State(s.ctx); err != nil {
		return err
	}
	if s.URL == "" {
		s.URL = "http://" + s.state.VirtualIP
	}
	s.untilWell()
	return s.err
}

// now is a mark, which it says.
func (s *Script) now(fault bool, label string) Mark {
	m := Mark{s.clock(), label, fault}
	s.say("  %6.1f s  %s", m.At.Seconds(), label)
	return m
}

// mark marks the time of what is no order to the lab.
func (s *Script) mark(fault bool, label string) { s.marks = append(s.marks, s.now(fault, label)) }

// do carries out an order and marks the time: of a fault before it is made, of a
// healing after.
func (s *Script) do(fault bool, label string, order control.Order) {
	if s.err != nil {
		return
	}
	m := s.now(fault, label)
	if err := s.lab.Do(s.ctx, order); err != nil {
		s.err = fmt.Errorf("%s: %w", label, err)
		return
	}
	if !fault {
		m.At = s.clock()
	}
	s.marks = append(s.marks, m)
}

func (s *Script) breaks(label string, order, undo control.Order) {
	s.undo = append(s.undo, undo)
	s.do(true, label, order)
}

// healed marks what became well without an order, that undoing it no longer needs.
func (s *Script) healed(label string, undo control.Order) {
	if s.err == nil {
		s.mark(false, label)
		s.forget(undo)
	}
}

func (s *Script) heals(label string, order control.Order) {
	s.do(false, label, order)
	s.forget(order)
}

// The steps. Kill, Stop, Freeze, Hang, Cut and HostDown break something; Start, Thaw, Heal
// and HostUp heal it.

// Kill ends a process at once.
func (s *Script) Kill(host, process string) {
	s.breaks("kill -9 "+process+" on "+host, order(control.Kill, host, process), order(control.Start, host, process))
}

// Stop asks a process to end and waits until it has.
func (s *Script) Stop(host, process string) {
	s.breaks("stop "+process+" on "+host, order(control.Stop, host, process), order(control.Start, host, process))
}

// Start starts a process.
func (s *Script) Start(host, process string) {
	s.heals("start "+process+" on "+host, order(control.Start, host, process))
}

// Freeze stops a process without ending it.
func (s *Script) Freeze(host, process string) {
	s.breaks("freeze "+process+" on "+host, order(control.Freeze, host, process), order(control.Thaw, host, process))
}

// Hang freezes a process that is killed next; it is healed by starting it.
func (s *Script) Hang(host, process string) {
	s.breaks("hang "+process+" on "+host, order(control.Freeze, host, process), order(control.Start, host, process))
}

// Thaw lets it go on.
func (s *Script) Thaw(host, process string) {
	s.heals("thaw "+process+" on "+host, order(control.Thaw, host, process))
}

// Cut lets two hosts lose each other.
func (s *Script) Cut(a, b string) {
	s.breaks("cut "+a+" from "+b, control.Order{Action: control.Cut, Host: a, Peer: b}, control.Order{Action: control.Heal, Host: a, Peer: b})
}

// Heal joins them again.
func (s *Script) Heal(a, b string) {
	s.heals("join "+a+" and "+b, control.Order{Action: control.Heal, Host: a, Peer: b})
}

// HostDown is the loss of a host.
func (s *Script) HostDown(host string) {
	s.breaks("lose "+host, order(control.HostDown, host, ""), order(control.HostUp, host, ""))
}

// HostUp brings it back.
func (s *Script) HostUp(host string) {
	s.heals(host+" comes back", order(control.HostUp, host, ""))
}

// Wipe empties the disk of a process that was killed. Nothing undoes it; the start of the process
// heals what can be.
func (s *Script) Wipe(host, process string) {
	s.do(true, "the disk of "+process+" on "+host+" is empty", order(control.Wipe, host, process))
}

func order(action control.Action, host, process string) control.Order {
	return control.Order{Action: action, Host: host, Process: process}
}

// Wait lets time pass, in which something must happen or must not.
func (s *Script) Wait(d time.Duration) {
	if s.err != nil {
		return
	}
	select {
	case <-s.ctx.Done():
		s.err = s.ctx.Err()
	case <-time.After(d):
	}
}

// Work lets the load work for a time that is only for that: nothing runs out in it, and
// nothing is measured by it. As fewer requests make a brief drill, it takes less.
func (s *Script) Work(d time.Duration) {
	const briefly = 0.4
	if s.Brief {
		d = time.Duration(briefly * float64(d))
	}
	s.Wait(d)
}

// Until waits for something, and fails when it does not come. Like all times, this one is ten times as
// long in a brief drill, but for half of what a drill may take.
func (s *Script) Until(what string, most time.Duration, is func() bool) {
	const pause = 100 * time.Millisecond
	most = min(s.slack().of(most), drillTime/2)
	for begun := time.Now(); s.err == nil && !is(); s.Wait(pause) {
		if time.Since(begun) > most {
			s.err = fmt.Errorf("after %s: still not %s", most, what)
		}
	}
}

// UntilDone repeats what may fail on a busy machine until it does not, and else fails with its last
// error.
func (s *Script) UntilDone(what string, most time.Duration, do func() error) {
	var err error
	s.Until(what, most, func() bool {
		err = do()
		return err == nil
	})
	if s.err != nil && err != nil {
		s.err = fmt.Errorf("%w: %w", s.err, err)
	}
}

// untilWell waits until every process runs, the cluster is whole and the site answers.
func (s *Script) untilWell() {
	s.Until("every process of the lab runs", wellTime, func() bool {
		state, err := s.lab.State(s.ctx)
		if err != nil {
			s.err = err
			return false
		}
		s.state = state
		for _, h := range state.Hosts {
			if slices.ContainsFunc(h.Processes, func(p control.Process) bool { return !p.Running || p.Frozen }) {
				return false
			}
		}
		return true
	})
	s.UntilStable()
	site := NewSite(s.URL, 1)
	defer site.Close()
	s.Until("the site is ready", wellTime, func() bool {
		a := site.ask(s.ctx, get("/readyz"))
		return a.err == nil && a.status == 200
	})
}

// UntilStable waits until all database nodes are one cluster with all data in place.
func (s *Script) UntilStable() {
	dbs := s.Hosts(asd)
	s.Until("the cluster is whole", wellTime, func() bool {
		return !slices.ContainsFunc(dbs, func(name string) bool { return !s.node(name).IsStable(s.ctx, len(dbs)) })
	})
}

// UntilServedBy waits until an application answers to the load again.
func (s *Script) UntilServedBy(name string) {
	since := s.clock()
	s.Until(name+" answers again", wellTime, func() bool { return s.load.servedBySince(name, since) })
}

// settle ends the load when it is enough and the lab has been well for a while.
func (s *Script) settle() {
	if s.err != nil {
		return
	}
	s.untilWell()
	s.Work(s.Settle)
	if s.Brief {
		s.load.Hurry() // all that is done is done: what is missing is requests
	}
	// While the store is away, edits are asked for and refused: there may be few yet. There may be none
	// at all, which a verdict says.
	few := func() bool {
		asked, wanted := s.load.Asked(), s.drill.requests
		return asked < wanted || s.load.Made() < minAcknowledged && asked < 2*wanted
	}
	for said := time.Now(); s.err == nil && few(); s.Wait(100 * time.Millisecond) {
		if time.Since(said) > 15*time.Second {
			said = time.Now()
			s.say("  %6.1f s  %d of %d requests", s.clock().Seconds(), s.load.Asked(), s.drill.requests)
		}
	}
}

// Hosts are the names of the hosts with a process, in order.
func (s *Script) Hosts(process string) []string {
	var names []string
	for _, h := range s.state.Hosts {
		if _, ok := h.Process(process); ok {
			names = append(names, h.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Holder is the host that has the virtual IP.
func (s *Script) Holder() string {
	state, err := s.lab.State(s.ctx)
	if err != nil {
		s.err = errors.Join(s.err, err)
		return ""
	}
	if holders := state.Holders(); len(holders) == 1 {
		return holders[0]
	}
	s.err = errors.Join(s.err, fmt.Errorf("the virtual IP is on %v, not on one host", state.Holders()))
	return ""
}

func (s *Script) node(host string) node.Node {
	h, _ := s.state.Host(host)
	return node.Of(h)
}

// Probe begins to ask the virtual IP every few milliseconds.
func (s *Script) Probe() { s.probes = watch.Ask(s.ctx, s.URL+"/livez", s.clock) }
