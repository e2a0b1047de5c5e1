package lastknown

import (
	"errors"
	"io/fs"
	"path/filepath"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/store"
)

// restore puts what the folder has into the memory of the store.
func (c *Copy) restore() {
	var about aboutCopy
	var err error
	if c.id, err = c.read(aboutFile, "", &about); err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			c.refuse(aboutFile, err)
		}
		c.id = ""
		return
	}
	if about.Of != c.of {
		c.refuse(aboutFile, errOtherStore)
		c.id = ""
		return
	}
	var people []roster.Person
	var teams []roster.Team
	if !c.readOwn(peopleFile, &people) || !c.readOwn(teamsFile, &teams) {
		return
	}
	at := about.Confirmed
	c.store.names.put(struct{}{}, roster.NewNames(people), at)
	c.store.index.put(struct{}{}, roster.NewTeams(teams), at)
	var tokens []credential.Token
	if c.readOwn(tokensFile, &tokens) {
		for _, t := range tokens {
			c.store.tokens.put(t.ID, t, at)
		}
	}
	in, months := map[roster.PersonID][]roster.TeamID{}, 0
	for i := range teams {
		var days teamDays
		if !c.readOwn(teamFile(teams[i].ID), &days) {
			continue
		}
		own := map[roster.PersonID]bool{}
		for text, edited := range days.Months {
			m, err := roster.ParseMonth(text)
			if err != nil {
				continue
			}
			c.store.months.put(monthKey{teams[i].ID, m}, monthOf(m, edited), at)
			months++
			for _, d := range edited {
				for _, id := range d.Assignments {
					own[id] = true
				}
			}
		}
		for id := range own {
			in[id] = append(in[id], teams[i].ID)
		}
	}
	for _, p := range people {
		c.store.teamsOf.put(p.ID, in[p.ID], at)
	}
	c.log.Info("the copy of the roster is read", "folder", c.dir, "of", at.UTC().Format(time.RFC3339), "teams", len(teams), "people", len(people), "months", months)
}

func monthOf(m roster.Month, edited []dayCopy) []roster.Day {
	byDay := make(map[int]dayCopy, len(edited))
	for _, d := range edited {
		byDay[d.Day] = d
	}
	return store.MonthDays(m, func(day int) (roster.Day, bool) {
		d, ok := byDay[day]
		return roster.Day{Assignments: d.Assignments, Note: d.Note, Revision: d.Revision}, ok
	})
}

func teamFile(id roster.TeamID) string { return teamsFolder + "/" + string(id) }

func (c *Copy) path(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }

// read reads a file of the store with the id.
func (c *Copy) read(name string, id roster.Revision, v any) (of roster.Revision, err error) {
	content, err := readFile(c.path(name))
	if err != nil {
		return "", err
	}
	return unpack(content, id, v)
}

// readOwn reads a file of the copy's store, and reports whether there was one that is whole.
func (c *Copy) readOwn(name string, v any) bool {
	_, err := c.read(name, c.id, v)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.refuse(name, err)
	}
	return err == nil
}

func (c *Copy) refuse(name string, err error) {
	c.log.Warn("a file of the copy was left out", "file", c.path(name), "error", err)
}
