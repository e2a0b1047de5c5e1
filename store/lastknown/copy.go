package lastknown

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"dailyroster/roster"
	"dailyroster/store"
)

// What a copy has: everybody, every team, and of each team the days around now. It is brought
// up to date every copyTime.
const (
	monthsBack  = 1
	monthsAhead = 3
	copyTime    = 5 * time.Second
	// copyPatience is how long one round may take.
	copyPatience = 30 * time.Second
	// tokensEvery is in how many rounds the tokens are looked at once: they are listed anew
	// each time, and are of no use to a person.
	tokensEvery = 6
	// versionsAtOnce and teamsAtOnce are of how many teams one look asks for the versions of
	// their months, and for the months.
	versionsAtOnce = 400
	teamsAtOnce    = 100
	// maxCopy is how large all files together may be, in bytes.
	maxCopy = 512 << 20
)

// The files of a copy. Each team has one of its own, below teamsFolder.
const (
	aboutFile   = "about"
	peopleFile  = "people"
	teamsFile   = "teams"
	tokensFile  = "tokens"
	teamsFolder = "days"
)

// Copy keeps, in a folder on the own disk, what is needed to say who is on call while the store
// does not answer, also after a restart and for what nobody has asked for yet. The folder is one
// program's.
type Copy struct {
	dir    string
	of     string // where the store is, as the configuration says
	store  *Store
	log    *slog.Logger
	random io.Reader

	id       roster.Revision // of the store; "" before it is known
	sure     bool            // the store itself has said so
	people   *roster.Person  // the first of those that the copy has: a list that changed is in another place
	teams    *roster.Team    // likewise
	tokens   string          // what those that the copy has sum up to
	versions map[roster.TeamID]map[roster.Month]int64
	rounds   int
	sizes    map[string]int64 // of the files, by their names
	failing  bool             // it has been said that the copy is not up to date
}

// aboutCopy is what the file about has.
type aboutCopy struct {
	Of        string    `json:"of"`
	Confirmed time.Time `json:"confirmed"` // when all of it was as the store had it
}

// teamDays are the days of a team that anybody has edited, month by month.
type teamDays struct {
	Months map[string][]dayCopy `json:"months"`
}

type dayCopy struct {
	Day         int                               `json:"day"` // of the month
	Assignments map[roster.RoleID]roster.PersonID `json:"assignments,omitempty"`
	Note        string                            `json:"note,omitempty"`
	Revision    roster.Revision                   `json:"revision"`
}

// OpenCopy reads the copy in a folder, which it makes if there is none, into the memory of the
// store in front of it. What is damaged, of another version or of another store is left out, with
// a line in the log. of says where the store is, without what is secret.
func OpenCopy(dir, of string, s *Store, log *slog.Logger, random io.Reader) (*Copy, error) {
	if err := os.MkdirAll(filepath.Join(dir, teamsFolder), 0o700); err != nil {
		return nil, fmt.Errorf("the folder for the copy: %w", err)
	}
	half, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil {
		return nil, fmt.Errorf("the folder for the copy: %w", err)
	}
	for _, name := range half { // of a program that was killed
		if err := os.Remove(name); err != nil {
			return nil, fmt.Errorf("the folder for the copy: %w", err)
		}
	}
	c := &Copy{dir: dir, of: of, store: s, log: log, random: random}
	c.forget()
	c.restore()
	return c, nil
}

func (c *Copy) forget() {
	c.people, c.teams, c.tokens, c.rounds = nil, nil, "", 0
	c.versions, c.sizes = map[roster.TeamID]map[roster.Month]int64{}, map[string]int64{}
}

// Run keeps the copy up to date until ctx ends. The first round also reads into memory what is
// near, of all teams.
func (c *Copy) Run(ctx context.Context) {
	tick := time.NewTicker(copyTime)
	defer tick.Stop()
	for {
		err := c.Round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil && !c.failing:
			c.log.Warn("the copy of the roster is not up to date", "folder", c.dir, "error", err)
		case err == nil && c.failing:
			c.log.Info("the copy of the roster is up to date again", "folder", c.dir)
		}
		c.failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

var errRemembered = errors.New("the store does not answer")

// Round writes what has changed since the round before. The error says why the copy is not up
// to date now.
func (c *Copy) Round(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, copyPatience)
	defer cancel()
	ctx, age := store.WithAge(ctx)
	at := c.store.now()
	if err := c.confirm(ctx); err != nil {
		return err
	}
	sight, err := c.store.Look(ctx, store.Look{People: true, Teams: true})
	switch {
	case err != nil:
		return err
	case !age.Oldest().IsZero(): // what is only remembered is no news
		return errRemembered
	}
	if err := c.writeLists(ctx, sight); err != nil {
		return err
	}
	teams := sight.Teams.All()
	for part := range slices.Chunk(teams, versionsAtOnce) {
		if err := c.writeDays(ctx, part, near(at), at); err != nil {
			return err
		}
	}
	if !age.Oldest().IsZero() {
		return errRemembered
	}
	c.rounds++
	return c.write(aboutFile, aboutCopy{c.of, at})
}

