package views

import (
	"cmp"
	"context"
	"strconv"
	"time"
	"unicode/utf8"

	"dailyroster/roster"
	"dailyroster/words"
)

// WallID is the id of what changes on the wall.
const WallID = "wall"

// Wall is who is on call, for a screen on the wall.
type Wall struct {
	Assets  Assets
	Teams   []Banner
	Names   roster.Names
	Now     time.Time
	AsOf    time.Time // when it was read, if the store does not answer
	Version string    // of the program: a screen loads the page again when it changes
	URL     string    // of the page
}

// WallURL is the page of teams, a list with commas, for whoever has the token.
func WallURL(teams, token string) string {
	return "/wall" + pairs("teams", teams, "token", token)
}

// zone is that of the clock: the one of all teams, or of the first.
func (w Wall) zone() roster.Zone { return w.Teams[0].zone() }

func (w Wall) clock() time.Time { return w.Now.In(w.zone().Location()) }

// wallDuty is who is called, or holds a role.
type wallDuty struct {
	role     string
	who      string // "" is nobody, unless off
	off      bool
	until    time.Time // zero if no end is planned
	next     string    // "" is nobody
	nextFrom time.Time
}

// first is who gets called.
func (b Banner) first() wallDuty {
	c := b.Call
	if c == nil {
		return b.held(0)
	}
	d := wallDuty{role: b.Team.RoleName(c.Role), who: b.Names.Of(c.Person), next: b.Names.Of(c.Next)}
	if !c.Open {
		d.until, d.nextFrom = c.Until, c.Until
	}
	return d
}

// others are the roles beside the one that gets called.
func (b Banner) others() []wallDuty {
	var others []wallDuty
	for i := range b.Duties {
		if b.Call == nil && i == 0 || b.Call != nil && b.Call.Person != "" && b.Duties[i].Role.ID == b.Call.Role {
			continue
		}
		others = append(others, b.held(i))
	}
	return others
}

func (b Banner) held(i int) wallDuty {
	d := b.Duties[i]
	held := wallDuty{role: d.Role.Name, who: b.Names.Of(d.Person), off: d.Off, next: b.Names.Of(d.Next)}
	if !d.Open {
		held.until, held.nextFrom = d.Until, d.NextFrom
	}
	return held
}

// soonest reports whether the team's next hand-over of the calls comes first of all.
func (w Wall) soonest(b Banner) bool {
	until := b.first().until
	if until.IsZero() || len(w.Teams) < 2 {
		return false
	}
	for _, other := range w.Teams {
		if at := other.first().until; !at.IsZero() && at.Before(until) {
			return false
		}
	}
	return true
}

// size is the class of a name by its length, so that it fits.
func (d wallDuty) size() string {
	switch n := utf8.RuneCountInString(d.who); {
	case n > 32:
		return "longest"
	case n > 14:
		return "long"
	default:
		return ""
	}
}

// says is who it is in a word or two.
func (d wallDuty) says(ctx context.Context) string {
	if d.off {
		return words.T(ctx, "off duty")
	}
	return cmp.Or(d.who, words.T(ctx, "nobody"))
}

// gap reports whether somebody is missing.
func (d wallDuty) gap() bool { return !d.off && d.who == "" }

// class lays out the screen for that many teams.
func (w Wall) class() string { return "teams-" + strconv.Itoa(len(w.Teams)) }

// foreign is the abbreviation of the team's zone, if its clock shows another time than the
// wall's.
func (w Wall) foreign(b Banner) string {
	_, here := w.clock().Zone()
	name, there := b.here(b.Now).Zone()
	if here == there {
		return ""
	}
	return " " + name
}
