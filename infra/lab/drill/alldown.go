package drill

import (
	"bytes"
	"fmt"
	"net/http"
	"time"
)

const (
	// otherTeams is how many teams there are besides the one that the load works on. Nobody
	// looks at them before all is down.
	otherTeams = 25
	// copied is how long an instance may take until its copy has what was saved.
	copied = 15 * time.Second
	// saidWithin is within what a program that starts without any database says who is on call.
	saidWithin = 2 * time.Second
)

// prepareTeams makes the other teams, each with somebody on call.
func prepareTeams(s *Script) {
	site := NewSite(s.URL, 1)
	defer site.Close()
	today := time.Now().UTC()
	for i := range otherTeams {
		team, err := site.NewTeam(s.ctx, fmt.Sprintf("down-%s-%d", s.begun.UTC().Format("20060102-150405"), i))
		if err != nil {
			s.err = err
			return
		}
		for _, day := range []time.Time{today.AddDate(0, 0, -1), today} { // of which one is on call now, whenever its hand-off is
			a := site.ask(s.ctx, team.put(day.Format(time.DateOnly), Day{Primary: crew()[i%len(crew())], Note: "on call"}, "", fmt.Sprint(team.ID, day.Day())))
			if a.err != nil || a.status != http.StatusOK {
				s.err = fmt.Errorf("a day of %s: got %d, %w", team.ID, a.status, a.err)
				return
			}
		}
		s.others = append(s.others, team)
	}
}

func allDown(s *Script) {
	s.Work(copied)
	dbs := s.Hosts(asd)
	for _, db := range dbs {
		s.Kill(db, asd)
	}
	for _, front := range s.Hosts(rosterd) {
		s.Kill(front, rosterd)
		s.Start(front, rosterd)
	}
	for _, front := range s.Hosts(rosterd) {
		s.UntilServedBy(front)
	}
	s.onCallOfAll()
	s.editsRefused(notAnswering)
	s.Wait(5 * time.Second)
	for _, db := range dbs {
		s.Start(db, asd)
	}
	s.UntilStable()
	s.Work(5 * time.Second)
}

// onCallOfAll asks, for each of the other teams, who is on call, of one program and the next as
// it comes.
func (s *Script) onCallOfAll() {
	if s.err != nil {
		return
	}
	var worst time.Duration
	var bad []string
	asked := 0
	for range 2 {
		for i, team := range s.others {
			for _, path := range []string{api + "/teams/" + team.ID + "/oncall", "/teams/" + team.ID} {
				begun := time.Now()
				a := s.team.site.ask(s.ctx, get(path))
				took := time.Since(begun)
				worst = max(worst, took)
				asked++
				if a.err != nil || a.status != http.StatusOK || a.header.Get("X-Roster-As-Of") == "" || !bytes.Contains(a.body, []byte(crew()[i%len(crew())])) || took > s.slack().of(saidWithin) {
					bad = append(bad, fmt.Sprintf("%s: got %d after %s, as of %q, %v", path, a.status, Short(took), a.header.Get("X-Roster-As-Of"), a.err))
				}
			}
		}
	}
	s.verdicts = append(s.verdicts, Verdict{
		What: fmt.Sprintf("who is on call in %d teams that nobody had looked at, by page and API, marked and within 2 s", len(s.others)), Bound: fmt.Sprintf("%d of %d", asked, asked),
		Measured: fmt.Sprintf("%d, the slowest after %s", asked-len(bad), Short(worst)), OK: len(bad) == 0 && asked > 0, Examples: bad[:min(len(bad), 3)],
	})
}

func checkAllDown(o *outcome) {
	o.within("serving edits again after the start of the databases", 15*time.Second, o.serving(o.mark(false, 0)))
	o.noneStale()
	o.tellFailed()
}
