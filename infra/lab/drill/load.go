package drill

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The load's days: the first few of each month of a year, because the store keeps a month
// together, and what is done to one database node is felt by some of them only.
const (
	firstDay   = "2026-11-01"
	loadMonths = 12
	monthDays  = 4
	// What a page and a week show, from the first of a month on.
	pageDays = 35
	weekDays = 7
	// sampled is how many days of a page or a week are noted.
	sampled = 3
)

// Load is people and programs at work, so many at once: each looks at something or
// changes it, waits for the answer, and goes on at its pace. Who is held up does not
// make up for it later.
type Load struct {
	team    *Team
	days    []string
	workers int
	pace    atomic.Int64 // the time.Duration between two steps of one worker
	firsts  int          // workers who only ask what comes first, besides
	clock   func() time.Duration
	callers []*Site // from which the workers ask, in turn

	stop  context.CancelFunc
	wg    sync.WaitGroup
	asked atomic.Int64
	made  atomic.Int64
	mu    sync.Mutex
	all   []Event
}

// A step of the load makes this many requests on average: see worker.step.
const requestsPerStep = 1.36

// NewLoad makes a load of so many requests a second in all. The clock gives the time
// since the start of the run.
func NewLoad(team *Team, workers int, perSecond float64, clock func() time.Duration) *Load {
	l := &Load{team: team, workers: workers, clock: clock, days: loadDates()}
	l.pace.Store(int64(float64(workers) * requestsPerStep / perSecond * float64(time.Second)))
	return l
}

// Hurry lets the load go on four times as fast.
func (l *Load) Hurry() { l.pace.Store(l.pace.Load() / 4) }

// AskFirst lets more requests be made, so many a second, by workers who only ask who is on
// call and whether the site is ready, and never together.
func (l *Load) AskFirst(perSecond int) { l.firsts = perSecond }

// From lets the workers ask from addresses of this machine, in turn.
func (l *Load) From(addresses []string) {
	for _, a := range addresses {
		l.callers = append(l.callers, l.team.site.From(a))
	}
}

func loadDates() []string {
	first := parseDate(firstDay)
	var all []string
	for month := range loadMonths {
		for day := range monthDays {
			all = append(all, first.AddDate(0, month, day).Format(time.DateOnly))
		}
	}
	return all
}

func parseDate(text string) time.Time {
	day, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err) // all are made in this package
	}
	return day
}

// after is the date so many days after another.
func after(date string, days int) string {
	return parseDate(date).AddDate(0, 0, days).Format(time.DateOnly)
}

// Start lets the load begin. It ends with End.
func (l *Load) Start(ctx context.Context) {
	// A request that was begun is answered, or fails by itself; only then is it known
	// what became of it.
	answers := context.WithoutCancel(ctx)
	ctx, l.stop = context.WithCancel(ctx)
	for i := range l.workers + l.firsts {
		w := &worker{Load: l, id: i, team: l.team}
		if len(l.callers) > 0 {
			w.team = &Team{l.team.ID, l.callers[i%len(l.callers)]}
		}
		step, pace := w.step, func() time.Duration { return time.Duration(l.pace.Load()) }
		if i >= l.workers {
			step, pace = w.askFirst, func() time.Duration { return time.Second }
		}
		l.wg.Go(func() { w.run(ctx, pace, func() { step(answers) }) })
	}
}

// Asked is how many requests were answered or failed until now.
func (l *Load) Asked() int { return int(l.asked.Load()) }

// Made is how many edits were acknowledged until now.
func (l *Load) Made() int { return int(l.made.Load()) }

// End lets the load end and gives all that came of it.
func (l *Load) End() []Event {
	if l.stop != nil {
		l.stop()
	}
	l.wg.Wait()
	for _, s := range l.callers {
		s.Close()
	}
	return l.all
}

// Settle reads all days so many times, as a part of the history.
func (l *Load) Settle(ctx context.Context, times int) {
	w := &worker{Load: l, id: l.workers + l.firsts, team: l.team}
	for range times {
		w.readDays(ctx, ReadSettle, l.days[0], l.days[len(l.days)-1], len(l.days))
	}
}

// worker is one of those who make the load.
type worker struct {
	*Load
	id    int
	team  *Team // as the worker asks for it
	edits int
}

