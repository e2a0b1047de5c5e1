package drill

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"dailyroster/infra/lab/control"
	"dailyroster/infra/lab/drill/program"
	"dailyroster/infra/lab/drill/receive"
)

const (
	// hookPort is where web hooks are, beside the mail server.
	hookPort = "2580"
	// tellTime is how long a notice may take to come, whoever is killed.
	tellTime = 30 * time.Second
	// keepTime is how long a program may take to keep that a notice was sent. It is the same in a
	// brief drill: kills are a few seconds apart, and must not excuse what comes again in between.
	keepTime = 500 * time.Millisecond

	// makeTime is how long it takes at most to make the teams of a drill.
	makeTime = 15 * time.Second
	// mailTime is how long the mail server takes for each mail, so that some are under way
	// whenever their sender is killed.
	mailTime = 500 * time.Millisecond

	toldTeams, toldEach = 100, 5
	kills               = 10
	// allTime is how long all notices may take to come at last.
	allTime = 3 * time.Minute
)

// manyTold are those of the drill that kills whoever sends.
func manyTold() gathering {
	return gathering{teams: toldTeams, each: toldEach, unwanted: []string{"coming", "changed", "swap"}}
}

// someTold are those of the drill without mail. Some web hooks never answer either.
func someTold() gathering { return gathering{teams: 40, each: 3, hanging: 4, unwanted: []string{}} }

// telling is what a drill about notices has.
type telling struct {
	mails *receive.Mails
	hooks *receive.Hooks
	all   []*audience
	file  *program.Program
	kills []kill
}

// prepareTelling makes receivers of notices, and people of the site who are not on call yet; and,
// with a file, as many of a program that keeps its roster in one.
func prepareTelling(g gathering, file bool) func(*Script) {
	return func(s *Script) {
		if s.err != nil {
			return
		}
		t := &telling{}
		s.telling = t
		if t.mails, s.err = receive.ListenMail(s.ctx, net.JoinHostPort(s.state.ClientAddress, control.MailPort)); s.err != nil {
			return
		}
		if t.hooks, s.err = receive.ListenHooks(s.ctx, net.JoinHostPort(s.state.ClientAddress, hookPort)); s.err != nil {
			return
		}
		var sites []*Site
		for _, from := range s.state.CallerAddresses[:min(8, len(s.state.CallerAddresses))] {
			sites = append(sites, NewSite(s.URL, 1).From(from))
		}
		run := fmt.Sprintf("told%d-%s", s.drill.Number, strings.ToLower(s.begun.UTC().Format("150405")))
		s.say("  %d people in %d teams, each team with a web hook", g.teams*g.each, g.teams)
		s.people(run+"a", "three nodes", sites, g)
		if !file || s.err != nil {
			return
		}
		host, _ := s.state.Host(s.Hosts(rosterd)[0])
		if t.file, s.err = program.Like(s.ctx, host); s.err != nil {
			return
		}
		s.say("  as many in a program with a file")
		var own []*Site
		for range 8 {
			own = append(own, NewSite("http://"+t.file.Address, 1))
		}
		s.people(run+"b", "a file", own, g)
	}
}

func (s *Script) people(run, name string, sites []*Site, g gathering) {
	if s.err != nil {
		return
	}
	if len(sites) == 0 {
		s.err = errors.New("the lab has no addresses for many callers")
		return
	}
	var t *audience
	if t, s.err = newAudience(s.ctx, name, run, sites, g); s.err == nil {
		s.telling.all = append(s.telling.all, t)
	}
}

// end ends the receivers and the program with a file.
func (t *telling) end() error {
	var errs []error
	if t.file != nil {
		errs = append(errs, t.file.End())
	}
	if t.mails != nil {
		errs = append(errs, t.mails.Close())
	}
	if t.hooks != nil {
		errs = append(errs, t.hooks.Close())
	}
	for _, one := range t.all {
		for _, site := range one.sites {
			site.Close()
		}
	}
	return errors.Join(errs...)
}

// leave ends what the drill has made outside the lab.
func (s *Script) leave() {
	if s.telling == nil {
		return
	}
	if err := s.telling.end(); err != nil {
		s.say("  what the drill made outside the lab did not end well: %v", err)
	}
}

// count is how many of the notices that shifts begin have come by mail, to each receiver once.
func (t *audience) count(mails *receive.Mails) int { return len(receive.Times(t.now(mails.Since(0)))) }

// allCame waits until every mail and every event has come, or for a while.
func (s *Script) allCame(most time.Duration) {
	for begun := time.Now(); s.err == nil && time.Since(begun) < most; s.Wait(200 * time.Millisecond) {
		missing := 0
		for _, t := range s.telling.all {
			missing += len(t.mailsDue()) - t.count(s.telling.mails)
			missing += len(t.hooksDue()) - len(receive.Times(t.now(s.telling.hooks.Since(0))))
		}
		if missing == 0 {
			return
		}
	}
}

// fullMinute is the first full minute that is so far ahead.
func fullMinute(ahead time.Duration) time.Time {
	return time.Now().Add(ahead + time.Minute - 1).Truncate(time.Minute)
}

