package telling

import (
	"context"
	"sync"
	"time"

	"dailyroster/roster/notice"
)

const (
	// perLane is how many notices are under way to one receiver, and mailLane to the mail server.
	perLane  = 2
	mailLane = 12
	// waitingInLane is the most notices that wait in a lane; more are found again later.
	waitingInLane = 5000
	// A lane whose receiver fails failsToPause times in a row pauses, from firstPause on and
	// twice as long each time, up to lastPause.
	failsToPause = 3
	firstPause   = 5 * time.Second
	lastPause    = time.Minute
)

// lanes are the ways to all receivers, each with what waits for it.
type lanes struct {
	teller *Teller
	// ctx ends when the process must wait no longer for what is under way.
	ctx    context.Context
	cancel context.CancelFunc
	under  sync.WaitGroup

	mu    sync.Mutex
	lanes map[string]*lane
	held  map[notice.ID]bool
}

// lane is the way to one receiver.
type lane struct {
	waiting []item
	working int
	fails   int
	error   string    // of the last failure
	paused  time.Time // until then
}

func newLanes(t *Teller) *lanes {
	ctx, cancel := context.WithCancel(context.Background())
	return &lanes{teller: t, ctx: ctx, cancel: cancel, lanes: map[string]*lane{}, held: map[notice.ID]bool{}}
}

// has reports whether the notice waits in a lane or is under way.
func (l *lanes) has(id notice.ID) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held[id]
}

// add hands a notice to its lane.
func (l *lanes) add(it item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := it.to.lane()
	of := l.lanes[name]
	if of == nil {
		of = &lane{}
		l.lanes[name] = of
	}
	if l.held[it.id] || len(of.waiting) >= waitingInLane {
		return
	}
	l.held[it.id] = true
	of.waiting = append(of.waiting, it)
	l.start(of)
}

// start makes workers for what waits in a lane, as many as it may have.
func (l *lanes) start(of *lane) {
	most := perLane
	if len(of.waiting) > 0 && of.waiting[0].to.lane() == "email" {
		most = mailLane
	}
	if of.fails >= failsToPause {
		most = 1 // to find out
	}
	for of.working < min(most, len(of.waiting)) && l.ctx.Err() == nil {
		of.working++
		l.under.Go(func() { l.work(of) })
	}
}

// work sends what waits in a lane, until nothing does.
func (l *lanes) work(of *lane) {
	for {
		l.mu.Lock()
		if len(of.waiting) == 0 || l.ctx.Err() != nil {
			of.working--
			l.mu.Unlock()
			return
		}
		it := of.waiting[0]
		of.waiting = of.waiting[1:]
		paused, reason := l.teller.Now().Before(of.paused), of.error
		until := of.paused
		l.mu.Unlock()

		var tried, taken bool
		if paused {
			l.teller.postpone(l.ctx, it, until, reason)
		} else {
			tried, taken, reason = l.teller.deliver(l.ctx, it)
		}

		l.mu.Lock()
		delete(l.held, it.id)
		if tried {
			of.note(taken, reason, l.teller.Now())
			l.start(of)
		}
		l.mu.Unlock()
	}
}

// note notes how an attempt went.
func (of *lane) note(taken bool, reason string, now time.Time) {
	if taken {
		of.fails, of.paused = 0, time.Time{}
		return
	}
	of.error = reason
	of.fails++
	if of.fails >= failsToPause {
		pause := firstPause
		for range of.fails - failsToPause {
			pause = min(2*pause, lastPause)
		}
		of.paused = now.Add(pause)
	}
}

// wait lets what is under way come to its end, and begins nothing more.
func (l *lanes) wait() {
	l.mu.Lock()
	for _, of := range l.lanes {
		of.waiting = nil
	}
	l.mu.Unlock()
	stop := time.AfterFunc(attemptTime, l.cancel)
	defer stop.Stop()
	l.under.Wait()
	l.cancel()
}