// run makes step after step at a pace.
func (w *worker) run(ctx context.Context, pace func() time.Duration, step func()) {
	// Not all at once.
	next := w.clock() + time.Duration(float64(pace())*float64(w.id)/float64(w.workers+w.firsts))
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(next - w.clock()):
		}
		step()
		next = max(next+pace(), w.clock())
	}
}

// askFirst asks what is to be answered whatever else is asked.
func (w *worker) askFirst(ctx context.Context) {
	if rand.IntN(4) == 0 {
		e, _ := w.ask(ctx, ReadReady, get("/readyz"))
		w.file(e, nil)
		return
	}
	w.readOnCall(ctx, w.days[rand.IntN(len(w.days))])
}

// step is one act: of a hundred, 36 are edits, which read first what they change.
func (w *worker) step(ctx context.Context) {
	date := w.days[rand.IntN(len(w.days))]
	switch n := rand.IntN(100); {
	case n < 20:
		w.savePage(ctx, date)
	case n < 36:
		w.saveAPI(ctx, date)
	case n < 64:
		w.readPage(ctx, w.month())
	case n < 74:
		w.readRow(ctx, date)
	case n < 86:
		w.readOnCall(ctx, date)
	default:
		first := w.month()
		w.readDays(ctx, ReadDays, first, after(first, weekDays-1), sampled)
	}
}

// month is the first day of one of the load's months.
func (w *worker) month() string { return w.days[monthDays*rand.IntN(loadMonths)] }

// sample chooses days of the load, as many at most, from what an answer said.
func (w *worker) sample(seen []Seen, most int) []Seen {
	seen = slices.DeleteFunc(seen, func(s Seen) bool { return !slices.Contains(w.days, s.Date) })
	rand.Shuffle(len(seen), func(i, j int) { seen[i], seen[j] = seen[j], seen[i] })
	return seen[:min(len(seen), most)]
}

// ask asks and notes the time; the caller adds what it makes of the answer, and files
// the event.
func (w *worker) ask(ctx context.Context, kind Kind, q request) (Event, answer) {
	e := Event{Client: w.id, Kind: kind, Start: w.clock()}
	a := w.team.site.ask(ctx, q)
	e.End = w.clock()
	e.Resent = a.resent
	if a.err != nil {
		e.Error = a.err.Error()
		return e, a
	}
	e.Status, e.ServedBy, e.RetryAfter = a.status, a.header.Get("X-Served-By"), a.header.Get("Retry-After")
	// When the store does not answer, it is said as of when the answer was known.
	e.LastKnown = a.header.Get("X-Roster-As-Of") != ""
	return e, a
}

// file puts an event into the history. err is what was wrong with the answer.
func (w *worker) file(e Event, err error) {
	if err != nil && e.Error == "" {
		e.Error = err.Error()
	}
	w.asked.Add(1)
	if e.Acknowledged() {
		w.made.Add(1)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, e)
}

func (w *worker) readPage(ctx context.Context, from string) {
	e, a := w.ask(ctx, ReadPage, w.team.page(from))
	var err error
	if e.Status == http.StatusOK {
		var rows []row
		if rows, err = parseRows(a.body); err == nil && len(rows) != pageDays {
			err = fmt.Errorf("the page has %d rows, not %d", len(rows), pageDays)
		} else if err == nil && e.LastKnown && !strings.Contains(string(a.body), "last known roster") {
			err = errors.New("the page does not say that it is what was last known")
		} else if err == nil {
			var seen []Seen
			for _, r := range rows {
				seen = append(seen, r.Seen)
			}
			e.Saw = w.sample(seen, sampled)
		}
	}
	w.file(e, err)
}

func (w *worker) readRow(ctx context.Context, date string) {
	e, a := w.ask(ctx, ReadRow, w.team.row(date))
	var err error
	if e.Status == http.StatusOK {
		var rows []row
		if rows, err = parseRows(a.body); err == nil && len(rows) != 1 {
			err = fmt.Errorf("the answer has %d rows, not one", len(rows))
		} else if err == nil {
			e.Saw = []Seen{rows[0].Seen}
		}
	}
	w.file(e, err)
}

func (w *worker) readDays(ctx context.Context, kind Kind, from, to string, most int) {
	e, a := w.ask(ctx, kind, w.team.days(from, to))
	var err error
	if e.Status == http.StatusOK {
		var days []dayJSON
		if days, err = parseDays(a.body); err == nil {
			var seen []Seen
			for i := range days {
				seen = append(seen, days[i].seen())
			}
			e.Saw = w.sample(seen, most)
		}
	}
	w.file(e, err)
}

