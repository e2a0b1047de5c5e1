package desk

import (
	"context"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// finishTime is how long a request waits to finish an exchange for others.
const finishTime = 2 * time.Second

// finishAllTime is how long one look at all teams may take.
const finishAllTime = 5 * time.Second

// settled finishes exchanges of the team that were interrupted, as far as the store allows,
// and returns the team. Every request that reads a team calls it, so that nobody sees or
// edits half a swap for longer than it takes to finish it.
func (k *Desk) settled(ctx context.Context, team roster.Team) roster.Team {
	finished := false
	for _, o := range team.Offers {
		if !o.UnderWay() || !store.AgeOf(ctx).Oldest().IsZero() {
			continue
		}
		attempt, cancel := context.WithTimeout(ctx, finishTime)
		_, err := k.carryOut(attempt, team.ID, o.Group)
		cancel()
		if err != nil && ctx.Err() == nil {
			k.Log.Warn("an exchange cannot be finished yet", "team", team.ID, "exchange", o.Group, "error", err)
		}
		finished = finished || err == nil
	}
	if !finished {
		return team
	}
	if now, err := k.Store.Team(ctx, team.ID); err == nil {
		return now
	}
	return team
}

// FinishExchanges finishes the exchanges in which another process, or this one before a
// restart, was interrupted. It tries until the store answers or ctx ends.
func (k *Desk) FinishExchanges(ctx context.Context) {
	for {
		attempt, cancel := context.WithTimeout(ctx, finishAllTime)
		attempt, _ = store.WithAge(attempt)
		_, err := k.ListedTeams(attempt)
		cancel()
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Second):
		}
	}
}
