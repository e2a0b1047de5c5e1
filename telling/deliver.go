package telling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dailyroster/notify"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
)

// pauses are how long to wait after each attempt; the last one is for all that follow.
func pauses() []time.Duration {
	return []time.Duration{
		30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, 40 * time.Minute, time.Hour,
	}
}

// maxTries is after how many attempts a notice is given up: after a day, by the pauses.
const maxTries = 30

// storeTime is how long the store may take to keep what came of a notice.
const storeTime = 5 * time.Second

// deliver claims a notice and sends it. tried is false if somebody else does, or if it is over.
// taken reports whether the receiver took it; reason says why not.
func (t *Teller) deliver(ctx context.Context, it item) (tried, taken bool, reason string) {
	now := t.Now()
	r, use := t.stillOfUse(ctx, it, now, it.record.Error)
	if !use {
		return false, false, ""
	}
	m, err := t.compose(ctx, it, &r)
	switch {
	case errors.Is(err, errNothing):
		t.learn(&notice.Record{ID: it.id, Due: it.due.At, State: notice.StateDropped, Acts: r.Acts})
		return false, false, ""
	case err != nil:
		t.Log.Debug("a notice waits for the store", "notice", it.id, "error", err)
		return false, false, ""
	}
	r.Subject = m.Subject
	r.State, r.By, r.Until, r.Next = notice.StateClaimed, t.Instance, now.Add(leaseTime).UTC(), time.Time{}
	r.Tries++
	if r, err = t.put(ctx, r); err != nil { // somebody else has it, or the store does not answer
		return false, false, ""
	}
	attempt, cancel := context.WithTimeout(ctx, attemptTime)
	err = t.send(attempt, it.to, m)
	cancel()
	now = t.Now()
	t.counts.sent(r.Kind, it.to.way, err == nil, now.Sub(r.Due))
	if err == nil {
		t.end(ctx, r, notice.StateSent, now, "")
		return true, true, ""
	}
	reason = short(err)
	_, permanent := errors.AsType[*notify.PermanentError](err)
	next := now.Add(max(pauses()[min(r.Tries, len(pauses()))-1], notify.RetryAfter(err)))
	switch {
	case permanent, r.Tries >= maxTries:
		t.end(ctx, r, notice.StateFailed, now, reason)
	default:
		t.rest(ctx, it, r, next, reason)
	}
	t.Log.Warn("a notice was not taken", "notice", it.id, "kind", r.Kind, "team", r.Team, "to", r.To, "tries", r.Tries, "permanent", permanent, "error", reason)
	return true, permanent, reason // a receiver that refuses one notice is not out of order
}

// stillOfUse gives the record of a notice, a new one if there is none. A notice that is over is
// dropped; reason is why it was not sent before, "" if nothing is known.
func (t *Teller) stillOfUse(ctx context.Context, it item, now time.Time, reason string) (r notice.Record, use bool) {
	r = it.record
	if r.Revision == "" {
		r = it.newRecord()
	}
	if it.due.Over.After(now) {
		return r, true
	}
	says := "it was over before it could be sent"
	if reason != "" {
		says += ": " + reason
	}
	t.end(ctx, r, notice.StateDropped, now, says)
	return r, false
}

// end keeps what became of a notice, also when the process stops meanwhile.
func (t *Teller) end(ctx context.Context, r notice.Record, state notice.State, now time.Time, reason string) {
	r.State, r.Ended, r.Error, r.Until, r.Next = state, now.UTC(), reason, time.Time{}, time.Time{}
	if state != notice.StateSent {
		t.counts.ended(r.Kind, state)
	}
	t.keep(ctx, r)
	t.learn(&r) // also if it was not kept: this process sends it no second time
}

// rest lets a notice wait until next. What is over by then is dropped when it is over.
func (t *Teller) rest(ctx context.Context, it item, r notice.Record, next time.Time, reason string) {
	if it.due.Over.Before(next) {
		next = it.due.Over
	}
	r.State, r.Next, r.Error, r.Until = notice.StateWaiting, next.UTC(), reason, time.Time{}
	t.keep(ctx, r)
}

// keep writes a record, again and again for a while.
func (t *Teller) keep(ctx context.Context, r notice.Record) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTime)
	defer cancel()
	for {
		_, err := t.put(ctx, r)
		if err == nil || errors.Is(err, store.ErrConflict) {
			return
		}
		select {
		case <-ctx.Done():
			t.Log.Warn("what came of a notice was not kept", "notice", r.ID, "state", r.State, "error", err)
			return
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// postpone notes that a notice waits because its receiver is out of order.
func (t *Teller) postpone(ctx context.Context, it item, until time.Time, reason string) {
	if r, use := t.stillOfUse(ctx, it, t.Now(), reason); use {
		t.rest(ctx, it, r, until, reason)
	}
}

// send sends a message by a receiver's way.
func (t *Teller) send(ctx context.Context, to receiver, m notify.Message) error {
	if !t.Ways.Has(to.way) {
		return fmt.Errorf("%s is not set up", to.way)
	}
	switch to.way {
	case notice.WayEmail:
		return t.Ways.Email(ctx, to.address, m)
	case notice.WayWebhook:
		return t.Ways.Webhook(ctx, to.address, to.secret, m)
	case notice.WayChat:
		return t.Ways.Chat(ctx, to.address, m)
	case notice.WayGroup:
	}
	return fmt.Errorf("no notice goes by %s", to.way)
}

// typeOf is the type of a notice for programs.
func typeOf(kind roster.NoticeKind) string {
	switch kind {
	case roster.NoticeComing:
		return "shift.coming"
	case roster.NoticeNow:
		return "shift.began"
	case roster.NoticeChanged:
		return "shifts.changed"
	case roster.NoticeSwap:
		return "swap.news"
	case roster.NoticeGap:
		return "gap.near"
	case roster.NoticeWeek:
		return "week.summary"
	}
	return string(kind)
}
