package drill

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dailyroster/infra/lab/control"
)

const (
	listening    = 2000     // pages that are open, with live updates
	littleMemory = 64 << 20 // bytes that a program may have, far too few
	muchMemory   = 1 << 40
)

// listeners are pages that are open: each has a stream of events, and asks for it again when it
// breaks, as a browser does.
type listeners struct {
	open   atomic.Int64
	events atomic.Int64
	broken atomic.Int64
	stop   context.CancelFunc
	all    sync.WaitGroup
}

// listen opens so many streams of a team, from all the lab's callers in turn.
func listen(ctx context.Context, s *Script, n int) *listeners {
	l := &listeners{}
	ctx, l.stop = context.WithCancel(ctx)
	var clients []*http.Client
	for _, address := range s.state.CallerAddresses {
		dialer := &net.Dialer{Timeout: answerTime, LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
		clients = append(clients, &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}})
	}
	for i := range n {
		l.all.Go(func() {
			pause := time.Duration(i) * 2 * time.Millisecond // not all at once
			for client := clients[i%len(clients)]; ; {
				select {
				case <-ctx.Done():
					return
				case <-time.After(pause):
				}
				l.stream(ctx, client, s.URL+"/teams/"+s.team.ID+"/events")
			}
		})
	}
	return l
}

// stream is one stream, until it breaks.
func (l *listeners) stream(ctx context.Context, client *http.Client, url string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return
	}
	req.Header.Set("Accept", "text/event-stream")
	res, err := client.Do(req)
	if err != nil {
		return
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return
	}
	l.open.Add(1)
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "event:") {
			l.events.Add(1)
		}
	}
	l.open.Add(-1)
	if ctx.Err() == nil {
		l.broken.Add(1)
	}
}

// end closes all streams.
func (l *listeners) end() {
	l.stop()
	l.all.Wait()
}

// starve lets one program have little memory, with many pages open and the usual load.
func starve(s *Script) {
	if s.err != nil {
		return
	}
	pages := listen(s.ctx, s, listening)
	defer pages.end()
	allOpen := func() {
		s.Until(fmt.Sprintf("%d pages have live updates", listening), time.Minute, func() bool { return pages.open.Load() == listening })
	}
	allOpen()
	front := s.Hosts(rosterd)[0]
	limit := func(bytes int64) control.Order {
		return control.Order{Action: control.Limit, Host: front, Process: rosterd, Amount: bytes}
	}
	little, much := limit(littleMemory), limit(muchMemory)
	// What it has already would not count: it begins anew.
	s.breaks(fmt.Sprintf("the program on %s may have %d MiB of memory", front, littleMemory>>20), little, much)
	s.Kill(front, rosterd)
	s.Start(front, rosterd)
	s.Work(45 * time.Second)
	before := s.restarts(front)
	s.Until(front+"'s program runs", noticeTime+10*time.Second, func() bool {
		state, err := s.lab.State(s.ctx)
		h, _ := state.Host(front)
		p, _ := h.Process(rosterd)
		return err == nil && p.Running
	})
	s.heals("it may have as much as before", much)
	s.UntilServedBy(front)
	allOpen()
	s.Work(5 * time.Second)
	s.verdict(fmt.Sprintf("the supervisor started the program on %s again", front), true, "", fmt.Sprint(before, " times"))
	others := s.Hosts(rosterd)[1:]
	for _, other := range others {
		n := s.restarts(other)
		s.verdict(fmt.Sprintf("the supervisor started the program on %s again", other), n == 0, "0 times", fmt.Sprint(n, " times"))
	}
	s.verdict("pages that have live updates at the end", pages.open.Load() == listening, fmt.Sprint(listening), fmt.Sprint(pages.open.Load()))
	s.verdict("events that the pages were told", pages.events.Load() > listening, fmt.Sprint("> ", listening), fmt.Sprint(pages.events.Load()))
	s.verdict("streams that broke, and were asked for again", true, "", fmt.Sprint(pages.broken.Load()))
}

// checkStarve wants nobody to notice, but where other work is done beside: then the limits may refuse
// somebody while so many pages are opened.
func checkStarve(o *outcome) {
	if o.slack > 1 {
		checkNoneStale(o)
		return
	}
	checkNoneFailed(o)
}
