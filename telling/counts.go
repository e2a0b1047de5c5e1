package telling

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dailyroster/roster"
	"dailyroster/roster/notice"
)

// counts are what monitoring sees of notices.
type counts struct {
	attempts *prometheus.CounterVec
	unsent   *prometheus.CounterVec
	late     prometheus.Histogram
	rounds   prometheus.Histogram
}

func newCounts() *counts {
	c := &counts{
		attempts: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_notice_attempts_total", Help: "Attempts to send a notice, by its kind, the way and the result: taken or not.",
		}, []string{"kind", "way", "result"}),
		unsent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_notices_unsent_total", Help: "Notices that were given up: failed for a day or for good, or dropped because what they are about was over.",
		}, []string{"kind", "state"}),
		late: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "roster_notice_late_seconds", Help: "How long after it was due a notice was taken by its receiver.",
			Buckets: []float64{1, 2, 5, 10, 20, 30, 60, 300, 600, 3600, 21600, 86400},
		}),
		rounds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "roster_notice_round_seconds", Help: "How long it took to find which notices are due.",
			Buckets: []float64{.005, .01, .025, .05, .1, .2, .5, 1, 5},
		}),
	}
	for _, kind := range append(roster.PersonNotices(), roster.NoticeGap, roster.NoticeWeek) { // so that the first is an increase
		for _, state := range []notice.State{notice.StateFailed, notice.StateDropped} {
			c.unsent.WithLabelValues(string(kind), string(state))
		}
	}
	return c
}

func (c *counts) sent(kind roster.NoticeKind, way notice.Way, taken bool, late time.Duration) {
	result := "refused"
	if taken {
		result = "taken"
		c.late.Observe(late.Seconds())
	}
	c.attempts.WithLabelValues(string(kind), string(way), result).Inc()
}

func (c *counts) ended(kind roster.NoticeKind, state notice.State) {
	c.unsent.WithLabelValues(string(kind), string(state)).Inc()
}

func (c *counts) round(took time.Duration) { c.rounds.Observe(took.Seconds()) }

// Collectors are what monitoring collects.
func (t *Teller) Collectors() []prometheus.Collector {
	return []prometheus.Collector{
		t.counts.attempts, t.counts.unsent, t.counts.late, t.counts.rounds, newGroupCollector(&t.groups),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_notices_waiting", Help: "Notices that are due and not taken yet, as far as this instance knows.",
		}, func() float64 { n, _ := t.waiting(); return float64(n) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_notices_oldest_seconds", Help: "For how long the oldest of them has been due; 0 if there is none.",
		}, func() float64 { _, age := t.waiting(); return age.Seconds() }),
	}
}

// waiting is how many notices wait, and for how long the oldest has been due.
func (t *Teller) waiting() (n int, oldest time.Duration) {
	now := t.Now()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, k := range t.known {
		if !k.final && now.After(k.due) {
			n, oldest = n+1, max(oldest, now.Sub(k.due))
		}
	}
	return n, oldest
}
