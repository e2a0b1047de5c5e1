// Package measured counts, for Prometheus, what a store is asked and what comes of it.
package measured

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// Store is a store whose operations are counted. It embeds nothing, so that an operation
// that the interface gets is not forgotten here.
type Store struct {
	behind     store.Store
	operations *prometheus.HistogramVec
	retries    *prometheus.CounterVec
	tooBig     prometheus.Counter
	told       Told
}

// Told is told of each operation: its name, how long it took, and what it gave.
type Told func(operation string, took time.Duration, gave any)

// Tell has told called after every operation, from the goroutine that asked. It is for tests
// that count, and called before the store is used.
func (s *Store) Tell(told Told) { s.told = told }

// New counts what the store behind it is asked.
func New(behind store.Store) *Store {
	return &Store{
		behind: behind,
		operations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roster_store_operation_seconds",
			Help: "How long the store took, by operation and result: ok, last_known (it did not answer, and what was known was given), " +
				"not_found, conflict (someone else's edit came first), invalid, unavailable, or hung_up (nobody waited for the answer, which says nothing about the store).",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"operation", "result"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_store_retries_total",
			Help: "How often the store tried again what it was asked, by operation.",
		}, []string{"operation"}),
		tooBig: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roster_store_record_too_big_total",
			Help: "How often the store refused a write because its record had no room left.",
		}),
	}
}

// Collectors are what counts, to be registered.
func (s *Store) Collectors() []prometheus.Collector {
	return []prometheus.Collector{s.operations, s.retries, s.tooBig}
}

const unavailable = "unavailable"

// measure runs an operation and counts it.
func measure[T any](ctx context.Context, s *Store, operation string, run func(context.Context) (T, error)) (T, error) {
	inner, age := store.WithAge(ctx)
	inner, retries := store.WithRetries(inner)
	begun := time.Now()
	value, err := run(inner)
	result := resultOf(err)
	if result == unavailable && errors.Is(ctx.Err(), context.Canceled) {
		result = "hung_up"
	}
	if errors.Is(err, store.ErrTooBig) {
		s.tooBig.Inc()
	}
	if oldest := age.Oldest(); !oldest.IsZero() {
		store.NoteAge(ctx, oldest)
		if err == nil {
			result = "last_known"
		}
	}
	took := time.Since(begun)
	s.operations.WithLabelValues(operation, result).Observe(took.Seconds())
	s.retries.WithLabelValues(operation).Add(float64(retries.Count()))
	if s.told != nil {
		s.told(operation, took, value)
	}
	return value, err
}

// measureWrite is measure for what gives nothing but an error.
func measureWrite(ctx context.Context, s *Store, operation string, run func(context.Context) error) error {
	_, err := measure(ctx, s, operation, func(ctx context.Context) (struct{}, error) { return struct{}{}, run(ctx) })
	return err
}

// resultOf is an error of a store in a word.
func resultOf(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, store.ErrNotFound):
		return "not_found"
	case errors.Is(err, store.ErrConflict):
		return "conflict"
	case errors.Is(err, store.ErrInvalid):
		return "invalid"
	}
	return unavailable
}

// Teams implements store.Store.
func (s *Store) Teams(ctx context.Context) ([]roster.Team, error) {
	return measure(ctx, s, "teams", s.behind.Teams)
}

// Team implements store.Store.
func (s *Store) Team(ctx context.Context, id roster.TeamID) (roster.Team, error) {
	return measure(ctx, s, "team", func(ctx context.Context) (roster.Team, error) { return s.behind.Team(ctx, id) })
}

// PutTeam implements store.Store.
func (s *Store) PutTeam(ctx context.Context, team roster.Team, basedOn roster.Revision) error {
	return measureWrite(ctx, s, "put_team", func(ctx context.Context) error { return s.behind.PutTeam(ctx, team, basedOn) })
}

// People implements store.Store.
func (s *Store) People(ctx context.Context) ([]roster.Person, error) {
	return measure(ctx, s, "people", s.behind.People)
}

// Person implements store.Store.
func (s *Store) Person(ctx context.Context, id roster.PersonID) (roster.Person, error) {
	return measure(ctx, s, "person", func(ctx context.Context) (roster.Person, error) { return s.behind.Person(ctx, id) })
}

// PutPerson implements store.Store.
func (s *Store) PutPerson(ctx context.Context, person roster.Person, basedOn roster.Revision) error {
	return measureWrite(ctx, s, "put_person", func(ctx context.Context) error { return s.behind.PutPerson(ctx, person, basedOn) })
}

// Tokens implements store.Store.
func (s *Store) Tokens(ctx context.Context) ([]credential.Token, error) {
	return measure(ctx, s, "tokens", s.behind.Tokens)
}

// Token implements store.Store.
func (s *Store) Token(ctx context.Context, id credential.TokenID) (credential.Token, error) {
	return measure(ctx, s, "token", func(ctx context.Context) (credential.Token, error) { return s.behind.Token(ctx, id) })
}

// PutToken implements store.Store.
func (s *Store) PutToken(ctx context.Context, token credential.Token, basedOn roster.Revision) error {
	return measureWrite(ctx, s, "put_token", func(ctx context.Context) error { return s.behind.PutToken(ctx, token, basedOn) })
}

// SignOuts implements store.Store.
func (s *Store) SignOuts(ctx context.Context) ([]credential.SignOut, error) {
	return measure(ctx, s, "sign_outs", s.behind.SignOuts)
}

