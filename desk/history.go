package desk

import (
	"context"
	"iter"

	"dailyroster/roster"
	"dailyroster/store"
)

// HistoryOf returns the history, newest first, of those of the days that were ever changed.
// The days must be in order. The result may include days between them.
func (k *Desk) HistoryOf(ctx context.Context, team roster.TeamID, days []roster.Day) ([]roster.Change, error) {
	q := store.ChangeQuery{Limit: store.MaxChanges}
	for _, d := range days {
		if d.Revision == "" {
			continue
		}
		if q.From.IsZero() {
			q.From = d.Date
		}
		q.To = d.Date
	}
	if q.From.IsZero() {
		return nil, nil
	}
	return k.changesUntil(ctx, team, q, func([]roster.Change) bool { return false })
}

// maxSearchPages is how many pages in a row may have nothing of a group before the group
// counts as missing: a hundred thousand changes.
const maxSearchPages = 100_000 / store.MaxWalked

// atLeast is enough for changesUntil once there are n changes.
func atLeast(n int) func([]roster.Change) bool {
	return func(all []roster.Change) bool { return len(all) >= n }
}

// changesUntil returns the changes that the query asks for, newest first. It reads page after
// page until the end, or until enough says that it has read enough. For a group, it ends when
// maxSearchPages pages in a row have nothing of it.
func (k *Desk) changesUntil(ctx context.Context, team roster.TeamID, q store.ChangeQuery, enough func([]roster.Change) bool) ([]roster.Change, error) {
	var all []roster.Change
	empty := 0
	for changes, err := range k.pages(ctx, team, q) {
		if err != nil {
			return nil, err
		}
		all = append(all, changes...)
		empty++
		if len(changes) > 0 {
			empty = 0
		}
		if enough(all) || q.Group != "" && empty == maxSearchPages {
			break
		}
	}
	return all, nil
}

// pages are the changes that the query asks for, newest first, a page of them at a time. After
// an error there are no more.
func (k *Desk) pages(ctx context.Context, team roster.TeamID, q store.ChangeQuery) iter.Seq2[[]roster.Change, error] {
	return func(yield func([]roster.Change, error) bool) {
		for {
			page, err := k.Store.Changes(ctx, team, q)
			if !yield(page.Changes, err) || err != nil || page.Next == "" {
				return
			}
			q.Cursor = page.Next
		}
	}
}

// Cleared returns a day as it was before the edit that emptied it, and the reason for that
// edit; found is false if the edit is not the day's last one.
func (k *Desk) Cleared(ctx context.Context, team roster.TeamID, day roster.Day, edit roster.ChangeID) (before roster.Day, reason string, found bool, err error) {
	changes, err := k.changesUntil(ctx, team, store.OfDay(day.Date), atLeast(store.MaxChanges))
	if err != nil || len(changes) == 0 || !changes[0].PartOf(edit) {
		return day, "", false, err
	}
	before, _ = roster.Before(day, changes, edit)
	return before, changes[0].Reason, true, nil
}

// MadeGroup is the group of an act, or nil if the act changed nothing. A request that is sent
// again finds nothing left to change, and still gets the group.
func (k *Desk) MadeGroup(ctx context.Context, team roster.TeamID, group roster.ChangeID, changes bool) (*roster.ChangeID, error) {
	if !changes {
		if _, again := keyOf(ctx); !again {
			return nil, nil
		}
		changes, err := k.changesUntil(ctx, team, store.ChangeQuery{Group: group, Limit: 1}, atLeast(1))
		if err != nil || len(changes) == 0 {
			return nil, err
		}
	}
	return &group, nil
}
