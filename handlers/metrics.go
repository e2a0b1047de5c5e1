package handlers

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"dailyroster/roster"
	"dailyroster/roster/oncall"
	"dailyroster/roster/tally"
	"dailyroster/store"
	"dailyroster/store/measured"
)

// gapDays is how many days roster_gaps covers.
const gapDays = 14

// metrics counts what the server does, for Prometheus.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(s *Server, behind *measured.Store) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "roster_http_request_seconds",
			Help:    "How long requests took, by route and status. Event streams are not in it.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"method", "route", "status"}),
	}
	m.registry.MustRegister(behind.Collectors()...)
	m.registry.MustRegister(s.Telling.Collectors()...)
	m.registry.MustRegister(
		m.requests,
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_build_info", Help: "1; its label is the version that runs.", ConstLabels: prometheus.Labels{"version": s.Version},
		}, func() float64 { return 1 }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "roster_viewers", Help: "Event streams that are open."},
			func() float64 { return float64(s.gate.Viewers()) }),
		&coverage{
			site:   s,
			called: prometheus.NewDesc("roster_called", "Of a team whose roles have hours: 1 if somebody would be called now, 0 if nobody would.", []string{"team"}, nil),
			onCall: prometheus.NewDesc("roster_on_call", "1 if somebody holds the role now, 0 if nobody does. A role that is off duty is left out.", []string{"team", "role"}, nil),
			who:    prometheus.NewDesc("roster_on_call_info", "1 for each person who holds a role now; its labels say who.", []string{"team", "role", "person"}, nil),
			gaps:   prometheus.NewDesc("roster_gaps", "Days and roles with nobody, today and in the 13 days that follow.", []string{"team"}, nil),
			up:     prometheus.NewDesc("roster_store_up", "1 if the store answered when this was asked, 0 if not.", nil, nil),
		},
		newNodes(s),
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	return m
}

// otherRoute stands for every path that is no route, and otherMethod for every unusual
// method: without them, anybody could make any number of labels.
const (
	otherRoute  = "other"
	otherMethod = "other"
)

// measured records how long the requests of a route take. path is the route's path.
func (m *metrics) measured(path string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sw := &statusWriter{ResponseWriter: w}
		begun := time.Now()
		next.ServeHTTP(sw, r)
		if sw.status == 0 { // net/http answers 200 if nothing was written
			sw.status = http.StatusOK
		}
		method := r.Method
		switch method {
		case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, http.MethodPatch:
		default:
			method = otherMethod
		}
		m.requests.WithLabelValues(method, path, strconv.Itoa(sw.status)).Observe(time.Since(begun).Seconds())
	})
}

// maxScrapes is how many scrapes are served at once; each asks the store about every team.
const maxScrapes = 4

// handler answers GET /metrics.
func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: maxScrapes})
}

// coverage collects how well the teams are covered.
type coverage struct {
	site                          *Server
	called, onCall, who, gaps, up *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c *coverage) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.called, c.onCall, c.who, c.gaps, c.up} {
		out <- d
	}
}

// Collect implements prometheus.Collector. If the store does not answer, it says only that.
func (c *coverage) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), c.site.Limits.WorkTime())
	defer cancel()
	up := 1.0
	if c.site.Store.Ping(ctx) != nil || c.collectTeams(ctx, out) != nil {
		up = 0
	}
	out <- prometheus.MustNewConstMetric(c.up, prometheus.GaugeValue, up)
}

func (c *coverage) collectTeams(ctx context.Context, out chan<- prometheus.Metric) error {
	teams, err := c.site.Desk.ListedTeams(ctx)
	if err != nil {
		return err
	}
	now := c.site.Now()
	look := store.Look{Days: make([]store.Range, len(teams))}
	for i := range teams {
		look.Days[i].Team = teams[i].ID
		look.Days[i].From, look.Days[i].To = oncall.Span(&teams[i], now)
	}
	sight, err := c.site.Store.Look(ctx, look)
	if err != nil {
		return err
	}
	for i := range teams {
		c.collectTeam(&teams[i], now, sight.Days[i], out)
	}
	return nil
}

// collectTeam collects what the days of a team say, from the one that is on call now.
func (c *coverage) collectTeam(team *roster.Team, now time.Time, days []roster.Day, out chan<- prometheus.Metric) {
	dayOn := roster.ByDate(days)
	for _, d := range oncall.Duties(team, now, dayOn) {
		if d.Off {
			continue
		}
		held := 1.0
		if d.Person == "" {
			held = 0
		} else {
			out <- prometheus.MustNewConstMetric(c.who, prometheus.GaugeValue, 1, string(team.ID), string(d.Role.ID), string(d.Person))
		}
		out <- prometheus.MustNewConstMetric(c.onCall, prometheus.GaugeValue, held, string(team.ID), string(d.Role.ID))
	}
	if len(team.Hours) > 0 {
		called := 1.0
		if oncall.Called(team, now, dayOn).Person == "" {
			called = 0
		}
		out <- prometheus.MustNewConstMetric(c.called, prometheus.GaugeValue, called, string(team.ID))
		days = days[days[0].Date.DaysUntil(team.DayAt(now)):]
	}
	gaps := tally.Gaps(team, days[:gapDays])
	out <- prometheus.MustNewConstMetric(c.gaps, prometheus.GaugeValue, float64(len(gaps)), string(team.ID))
}
