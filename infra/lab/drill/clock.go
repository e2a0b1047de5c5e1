package drill

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"dailyroster/infra/lab/control"
)

// appPort is where a program listens on its host.
const appPort = "8080"

// clockOff is how wrong the clock of a node is, in seconds, one way and then the other.
const clockOff = 60

func clockOrder(db string, seconds int64) control.Order {
	return control.Order{Action: control.Clock, Host: db, Process: asd, Amount: seconds}
}

// prepareClock gives a node a clock of its own, which is right.
func prepareClock(s *Script) { s.equip(clockOrder("", 0), s.Hosts(asd)[0]) }

// wrongClock lets the clock of a node be wrong while another is lost and comes back, and while it
// is lost itself.
func wrongClock(s *Script) {
	dbs := s.Hosts(asd)
	wrong, right := dbs[0], clockOrder(dbs[0], 0)
	for _, off := range []struct {
		seconds int64
		lost    string
	}{{clockOff, dbs[1]}, {-clockOff, wrong}} {
		seconds, lost := off.seconds, off.lost
		s.breaks(fmt.Sprintf("the clock of %s is %+d s off", wrong, seconds), clockOrder(wrong, seconds), right)
		s.namesClock(wrong)
		s.Work(8 * time.Second)
		s.Kill(lost, asd)
		s.Work(10 * time.Second)
		s.Start(lost, asd)
		s.UntilStable()
		s.Work(8 * time.Second)
		s.heals("the clock of "+wrong+" is right again", right)
		s.Work(5 * time.Second)
	}
}

// namesClock wants the page of the machines and what is measured to say whose clock is wrong.
func (s *Script) namesClock(db string) {
	const most = 30 * time.Second
	bound := "≤ " + Short(s.slack().of(most))
	begun := s.clock()
	s.Until("the page of the machines names "+db, most, func() bool {
		a := s.team.site.ask(s.ctx, get("/cluster"))
		return a.err == nil && a.status == http.StatusOK && strings.Contains(string(a.body), "its clock is off") && strings.Contains(string(a.body), "The clock of ")
	})
	s.verdict("the page of the machines says whose clock is off, after", true, bound, Short(s.clock()-begun))
	metric := fmt.Sprintf("roster_store_node_clock_off{node=%q} 1", s.node(db).Address)
	for _, front := range s.Hosts(rosterd) {
		own := NewSite("http://"+net.JoinHostPort(addressOf(s.state, front), appPort), 1)
		s.Until("what the alert RosterClockOff asks for, as "+front+" tells it, names "+db, most, func() bool {
			a := own.ask(s.ctx, get("/metrics"))
			return a.err == nil && strings.Contains(string(a.body), metric)
		})
		own.Close()
		s.verdict("what the alert RosterClockOff asks for, as "+front+" tells it, names it too, after", true, bound, Short(s.clock()-begun))
	}
}

func checkClock(o *outcome) {
	o.noneStale()
	o.saysWhy()
	o.tellFailed()
}

// saysWhy wants each edit that was refused to have been told when to come again.
func (o *outcome) saysWhy() {
	var bad []string
	for i := range o.history.Events {
		if e := &o.history.Events[i]; e.Status == http.StatusServiceUnavailable && e.RetryAfter == "" {
			bad = append(bad, e.failure())
		}
	}
	o.none("refusals that do not say when to come again", len(bad), bad)
}
