package drill

import (
	"fmt"
	"time"

	"dailyroster/infra/lab/control"
)

// superviseApps lets happen to both programs what their unit says, until the drill is over.
func superviseApps(s *Script) {
	for _, front := range s.Hosts(rosterd) {
		s.Supervise(front, rosterd)
	}
}

// Supervise lets a process be started again when it ends, and be ended when it hangs. It is no fault.
func (s *Script) Supervise(host, process string) {
	s.tell(order(control.Supervise, host, process))
	s.undo = append(s.undo, order(control.Leave, host, process))
}

// restarts is how often the supervisor has started a program since it was asked to.
func (s *Script) restarts(host string) int {
	state, err := s.lab.State(s.ctx)
	if err != nil && s.err == nil {
		s.err = err
	}
	h, _ := state.Host(host)
	p, _ := h.Process(rosterd)
	return p.Restarts
}

// hangApps freezes one program after the other, which nobody thaws or kills: that is left to whoever
// started it.
func hangApps(s *Script) {
	const rounds = 3
	for range rounds {
		for _, front := range s.Hosts(rosterd) {
			s.hangUntilRestarted(front)
			s.UntilServedBy(front)
			s.Work(3 * time.Second)
		}
	}
	s.restartVerdict(rounds * len(s.Hosts(rosterd)))
}

// hangUntilRestarted freezes a program, and waits until it was ended and runs again.
func (s *Script) hangUntilRestarted(front string) {
	before := s.restarts(front)
	s.Hang(front, rosterd)
	s.Until(front+"'s program was ended and started again", noticeTime+10*time.Second, func() bool { return s.restarts(front) > before })
	s.healed(front+"'s program was ended and started again", order(control.Start, front, rosterd))
}

// restartVerdict wants the supervisor to have started the programs so often, and no oftener.
func (s *Script) restartVerdict(want int) {
	total := 0
	for _, front := range s.Hosts(rosterd) {
		total += s.restarts(front)
	}
	s.verdict("programs that their supervisor ended and started again", total == want, fmt.Sprint(want), fmt.Sprint(total))
}

func checkNobodyWaits(o *outcome) {
	o.noneFailed()
	o.within("the longest that anybody waited for an answer", time.Second, max(o.figures.Reads.Max, o.figures.Writes.Max))
	o.noneStale()
}
