// Package company makes up companies for tests and benchmarks: people, teams, rosters filled
// by rotations with their history, absences and tokens, of whatever size.
//
// The same size and day give the same company, byte for byte. And who comes first is the same
// in a company of any size: the first team, its ten people and its roster are those of the
// smallest company too. So what a page of the first team costs in two companies differs only by
// what it does not show.
package company

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
	"dailyroster/store/bolt"
)

// Size is how large a company is.
type Size struct {
	People, Teams    int
	Months           int // that each team's roster has; half of them have passed
	Absences, Tokens int // of all people and teams together
}

// Small is a company of a few teams.
func Small() Size { return Size{People: 50, Teams: 5, Months: 24, Absences: 2, Tokens: 5} }

// Large is the largest company that the default limits allow.
func Large() Size { return Size{People: 10_000, Teams: 1000, Months: 24, Absences: 300, Tokens: 200} }

// Huge has more people than the default limits allow.
func Huge() Size { return Size{People: 50_000, Teams: 1000, Months: 24, Absences: 1500, Tokens: 200} }

const (
	perTeam   = 10 // people of a team; who comes after the last team belongs to none
	onCall    = 8  // of them who stand in its rotations
	perMonth  = 3  // edits by hand of each month
	hourOfDay = 8  // UTC, when rosters are filled
)

// Company is a company, on one day. It is safe for use by many goroutines.
type Company struct {
	Size   Size
	Today  roster.Date
	people []roster.Person
	teams  []roster.Team
	tokens []credential.Token
	texts  []string // of the tokens
}

// New makes up the company of a size, as it is on a day.
func New(size Size, today roster.Date) (*Company, error) {
	if size.Teams < 1 || size.People < perTeam*size.Teams || size.Months < 1 || size.Absences < 0 || size.Tokens < 0 || size.Tokens > perPair*size.Teams {
		return nil, fmt.Errorf("there is no company of the size %+v: each team has %d people, a month at least, and at most %d tokens", size, perTeam, perPair)
	}
	c := &Company{Size: size, Today: today}
	if err := c.hire(); err != nil {
		return nil, err
	}
	for i := range size.Teams {
		team, err := c.makeTeam(i)
		if err != nil {
			return nil, err
		}
		c.teams = append(c.teams, team)
	}
	return c, c.makeTokens()
}

// People are all people. The list is shared: do not change it.
func (c *Company) People() []roster.Person { return c.people }

// Teams are all teams. The list is shared: do not change it.
func (c *Company) Teams() []roster.Team { return c.teams }

// Tokens are all tokens. The list is shared: do not change it.
func (c *Company) Tokens() []credential.Token { return c.tokens }

// Team is the first team, which a company of any size has.
func (c *Company) Team() roster.TeamID { return c.teams[0].ID }

// Member is the first person, who is in the first team's rotations and away for some days.
func (c *Company) Member() roster.PersonID { return c.people[0].ID }

// WriteTo writes the company into a store that is empty, by so many writers at once. A write
// that an interruption left behind is found again, so that it can be repeated.
func (c *Company) WriteTo(ctx context.Context, into store.Store, writers int) error {
	for _, part := range []struct {
		n   int
		put func(ctx context.Context, i int) error
	}{
		{len(c.people), func(ctx context.Context, i int) error { return into.PutPerson(ctx, c.people[i], "") }},
		{len(c.teams), func(ctx context.Context, i int) error { return into.PutTeam(ctx, c.teams[i], "") }},
		{len(c.tokens), func(ctx context.Context, i int) error { return into.PutToken(ctx, c.tokens[i], "") }},
		{len(c.teams), func(ctx context.Context, i int) error {
			months, err := c.Past(i)
			for k := 0; k < len(months) && err == nil; k++ {
				err = into.Load(ctx, months[k])
			}
			return err
		}},
	} {
		if err := sideBySide(ctx, writers, part.n, part.put); err != nil {
			return err
		}
	}
	return nil
}

// sharing is how many writes share a transaction while a file is built.
const sharing = 64

// InFile makes an embedded store of the company at path, where there is none yet.
func (c *Company) InFile(ctx context.Context, path string) error {
	return bolt.Build(path, func(s *bolt.Store) error { return c.WriteTo(ctx, s, sharing) })
}

// sideBySide does what there are n of, so many at once, and ends at the first error.
func sideBySide(ctx context.Context, workers, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var all sync.WaitGroup
	for range max(1, workers) {
		all.Go(func() {
			for i := range next {
				if err := do(ctx, i); err != nil {
					cancel(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	all.Wait()
	return context.Cause(ctx)
}

// What a stream of random numbers is for.
const (
	ofPerson uint64 = iota + 1
	ofTeam
	ofPast
	ofToken
)

// dice are random numbers, the same for the same thing of any company.
type dice struct{ *rand.Rand }

func diceOf(what uint64, i int) dice {
	return dice{rand.New(rand.NewPCG(what, uint64(i)))}
}

// one is one of the list.
func one[T any](d dice, of []T) T { return of[d.IntN(len(of))] }

func (d dice) bytes10() (random [10]byte) {
	binary.LittleEndian.PutUint64(random[:], d.Uint64())
	binary.LittleEndian.PutUint16(random[8:], uint16(d.Uint32()))
	return random
}

func (d dice) id(at time.Time) (roster.ChangeID, error) { return roster.NewChangeID(at, d.bytes10()) }

// founded is when people and teams were entered.
func (c *Company) founded() time.Time { return noon(c.first().First().AddDays(-60)) }

// first is the first month of all rosters.
func (c *Company) first() roster.Month {
	year, month := c.Today.Year, int(c.Today.Month)-c.Size.Months/2
	return roster.DateOf(time.Date(year, time.Month(month), 1, 0, 0, 0, 0, time.UTC)).InMonth()
}

func noon(d roster.Date) time.Time {
	return time.Date(d.Year, d.Month, d.Day, hourOfDay, 0, 0, 0, time.UTC)
}