// confirm asks the store, once, whether it is the one that the copy is of; a copy of another is
// dropped.
func (c *Copy) confirm(ctx context.Context) error {
	if c.sure {
		return nil
	}
	var random [10]byte
	if _, err := io.ReadFull(c.random, random[:]); err != nil {
		return err
	}
	fresh, err := roster.NewChangeID(c.store.now(), random)
	if err != nil {
		return err
	}
	about, err := c.store.About(ctx, fresh)
	if err != nil {
		return err
	}
	if c.id != "" && c.id != about.ID {
		c.log.Warn("the copy was of another store, and is dropped", "folder", c.dir, "of", c.id, "store", about.ID)
		c.store.forgetAll()
	}
	if c.id != about.ID {
		c.forget()
		for _, name := range []string{aboutFile, peopleFile, teamsFile, tokensFile} {
			if err := os.Remove(c.path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := c.clean(func(string) bool { return false }); err != nil {
			return err
		}
	}
	c.id, c.sure = about.ID, true
	return nil
}

// writeLists writes the people, the teams and, now and then, the tokens, where they changed.
func (c *Copy) writeLists(ctx context.Context, sight store.Sight) error {
	if first := firstOf(sight.People.People()); first != c.people || c.rounds == 0 {
		if err := c.write(peopleFile, sight.People.People()); err != nil {
			return err
		}
		c.people = first
	}
	teams := sight.Teams.All()
	if first := firstOf(teams); first != c.teams || c.rounds == 0 {
		if err := c.write(teamsFile, teams); err != nil {
			return err
		}
		c.teams = first
		known := make(map[string]bool, len(teams))
		for i := range teams {
			known[string(teams[i].ID)] = !teams[i].Removed
		}
		if err := c.clean(func(id string) bool { return known[id] }); err != nil {
			return err
		}
	}
	if c.rounds%tokensEvery != 0 {
		return nil
	}
	tokens, err := c.store.Tokens(ctx)
	if err != nil {
		return err
	}
	var sum strings.Builder
	for _, t := range tokens {
		sum.WriteString(string(t.ID) + string(t.Revision))
	}
	if sum.String() == c.tokens && c.rounds > 0 {
		return nil
	}
	c.tokens = sum.String()
	return c.write(tokensFile, tokens)
}

// firstOf is where a list is in memory: who keeps it decoded gives the same until it changes.
func firstOf[T any](list []T) *T {
	if len(list) == 0 {
		return nil
	}
	return &list[0]
}

// near are the months around an instant that the copy has. Where a team works it may be another
// day by then, which is within them, too.
func near(at time.Time) []roster.Month {
	m := roster.DateOf(at.UTC()).InMonth()
	for range monthsBack {
		m = m.First().AddDays(-1).InMonth()
	}
	months := make([]roster.Month, monthsBack+1+monthsAhead)
	for i := range months {
		months[i], m = m, m.Next()
	}
	return months
}

// writeDays writes the days of those of the teams whose near months have changed.
func (c *Copy) writeDays(ctx context.Context, teams []roster.Team, months []roster.Month, at time.Time) error {
	var ask store.Look
	for i := range teams {
		if !teams[i].Removed {
			ask.Versions = append(ask.Versions, store.TeamMonths{Team: teams[i].ID, Months: months})
		}
	}
	found, err := c.store.Look(ctx, ask)
	if err != nil {
		return err
	}
	type changed struct {
		team     roster.TeamID
		versions map[roster.Month]int64
	}
	var news []changed
	for i, of := range ask.Versions {
		if before, known := c.versions[of.Team]; !known || !maps.Equal(before, found.Versions[i]) {
			news = append(news, changed{of.Team, found.Versions[i]})
			continue
		}
		for _, m := range of.Months {
			c.store.months.confirm(monthKey{of.Team, m}, at)
		}
	}
	for part := range slices.Chunk(news, teamsAtOnce) {
		var days store.Look
		for _, n := range part {
			days.Days = append(days.Days, store.Range{Team: n.team, From: months[0].First(), To: months[len(months)-1].Last()})
		}
		read, err := c.store.Look(ctx, days)
		if err != nil {
			return err
		}
		for i, n := range part {
			if err := c.write(teamFile(n.team), copyOf(read.Days[i])); err != nil {
				return err
			}
			c.versions[n.team] = n.versions
		}
	}
	return nil
}

func copyOf(days []roster.Day) teamDays {
	c := teamDays{Months: map[string][]dayCopy{}}
	for _, d := range days {
		m := d.Date.InMonth().String()
		if c.Months[m] == nil {
			c.Months[m] = []dayCopy{}
		}
		if d.Revision != "" {
			c.Months[m] = append(c.Months[m], dayCopy{d.Date.Day, d.Assignments, d.Note, d.Revision})
		}
	}
	return c
}

var errFull = errors.New("the copy is as large as it may be")

// write writes a file of the copy.
func (c *Copy) write(name string, v any) error {
	content, err := pack(c.id, v)
	if err != nil {
		return err
	}
	var total int64
	for other, size := range c.sizes {
		if other != name {
			total += size
		}
	}
	if total+int64(len(content)) > maxCopy || len(content) > maxFile {
		return errFull
	}
	// Whoever reads it, after a crash too, finds the old file or the new one, whole.
	if err := renameio.WriteFile(c.path(name), content, 0o600, renameio.WithTempDir(c.dir)); err != nil {
		return err
	}
	c.sizes[name] = int64(len(content))
	return nil
}

// clean removes the days of teams that are not to be kept, and what a crash left half written.
func (c *Copy) clean(keep func(team string) bool) error {
	entries, err := os.ReadDir(c.path(teamsFolder))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if keep(e.Name()) {
			continue
		}
		delete(c.versions, roster.TeamID(e.Name()))
		delete(c.sizes, teamFile(roster.TeamID(e.Name())))
		if err := os.Remove(filepath.Join(c.path(teamsFolder), e.Name())); err != nil {
			return err
		}
	}
	return nil
}