// tellThroughKills lets shifts begin, a quarter of them at each of four full minutes. Meanwhile
// whoever sends is killed again and again. In a brief drill nobody waits for a minute: the roster
// gets all of them when they have just begun.
func tellThroughKills(s *Script) {
	if s.err != nil {
		return
	}
	t := s.telling
	instants, first := 4, fullMinute(makeTime)
	if s.Brief {
		instants, first = 1, justBefore()
	}
	s.say("  the first shifts begin at %s", first.UTC().Format("15:04"))
	t.mails.Slow(mailTime)
	s.both(func(audience *audience) error {
		return audience.assign(s.ctx, t.hooks, func(i int) time.Time { return first.Add(time.Duration(i%instants) * time.Minute) })
	})
	if s.err == nil && !s.Brief && time.Now().After(first) {
		s.err = errors.New("to make the teams took until the first shifts began")
	}
	for i := range instants {
		s.Wait(time.Until(first.Add(time.Duration(i) * time.Minute)))
		s.mark(true, fmt.Sprintf("%d shifts begin", toldTeams*toldEach/instants))
		s.Until("notices come", wellTime, func() bool {
			return !slices.ContainsFunc(t.all, func(a *audience) bool { return a.count(t.mails) == i*toldTeams*toldEach/instants })
		})
		for n := i * kills / instants; n < (i+1)*kills/instants; n++ {
			s.killSender()
		}
		s.breakNode(i)
	}
	s.allCame(s.slack().of(tellTime))
	t.mails.Slow(0)
	s.mark(false, "all have come")
	s.toldVerdicts(tellTime)
	s.verdicts = append(s.verdicts, Verdict{What: "times that the sender was killed, of each site", Bound: fmt.Sprint(kills), Measured: fmt.Sprint(len(t.kills) / 2), OK: len(t.kills) == 2*kills})
}

// breakNode lets a database node die after the second instant of a full drill, and come back
// after the third.
func (s *Script) breakNode(instant int) {
	db := s.Hosts(asd)[0]
	switch {
	case s.Brief:
	case instant == 1:
		s.Kill(db, asd)
	case instant == 2:
		s.Start(db, asd)
	}
}

// justBefore is the last full minute but one: what begins then has just begun.
func justBefore() time.Time { return time.Now().Add(-time.Minute).Truncate(time.Minute) }

// both does something for both sites at the same time.
func (s *Script) both(do func(*audience) error) {
	if s.err != nil {
		return
	}
	errs := make(chan error, len(s.telling.all))
	for _, t := range s.telling.all {
		go func() { errs <- do(t) }()
	}
	for range s.telling.all {
		s.err = errors.Join(s.err, <-errs)
	}
}

// killSender waits until mails of both sites are under way, kills who sent the last one, and
// starts it again.
func (s *Script) killSender() {
	const few, most = 8, 2 * time.Second
	if s.err != nil {
		return
	}
	t := s.telling
	known := len(t.mails.Since(0))
	for begun := time.Now(); s.err == nil && time.Since(begun) < most; s.Wait(20 * time.Millisecond) {
		fresh := t.mails.Since(known)
		if !slices.ContainsFunc(t.all, func(a *audience) bool { return len(a.now(fresh)) < few }) {
			break
		}
	}
	host := s.lastSender()
	t.kills = append(t.kills, kill{from: addressOf(s.state, host)}, kill{from: s.state.ClientAddress})
	s.Kill(host, rosterd)
	if s.err == nil {
		s.err = t.file.Kill()
	}
	for i := range t.kills[len(t.kills)-2:] {
		t.kills[len(t.kills)-2+i].at = time.Now() // it was between the order and its end
	}
	s.Wait(300 * time.Millisecond)
	if s.err == nil {
		s.err = t.file.Start(s.ctx)
	}
	s.Start(host, rosterd)
	s.UntilServedBy(host)
}

// addressOf is the address from which a host sends.
func addressOf(state control.State, host string) string {
	h, _ := state.Host(host)
	return h.Address
}

// lastSender is the host from which the last mail came; before there is one, the first host.
func (s *Script) lastSender() string {
	hosts := s.Hosts(rosterd)
	for _, a := range slices.Backward(s.telling.mails.Since(0)) {
		for _, host := range hosts {
			if addressOf(s.state, host) == a.From {
				return host
			}
		}
	}
	return hosts[0]
}

// toldVerdicts are about all notices that shifts begin.
func (s *Script) toldVerdicts(bound time.Duration) {
	if s.err != nil {
		return
	}
	t, again := s.telling, 0
	mails, events := t.mails.Since(0), t.hooks.Since(0)
	for _, audience := range t.all {
		for _, way := range []struct {
			name string
			came came
		}{
			{"mails", hold(audience.mailsDue(), audience.now(mails), t.kills, keepTime)},
			{"events", hold(audience.hooksDue(), audience.now(events), t.kills, keepTime)},
		} {
			s.verdicts = append(s.verdicts, way.came.verdicts(audience.name+": "+way.name, bound, s.slack())...)
			again += way.came.again
		}
	}
	o := outcome{}
	o.tell("notices that came again, in flight at a kill, with the same id", "%d", again)
	bad := slices.Concat(t.mails.Bad(), t.hooks.Bad())
	o.none("mails that are none, and events not signed as they should be", len(bad), bad)
	s.verdicts = append(s.verdicts, o.all...)
}