// SignOut implements store.Store.
func (s *Store) SignOut(ctx context.Context, id credential.SignOutID) (credential.SignOut, error) {
	return measure(ctx, s, "sign_out", func(ctx context.Context) (credential.SignOut, error) { return s.behind.SignOut(ctx, id) })
}

// PutSignOut implements store.Store.
func (s *Store) PutSignOut(ctx context.Context, signOut credential.SignOut, basedOn roster.Revision) error {
	return measureWrite(ctx, s, "put_sign_out", func(ctx context.Context) error { return s.behind.PutSignOut(ctx, signOut, basedOn) })
}

// Channels implements store.Store.
func (s *Store) Channels(ctx context.Context) ([]notice.Channel, error) {
	return measure(ctx, s, "channels", s.behind.Channels)
}

// Channel implements store.Store.
func (s *Store) Channel(ctx context.Context, id notice.ChannelID) (notice.Channel, error) {
	return measure(ctx, s, "channel", func(ctx context.Context) (notice.Channel, error) { return s.behind.Channel(ctx, id) })
}

// PutChannel implements store.Store.
func (s *Store) PutChannel(ctx context.Context, channel notice.Channel, basedOn roster.Revision) error {
	return measureWrite(ctx, s, "put_channel", func(ctx context.Context) error { return s.behind.PutChannel(ctx, channel, basedOn) })
}

// About implements store.Store.
func (s *Store) About(ctx context.Context, fresh roster.Revision) (store.About, error) {
	return measure(ctx, s, "about", func(ctx context.Context) (store.About, error) { return s.behind.About(ctx, fresh) })
}

// NoticesAt implements store.Store.
func (s *Store) NoticesAt(ctx context.Context, keys []notice.Key) ([]notice.Record, error) {
	return measure(ctx, s, "notices_at", func(ctx context.Context) ([]notice.Record, error) { return s.behind.NoticesAt(ctx, keys) })
}

// NoticesOf implements store.Store.
func (s *Store) NoticesOf(ctx context.Context, day roster.Date) ([]notice.Record, error) {
	return measure(ctx, s, "notices_of", func(ctx context.Context) ([]notice.Record, error) { return s.behind.NoticesOf(ctx, day) })
}

// TeamNoticesOf implements store.Store.
func (s *Store) TeamNoticesOf(ctx context.Context, day roster.Date, team roster.TeamID) ([]notice.Record, error) {
	return measure(ctx, s, "team_notices_of", func(ctx context.Context) ([]notice.Record, error) {
		return s.behind.TeamNoticesOf(ctx, day, team)
	})
}

// NoticeDays implements store.Store.
func (s *Store) NoticeDays(ctx context.Context) ([]roster.Date, error) {
	return measure(ctx, s, "notice_days", s.behind.NoticeDays)
}

// PutNotice implements store.Store.
func (s *Store) PutNotice(ctx context.Context, record notice.Record, basedOn roster.Revision) error {
	return measureWrite(ctx, s, "put_notice", func(ctx context.Context) error { return s.behind.PutNotice(ctx, record, basedOn) })
}

// DropNotices implements store.Store.
func (s *Store) DropNotices(ctx context.Context, before roster.Date) error {
	return measureWrite(ctx, s, "drop_notices", func(ctx context.Context) error { return s.behind.DropNotices(ctx, before) })
}

// Days implements store.Store.
func (s *Store) Days(ctx context.Context, team roster.TeamID, from, to roster.Date) ([]roster.Day, error) {
	return measure(ctx, s, "days", func(ctx context.Context) ([]roster.Day, error) { return s.behind.Days(ctx, team, from, to) })
}

// Look implements store.Store.
func (s *Store) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	return measure(ctx, s, "look", func(ctx context.Context) (store.Sight, error) { return s.behind.Look(ctx, l) })
}

// Save implements store.Store.
func (s *Store) Save(ctx context.Context, team roster.TeamID, edit roster.Edit) (store.Saved, error) {
	return measure(ctx, s, "save", func(ctx context.Context) (store.Saved, error) { return s.behind.Save(ctx, team, edit) })
}

// Changes implements store.Store.
func (s *Store) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	return measure(ctx, s, "changes", func(ctx context.Context) (store.ChangePage, error) { return s.behind.Changes(ctx, team, q) })
}

// Versions implements store.Store.
func (s *Store) Versions(ctx context.Context, team roster.TeamID, months []roster.Month) (map[roster.Month]int64, error) {
	return measure(ctx, s, "versions", func(ctx context.Context) (map[roster.Month]int64, error) { return s.behind.Versions(ctx, team, months) })
}

// Months implements store.Store.
func (s *Store) Months(ctx context.Context, team roster.TeamID) ([]roster.Month, error) {
	return measure(ctx, s, "months", func(ctx context.Context) ([]roster.Month, error) { return s.behind.Months(ctx, team) })
}

// Load implements store.Store.
func (s *Store) Load(ctx context.Context, month store.MonthRecord) error {
	return measureWrite(ctx, s, "load", func(ctx context.Context) error { return s.behind.Load(ctx, month) })
}

// Ping implements store.Store.
func (s *Store) Ping(ctx context.Context) error {
	return measureWrite(ctx, s, "ping", s.behind.Ping)
}

// Name implements store.Store.
func (s *Store) Name() string { return s.behind.Name() }

// Close implements store.Store.
func (s *Store) Close() error { return s.behind.Close() }
