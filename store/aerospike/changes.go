package aerospike

import (
	"cmp"
	"context"
	"slices"

	"dailyroster/roster"
	"dailyroster/store"
)

// Changes implements store.Store. Each month's changes keep their own order; between
// months the later Change.Time comes first. The cursor says for every month how much
// of it is left, so that what happens between two pages moves nothing.
func (s *Store) Changes(ctx context.Context, team roster.TeamID, q store.ChangeQuery) (store.ChangePage, error) {
	if err := store.CheckQuery(q); err != nil {
		return store.ChangePage{}, err
	}
	if err := store.Alive(ctx); err != nil {
		return store.ChangePage{}, err
	}
	left, err := parseCursor(team, q)
	if err != nil {
		return store.ChangePage{}, err
	}
	pasts, err := s.pasts(ctx, team, q, left)
	if err != nil {
		return store.ChangePage{}, err
	}
	return s.page(ctx, team, q, pasts)
}

// maxUnlisted is up to how many days a range is read without asking first which of its
// months there are.
const maxUnlisted = 1000

// pasts loads the ends of the months that the query is about.
func (s *Store) pasts(ctx context.Context, team roster.TeamID, q store.ChangeQuery, left []position) ([]*past, error) {
	var months []roster.Month
	switch {
	case q.Cursor != "":
		for _, p := range left {
			months = append(months, p.month)
		}
	case !q.From.IsZero() && q.Since == "" && q.From.DaysUntil(q.To) < maxUnlisted:
		months = roster.MonthsOf(q.From, q.To)
	default:
		var err error
		if months, err = s.listedMonths(ctx, team); err != nil {
			return nil, err
		}
		if !q.From.IsZero() && q.Since == "" {
			months = slices.DeleteFunc(months, func(m roster.Month) bool { return q.To.Before(m.First()) || !q.From.Before(m.Next().First()) })
		}
	}
	pasts, err := s.tails(ctx, team, months)
	if err != nil || q.Cursor == "" {
		return pasts, err
	}
	upper := map[roster.Month]int{}
	for _, p := range left {
		upper[p.month] = p.upper
	}
	for _, p := range pasts {
		p.upper = min(p.upper, upper[p.month])
	}
	return pasts, nil
}

// page merges the months, newest first, until the page is full, Since is reached or enough
// was looked at. A first page goes on so far to find Since, as one that is unknown is an
// error.
func (s *Store) page(ctx context.Context, team roster.TeamID, q store.ChangeQuery, pasts []*past) (store.ChangePage, error) {
	var page store.ChangePage
	full, group := "", store.NewGroupSearch(q)
	for walked := 0; ; walked++ {
		if err := store.Alive(ctx); err != nil {
			return store.ChangePage{}, err
		}
		if err := s.load(ctx, team, pasts); err != nil {
			return store.ChangePage{}, err
		}
		p := newestOf(pasts)
		switch {
		case p == nil && q.Since != "":
			return store.ChangePage{}, store.ErrNotFound
		case p == nil:
			return page, nil
		}
		c := p.newest()
		if q.Since != "" && c.ID == q.Since {
			return page, nil
		}
		if group.Ends(c) {
			return page, nil
		}
		if walked == store.MaxWalked {
			page.Next = cmp.Or(full, formatCursor(team, q, pasts))
			return page, nil
		}
		p.upper--
		if !q.Chooses(c) {
			continue
		}
		if len(page.Changes) < q.Limit {
			page.Changes = append(page.Changes, c)
			if len(page.Changes) == q.Limit {
				full = formatCursor(team, q, pasts)
			}
			continue
		}
		page.Next = full
		if q.Since == "" || q.Cursor != "" {
			return page, nil
		}
	}
}

// newestOf is the month whose newest entry is the newest of all; nil if none is left.
func newestOf(pasts []*past) *past {
	var best *past
	for _, p := range pasts {
		if p.upper > 0 && (best == nil || !p.newest().Time.Before(best.newest().Time)) {
			best = p
		}
	}
	return best
}
