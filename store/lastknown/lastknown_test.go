package lastknown_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/store/bolt"
	"dailyroster/store/lastknown"
	"dailyroster/store/storetest"
)

// outage is a real store that can be cut off.
type outage struct {
	store.Store
	down  atomic.Bool
	asked atomic.Int64
}

var errDown = &store.UnavailableError{Err: errors.New("cut off")}

func (o *outage) refuse() error {
	o.asked.Add(1)
	if o.down.Load() {
		return errDown
	}
	return nil
}

func (o *outage) Look(ctx context.Context, l store.Look) (store.Sight, error) {
	if err := o.refuse(); err != nil {
		return store.Sight{}, err
	}
	return o.Store.Look(ctx, l)
}

func (o *outage) Team(ctx context.Context, id roster.TeamID) (roster.Team, error) {
	if err := o.refuse(); err != nil {
		return roster.Team{}, err
	}
	return o.Store.Team(ctx, id)
}

func (o *outage) Save(ctx context.Context, team roster.TeamID, e roster.Edit) (store.Saved, error) {
	if err := o.refuse(); err != nil {
		return store.Saved{}, err
	}
	return o.Store.Save(ctx, team, e)
}

func (o *outage) Channels(ctx context.Context) ([]notice.Channel, error) {
	if err := o.refuse(); err != nil {
		return nil, err
	}
	return o.Store.Channels(ctx)
}

func (o *outage) Channel(ctx context.Context, id notice.ChannelID) (notice.Channel, error) {
	if err := o.refuse(); err != nil {
		return notice.Channel{}, err
	}
	return o.Store.Channel(ctx, id)
}

func (o *outage) NoticesAt(ctx context.Context, keys []notice.Key) ([]notice.Record, error) {
	if err := o.refuse(); err != nil {
		return nil, err
	}
	return o.Store.NoticesAt(ctx, keys)
}

func (o *outage) NoticesOf(ctx context.Context, day roster.Date) ([]notice.Record, error) {
	if err := o.refuse(); err != nil {
		return nil, err
	}
	return o.Store.NoticesOf(ctx, day)
}

func (o *outage) TeamNoticesOf(ctx context.Context, day roster.Date, team roster.TeamID) ([]notice.Record, error) {
	if err := o.refuse(); err != nil {
		return nil, err
	}
	return o.Store.TeamNoticesOf(ctx, day, team)
}

func (o *outage) NoticeDays(ctx context.Context) ([]roster.Date, error) {
	if err := o.refuse(); err != nil {
		return nil, err
	}
	return o.Store.NoticeDays(ctx)
}

func openBolt(t *testing.T) store.Store {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Store { return lastknown.New(openBolt(t), time.Now) })
}

var day = roster.Date{Year: 2026, Month: 11, Day: 23}

func edit(note string, basedOn roster.Revision) roster.Edit {
	return roster.Edit{
		Change: storetest.NewID(), Why: roster.WhyEdit, Time: time.Now(),
		Days: []roster.DayEdit{{BasedOn: basedOn, Day: roster.Day{Date: day, Note: note}}},
	}
}

func TestOutage(t *testing.T) {
	behind := &outage{Store: openBolt(t)}
	start := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	clock := start
	s := lastknown.New(behind, func() time.Time { return clock })
	defer func() { _ = s.Close() }()
	first := edit("known", "")
	read := func() ([]roster.Day, time.Time, error) {
		ctx, age := store.WithAge(t.Context())
		days, err := s.Days(ctx, "ops", day, day.AddDays(9))
		return days, age.Oldest(), err
	}
	if _, err := s.Save(t.Context(), "ops", first); err != nil {
		t.Fatal(err)
	}
	if days, age, err := read(); err != nil || len(days) != 10 || days[0].Note != "known" || !age.IsZero() {
		t.Fatalf("while all is well: got %v, age %v, %v, want ten days of now", days, age, err)
	}
	second := edit("written through", first.Change)
	if _, err := s.Save(t.Context(), "ops", second); err != nil {
		t.Fatal(err)
	}

	behind.down.Store(true)
	clock = start.Add(time.Minute)
	days, age, err := read()
	if err != nil || days[0].Note != "written through" || days[0].Revision != second.Change {
		t.Errorf("in the outage: got %v, %v, want the day as it was saved last", days, err)
	}
	if !age.Equal(start) {
		t.Errorf("the age: got %v, want when it was read, %v", age, start)
	}
	asked := behind.asked.Load()
	for range 10 {
		if _, _, err := read(); err != nil {
			t.Errorf("in the outage: got %v, want the last known days", err)
		}
	}
	if got := behind.asked.Load(); got != asked {
		t.Errorf("right after a failure the store was asked %d times, want none", got-asked)
	}
	for what, err := range map[string]error{
		"an edit": func() error { _, err := s.Save(t.Context(), "ops", edit("x", "")); return err }(),
		"a month that was never read": func() error {
			_, err := s.Days(t.Context(), "ops", day.AddDays(60), day.AddDays(61))
			return err
		}(),
		"a team that was never read": func() error { _, err := s.Team(t.Context(), "ops"); return err }(),
	} {
		if _, is := errors.AsType[*store.UnavailableError](err); !is {
			t.Errorf("%s in the outage: got %v, want an *UnavailableError", what, err)
		}
	}

	behind.down.Store(false)
	clock = clock.Add(10 * time.Second)
	if days, age, err := read(); err != nil || !age.IsZero() || days[0].Note != "written through" {
		t.Errorf("after the outage: got %v, age %v, %v, want days of now", days, age, err)
	}
}

// What was sent to whom is never told from memory: whoever sends has to know.
func TestNoticesPassThrough(t *testing.T) {
	behind := &outage{Store: openBolt(t)}
	s := lastknown.New(behind, time.Now)
	defer func() { _ = s.Close() }()
	channel := notice.Channel{ID: notice.ChannelID(strings.ToLower(string(storetest.NewID()))), Team: "ops", Revision: storetest.NewID()}
	record := notice.Record{ID: notice.NewID("known"), Day: day, Team: "ops", Revision: storetest.NewID()}
	ask := func() map[string]error {
		errs := map[string]error{}
		_, errs["Channels"] = s.Channels(t.Context())
		_, errs["Channel"] = s.Channel(t.Context(), channel.ID)
		_, errs["NoticesAt"] = s.NoticesAt(t.Context(), []notice.Key{record.Key()})
		_, errs["NoticesOf"] = s.NoticesOf(t.Context(), day)
		_, errs["TeamNoticesOf"] = s.TeamNoticesOf(t.Context(), day, "ops")
		_, errs["NoticeDays"] = s.NoticeDays(t.Context())
		return errs
	}
	for what, err := range map[string]error{"PutChannel": s.PutChannel(t.Context(), channel, ""), "PutNotice": s.PutNotice(t.Context(), record, "")} {
		if err != nil {
			t.Fatalf("%s: got %v, want nil", what, err)
		}
	}
	for what, err := range ask() {
		if err != nil {
			t.Fatalf("%s: got %v, want nil", what, err)
		}
	}
	behind.down.Store(true)
	for what, err := range ask() {
		if !errors.Is(err, errDown) {
			t.Errorf("%s while the store is down: got %v, want its error", what, err)
		}
	}
}
