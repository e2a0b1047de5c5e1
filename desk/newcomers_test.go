package desk_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"dailyroster/desk"
	"dailyroster/roster"
)

// One request adds so many people and no more, whichever way they come. One too many adds
// nobody.
func TestNewcomersAreLimited(t *testing.T) {
	ways := []struct {
		name string
		add  func(ctx context.Context, k *desk.Desk, team *roster.Team, names []string) error
	}{
		{"assignments", func(ctx context.Context, k *desk.Desk, team *roster.Team, names []string) error {
			known, err := k.Names(ctx)
			if err != nil {
				return err
			}
			wish := desk.AssignWish{Why: roster.WhyEdit, Act: roster.Act{Actor: roster.Actor{Name: "test"}}}
			if wish.Act.Group, err = k.NewChangeID(); err != nil {
				return err
			}
			for i, name := range names {
				wish.Seats = append(wish.Seats, desk.SeatWish{Date: date("2026-11-24").AddDays(i), Wish: desk.Wish{Role: primary, Text: name, Field: fmt.Sprint("line ", i)}})
			}
			_, err = k.Assign(ctx, team, known, wish)
			return err
		}},
		{"an import", func(ctx context.Context, k *desk.Desk, team *roster.Team, names []string) error {
			known, err := k.Names(ctx)
			if err != nil {
				return err
			}
			table := "Date,Primary\n"
			for i, name := range names {
				table += fmt.Sprintf("%s,%s\n", date("2026-11-24").AddDays(i), name)
			}
			in, err := k.ReadImport([]byte(table), team, known)
			if err != nil {
				return err
			}
			if in.Group, err = k.NewChangeID(); err != nil {
				return err
			}
			plan, err := k.PlanImport(ctx, team, known, in)
			if err != nil {
				return err
			}
			return k.RunImport(ctx, team, in, plan, roster.Actor{Name: "test"})
		}},
	}
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			k, team := newDesk(t)
			known := people(t, k)
			var names []string
			for i := range desk.MaxNewcomers + 1 {
				names = append(names, fmt.Sprint("New ", i))
			}
			var refused roster.FieldErrors
			if err := way.add(t.Context(), k, team, names); !errors.As(err, &refused) || len(refused) != 1 {
				t.Errorf("one too many: got %v, want it refused", err)
			}
			if n := people(t, k); n != known {
				t.Errorf("one too many: got %d new people, want none", n-known)
			}
			names[len(names)-1] = "NEW 7" // is there, and is not new twice
			if err := way.add(t.Context(), k, team, names); err != nil {
				t.Errorf("as many as can be: got %v", err)
			}
			if n := people(t, k); n != known+desk.MaxNewcomers {
				t.Errorf("as many as can be: got %d new people, want %d", n-known, desk.MaxNewcomers)
			}
		})
	}
}

func people(t *testing.T, k *desk.Desk) int {
	t.Helper()
	all, err := k.Store.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}