func (w *worker) readOnCall(ctx context.Context, date string) {
	e, a := w.ask(ctx, ReadOnCall, w.team.onCall(date))
	var err error
	if e.Status == http.StatusOK {
		var seen Seen
		if seen, err = parseOnCall(a.body); err == nil {
			e.Saw = []Seen{seen}
		}
	}
	w.file(e, err)
}

// savePage edits a day as a person does: opens the row's form, fills it in, saves.
func (w *worker) savePage(ctx context.Context, date string) {
	e, a := w.ask(ctx, ReadForm, w.team.form(date))
	if e.Status != http.StatusOK {
		w.file(e, nil)
		return
	}
	f, err := parseForm(a.body)
	if err != nil {
		w.file(e, err)
		return
	}
	e.Saw = []Seen{{Date: date, Day: f.Day}}
	w.file(e, nil)

	to := w.next(f.Day)
	if w.edits%2 == 0 {
		// nginx takes a POST, and only that, for a request that may not be sent twice.
		w.edit(ctx, PostPage, date, f.Day, to, w.team.post(date, f, to))
		return
	}
	w.edit(ctx, SavePage, date, f.Day, to, w.team.save(date, f, to))
}

// saveAPI edits a day as a program does; one in eight clears the day.
func (w *worker) saveAPI(ctx context.Context, date string) {
	e, a := w.ask(ctx, ReadDay, w.team.day(date))
	if e.Status != http.StatusOK {
		w.file(e, nil)
		return
	}
	d, err := parseDay(a.body)
	if err != nil {
		w.file(e, err)
		return
	}
	from := d.seen().Day
	e.Saw = []Seen{d.seen()}
	w.file(e, nil)

	to := w.next(from)
	key := to.Note
	if from.Note != "" && rand.IntN(8) == 0 {
		w.edit(ctx, ClearAPI, date, from, Day{}, w.team.clear(date, d.Revision, key))
		return
	}
	w.edit(ctx, SaveAPI, date, from, to, w.team.put(date, to, d.Revision, key))
}

func (w *worker) edit(ctx context.Context, kind Kind, date string, from, to Day, q request) {
	e, a := w.ask(ctx, kind, q)
	e.Date, e.From, e.To = date, &from, &to
	var err error
	if e.Acknowledged() {
		e.Saw, err = answeredTo(kind, date, from, to, a)
	}
	w.file(e, err)
}

// answeredTo is what the answer to an acknowledged edit shows of the day, if it has to. An
// answer that does not is an error, though whoever gets it takes the edit for made.
func answeredTo(kind Kind, date string, from, to Day, a answer) ([]Seen, error) {
	switch kind {
	case PostPage:
		if a.header.Get("Location") == "" {
			return nil, errors.New("the browser is sent back to nowhere")
		}
		return nil, nil
	case SavePage:
		rows, err := parseRows(a.body)
		switch {
		case err != nil:
			return nil, err
		case len(rows) != 1 || rows[0].Date != date || rows[0].form != nil:
			return nil, errors.New("the answer to an edit is not its row")
		case rows[0].Day == from && from.Note != "": // someone else's edit may have followed
			return nil, errors.New("the row is as it was before the edit")
		}
		return []Seen{rows[0].Seen}, nil
	default:
		d, err := parseDay(a.body)
		if err != nil {
			return nil, err
		}
		seen := d.seen()
		if seen.Date != date || seen.Day != to {
			return nil, fmt.Errorf("the answer to an edit is %q on %s", seen.Note, seen.Date)
		}
		return []Seen{seen}, nil
	}
}

// next is what an edit makes of a day: a note of its own, and someone else on call.
func (w *worker) next(from Day) Day {
	w.edits++
	names := crew()
	name := names[rand.IntN(len(names))]
	if name == from.Primary {
		name = names[rand.IntN(len(names))]
	}
	return Day{name, fmt.Sprintf("w%d-%d", w.id, w.edits)}
}

// servedBySince tells whether an application answered to a request that began after a
// moment.
func (l *Load) servedBySince(name string, since time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := len(l.all) - 1; i >= 0 && l.all[i].End >= since; i-- {
		if e := &l.all[i]; e.ServedBy == name && e.Start >= since && e.Status == http.StatusOK {
			return true
		}
	}
	return false
}
