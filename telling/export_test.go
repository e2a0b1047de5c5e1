package telling

import "context"

// PerDay is how many notices of one team can be due on a day.
const PerDay = perDay

// Begin makes a round, and does not wait for what it begins.
func (r *Rounds) Begin(ctx context.Context) error {
	_, err := r.Round(ctx)
	return err
}

// Settle makes rounds until all that is due was tried.
func (r *Rounds) Settle(ctx context.Context) error {
	for range 2 { // the first of an instance does not know yet which changes were told
		if err := r.Begin(ctx); err != nil {
			return err
		}
		r.watch.lanes.under.Wait()
	}
	return nil
}
