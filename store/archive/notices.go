package archive

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// recentDays is how many days of notices are kept: longer than one is tried again.
const recentDays = 3

// channels is the kind of where notices go, without what lets in whoever knows it.
func channels() *kind {
	return without(entities("channel", "channels", store.Store.Channels, store.Store.PutChannel,
		func(c notice.Channel) string { return string(c.ID) }, checked(notice.ParseChannelID)),
		func(c notice.Channel) notice.Channel {
			c.Address, c.Secret = "", ""
			return c
		})
}

// notices is the kind of what was sent to whom, without the secrets of the links in it.
func notices() *kind {
	list := func(s store.Store, ctx context.Context) ([]notice.Record, error) { return recentNotices(ctx, s) }
	return without(entities("notice", "notices", list, store.Store.PutNotice, noticeID, checkNoticeID),
		func(r notice.Record) notice.Record {
			r.Stop = ""
			return r
		})
}

var errSecret = errors.New("it has an address of a channel, or a secret; no export has these")

// without is a kind whose lines have no secrets. What is read from a store is written into
// another with them.
func without[T any](k *kind, secrets func(T) T) *kind {
	scan, parse := k.scan, k.parse
	bare := func(it item) item {
		if v, is := it.value.(T); is {
			v = secrets(v)
			it.value, it.alone = v, func() any { return v }
		}
		return it
	}
	k.scan = func(ctx context.Context, s store.Store, yield func(item) error) error {
		return scan(ctx, s, func(it item) error { return yield(bare(it)) })
	}
	k.parse = func(data []byte) (item, error) {
		it, err := parse(data)
		if err == nil && !reflect.DeepEqual(it.value, bare(it).value) {
			err = errSecret
		}
		return it, err
	}
	return k
}

// recentNotices are the records of the last day that has any, and of the days just before it.
func recentNotices(ctx context.Context, s store.Store) ([]notice.Record, error) {
	days, err := s.NoticeDays(ctx)
	if err != nil {
		return nil, err
	}
	var recent [][]notice.Record
	var last roster.Date
	for _, day := range slices.Backward(days) {
		if !last.IsZero() && day.DaysUntil(last) >= recentDays {
			break
		}
		records, err := s.NoticesOf(ctx, day)
		if err != nil {
			return nil, err
		}
		if len(records) > 0 && last.IsZero() {
			last = day
		}
		recent = append(recent, records)
	}
	slices.Reverse(recent)
	return slices.Concat(recent...), nil
}

func noticeID(r notice.Record) string {
	return r.Day.String() + "/" + string(r.Team) + "/" + string(r.ID)
}

func checkNoticeID(text string) error {
	parts := strings.SplitN(text, "/", 3)
	if len(parts) < 3 {
		return fmt.Errorf("%q is no notice", roster.Clip(text))
	}
	day, err := roster.ParseDate(parts[0])
	if err != nil {
		return fmt.Errorf("a notice: %w", err)
	}
	return store.CheckNoticeKeys(notice.Key{Day: day, Team: roster.TeamID(parts[1]), ID: notice.ID(parts[2])})
}