// mailAway is how the mail server is, and for how long, in a full drill and in a brief one.
type mailAway struct {
	mood        receive.Mood
	full, brief time.Duration
}

// tellWithoutMail lets the mail server be away while shifts begin.
func tellWithoutMail(s *Script) {
	if s.err != nil {
		return
	}
	t := s.telling
	away := []mailAway{
		{receive.Refusing, time.Minute, 8 * time.Second},
		{receive.Hanging, time.Minute, 20 * time.Second},
		{receive.Gone, 10 * time.Minute, 20 * time.Second},
	}
	be := func(mood receive.Mood) {
		if s.err == nil {
			s.mark(mood != receive.Taking, "the mail server "+mood.String())
			s.err = t.mails.Be(s.ctx, mood)
		}
	}
	audience := t.all[0]
	be(receive.Gone)
	// Those of the first teams come too late to be told that their shifts come.
	begins := fullMinute(makeTime)
	if s.err == nil {
		s.err = audience.assign(s.ctx, t.hooks, func(i int) time.Time {
			if i < overTeams {
				return begins
			}
			return justBefore()
		})
	}
	s.Wait(5 * time.Second)
	for _, a := range away {
		be(a.mood)
		if s.Brief {
			s.Wait(a.brief)
		} else {
			s.Wait(a.full)
		}
	}
	s.Wait(time.Until(begins.Add(10 * time.Second)))
	be(receive.Taking)
	back := time.Now()
	s.allCame(cmp.Or(s.mailBack(), allTime))
	s.mark(false, "all have come")
	if s.err != nil {
		return
	}
	mails := hold(audience.mailsDue(), audience.now(t.mails.Since(0)), nil, 0)
	events := hold(audience.hooksDue(), audience.now(t.hooks.Since(0)), nil, 0)
	s.verdicts = append(s.verdicts, events.verdicts("events meanwhile", hookTime, s.slack())...)
	o := outcome{slack: s.slack()}
	o.add(Verdict{What: "mails delivered at last", Bound: fmt.Sprint(mails.want), Measured: fmt.Sprint(mails.got), OK: mails.got == mails.want, Examples: mails.missing[:min(len(mails.missing), 8)]})
	o.none("mails that came twice", len(mails.twice)+len(mails.ids), slices.Concat(mails.twice, mails.ids))
	o.within("the last mail after the server is back", mailBackTime, time.Since(back))
	s.verdicts = append(s.verdicts, o.all...)
	s.droppedVerdicts(begins)
}

const (
	// hookTime is how long an event may take while the mail server is away.
	hookTime = 10 * time.Second
	// mailBackTime is how long all mails may take when the mail server is back after ten
	// minutes: what was tried last just before waits longest.
	mailBackTime = 5 * time.Minute
	// overTeams are the teams of whose shifts it is over meanwhile that they come.
	overTeams = 4
	overSays  = "it was over before it could be sent"
)

func (s *Script) mailBack() time.Duration {
	if s.Brief {
		return allTime
	}
	return mailBackTime
}

// silentTeams are those whose pages do not say of all notices that were over that they were dropped.
func (s *Script) silentTeams(a *audience) (silent []string) {
	for i := range a.teams[:overTeams] {
		page, err := a.sites[0].must(s.ctx, get("/teams/"+a.teams[i].id+"/notices"), http.StatusOK)
		if err != nil {
			s.err = err
			return nil
		}
		if n := strings.Count(string(page), overSays); n < len(a.teams[i].people) {
			silent = append(silent, fmt.Sprintf("%s: %d of %d", a.teams[i].id, n, len(a.teams[i].people)))
		}
	}
	return silent
}

// droppedVerdicts want what was over meanwhile to be dropped, and the pages of the teams to say
// so.
func (s *Script) droppedVerdicts(begun time.Time) {
	t := s.telling
	audience := t.all[0]
	var came []string
	for _, a := range t.mails.Since(0) {
		for i := range audience.teams[:overTeams] {
			if strings.HasPrefix(a.To, audience.teams[i].id+"-p") && strings.HasPrefix(a.Subject, "Your shift is coming") && a.At.After(begun) {
				came = append(came, fmt.Sprintf("%s at %s: %s", a.To, a.At.Format("15:04:05"), a.Subject))
			}
		}
	}
	// What is dropped is due when it would be sent again, like the mails, and may be the last of all.
	silent := s.silentTeams(audience)
	for begun := time.Now(); len(silent) > 0 && s.err == nil && time.Since(begun) < s.mailBack(); s.Wait(time.Second) {
		silent = s.silentTeams(audience)
	}
	if s.err != nil {
		return
	}
	o := outcome{}
	o.none("mails that a shift comes, after it began", len(came), came)
	o.none(fmt.Sprintf("of %d teams, pages that do not say that these were dropped", overTeams), len(silent), silent)
	s.verdicts = append(s.verdicts, o.all...)
}
