package drill

import (
	"context"
	"fmt"
	"slices"

	"dailyroster/infra/lab/control"
)

// tell gives the lab an order that is no fault and no healing, such as one that a fault needs first.
func (s *Script) tell(o control.Order) {
	if s.err != nil {
		return
	}
	if err := s.lab.Do(s.ctx, o); err != nil {
		s.err = fmt.Errorf("%s %s on %s: %w", o.Action, o.Process, o.Host, err)
	}
}

// equip stops database nodes, one after the other and before the load begins, gives each something
// that it can only get while it does not run, and starts it again.
func (s *Script) equip(with control.Order, dbs ...string) {
	for _, db := range dbs {
		with.Host, with.Process = db, asd
		s.tell(order(control.Stop, db, asd))
		s.undo = append(s.undo, order(control.Start, db, asd))
		s.tell(with)
		s.tell(order(control.Start, db, asd))
		s.forget(order(control.Start, db, asd))
		s.UntilStable()
	}
}

// forget says that something needs no undoing any longer.
func (s *Script) forget(undo control.Order) {
	if s.err == nil {
		s.undo = slices.DeleteFunc(s.undo, func(u control.Order) bool { return u == undo })
	}
}

// verdict says what was looked at on the way.
func (s *Script) verdict(what string, ok bool, bound, measured string, examples ...string) {
	if s.err == nil {
		s.verdicts = append(s.verdicts, Verdict{What: what, Bound: bound, Measured: measured, OK: ok, Examples: examples[:min(len(examples), 8)]})
	}
}

// repair undoes what is still broken, and starts what ended by itself: the next drill is to find the
// lab whole.
func (s *Script) repair() {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), wellTime)
	defer cancel()
	for _, order := range slices.Backward(s.undo) {
		if err := s.lab.Do(ctx, order); err != nil {
			s.say("  repair: %v", err)
		}
	}
	s.undo = nil
	state, err := s.lab.State(ctx)
	if err != nil {
		s.say("  repair: %v", err)
	}
	for _, h := range state.Hosts {
		for _, p := range h.Processes {
			if !p.Running {
				s.say("  repair: %s on %s had ended", p.Name, h.Name)
				if err := s.lab.Do(ctx, order(control.Start, h.Name, p.Name)); err != nil {
					s.say("  repair: %v", err)
				}
			}
		}
	}
}
