package hooks

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/roster/oncall"
)

const (
	// maxListed is how many teams an answer lists.
	maxListed = 20
	// maxNear is how many teams are offered for a name that is no team's, and maxTypos is in how
	// many letters such a name may differ.
	maxNear  = 5
	maxTypos = 2
)

// onCall is the answer to /oncall with what was typed after it: who is on call for that team or
// the only one, or which teams there are.
func (s *Site) onCall(ctx context.Context, typed string) (words, error) {
	typed = strings.TrimSpace(typed)
	if len(typed) > 4*web.MaxSearch {
		return sentence("That is too long for the name of a team."), nil
	}
	teams, err := s.Desk.ListedTeams(ctx)
	if err != nil {
		return nil, err
	}
	if len(teams) == 0 {
		return sentence("There is no team yet."), nil
	}
	if typed == "" && len(teams) == 1 {
		return s.team(ctx, &teams[0])
	}
	if typed == "" || strings.EqualFold(typed, "help") && teamCalled(teams, typed) == nil {
		return s.list(ctx, teams)
	}
	if team := teamCalled(teams, typed); team != nil {
		return s.team(ctx, team)
	}
	near, sure, err := s.near(ctx, teams, typed)
	if err != nil {
		return nil, err
	}
	if sure {
		return s.team(ctx, near[0])
	}
	var answer words
	answer.say("There is no team ", typed, ".")
	if len(near) == 0 {
		answer.say(" Type /oncall for a list.")
	}
	for i, team := range near {
		answer.say([]string{" Did you mean ", " or "}[min(i, 1)], team.Name, " (", string(team.ID), ")")
	}
	if len(near) > 0 {
		answer.say("?")
	}
	return answer, nil
}

// teamCalled is the team with that id or name; nil is none.
func teamCalled(teams []roster.Team, typed string) *roster.Team {
	folded := roster.FoldName(typed)
	byName := slices.IndexFunc(teams, func(t roster.Team) bool { return roster.FoldName(t.Name) == folded })
	byID := slices.IndexFunc(teams, func(t roster.Team) bool { return string(t.ID) == folded })
	if i := cmp.Or(byID+1, byName+1) - 1; i >= 0 {
		return &teams[i]
	}
	return nil
}

// near are the teams whose names have what was typed or, if there are none, are nearly that.
// It is sure if one alone has it.
func (s *Site) near(ctx context.Context, teams []roster.Team, typed string) (near []*roster.Team, sure bool, err error) {
	found, err := s.Desk.Find(ctx, typed, desk.FindTeams, nil, maxNear)
	if err != nil {
		return nil, false, err
	}
	for _, f := range found {
		near = append(near, f.Team)
	}
	folded := roster.FoldSearch(typed)
	for i := range teams {
		if len(found) == 0 && len(near) < maxNear && (nearly(folded, string(teams[i].ID)) || nearly(folded, roster.FoldSearch(teams[i].Name))) {
			near = append(near, &teams[i])
		}
	}
	return near, len(found) == 1, nil
}

// nearly reports whether one text becomes the other by changing, adding or leaving out at most
// maxTypos letters, and fewer than half of them.
func nearly(a, b string) bool {
	from, to := []rune(a), []rune(b)
	if d := len(from) - len(to); d > maxTypos || -d > maxTypos {
		return false
	}
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i := range from {
		before := row[0]
		row[0] = i + 1
		for j := range to {
			change := before
			if from[i] != to[j] {
				change++
			}
			before = row[j+1]
			row[j+1] = min(change, row[j]+1, before+1)
		}
	}
	return row[len(to)] <= maxTypos && 2*row[len(to)] < max(len(from), 2)
}

// list says which teams there are, and who gets the calls of each.
func (s *Site) list(ctx context.Context, teams []roster.Team) (words, error) {
	shown := teams[:min(len(teams), maxListed)]
	now, names, err := s.Desk.OnCall(ctx, shown, s.Now())
	if err != nil {
		return nil, err
	}
	answer := sentence("Type /oncall and a team for more.")
	for i := range shown {
		who := names.Of(now[i].Called())
		answer.say("\n• ", shown[i].Name, " (", string(shown[i].ID), "): ", cmp.Or(who, "nobody"))
	}
	if more := len(teams) - len(shown); more > 0 {
		answer.say(fmt.Sprintf("\nand %d more.", more))
	}
	return answer, nil
}

// team says who is on call for a team, until when, who is next, and how to reach them.
func (s *Site) team(ctx context.Context, team *roster.Team) (words, error) {
	at := s.Now()
	now, names, err := s.Desk.OnCall(ctx, []roster.Team{*team}, at)
	if err != nil {
		return nil, err
	}
	reach, err := s.Reach(ctx)
	if err != nil {
		return nil, err
	}
	t := telling{names, reach, s.ChatLink, team.SettingsOn(team.DayAt(at)).Zone.Location(), map[roster.PersonID]bool{}}
	var answer words
	answer.say("On call for ", team.Name, ":")
	if c := now[0].Call; c != nil {
		answer.say("\nCalls go to ")
		t.holder(&answer, c.Person, c.Until, c.Next, c.Open)
	}
	for _, d := range now[0].Duties {
		answer.say("\n", d.Role.Name, ": ")
		switch {
		case d.Off && d.Open:
			answer.say("off duty")
		case d.Off:
			answer.say("off duty"+t.until(d.Until)+", then ", t.name(d.Next))
		case d.NextFrom.After(d.Until) && !d.Open:
			answer.say("", t.name(d.Person), t.until(d.Until)+", then off duty"+t.until(d.NextFrom)+", then ", t.name(d.Next))
			t.ways(&answer, d.Person)
		default:
			t.holder(&answer, d.Person, d.Until, d.Next, d.Open)
		}
	}
	return answer, nil
}

// telling is what it takes to tell of people and times.
type telling struct {
	names roster.Names
	reach web.Reach
	chat  web.ChatLink
	place *time.Location
	told  map[roster.PersonID]bool // how they are reached
}

func (t telling) name(id roster.PersonID) string { return cmp.Or(t.names.Of(id), "nobody") }

func (t telling) until(at time.Time) string {
	return " until " + at.In(t.place).Format("Mon 2 Jan 15:04 MST")
}

// holder says who holds something, until when, who is next, and how to reach the holder.
func (t telling) holder(w *words, id roster.PersonID, until time.Time, next roster.PersonID, open bool) {
	if open {
		w.say("", t.name(id), fmt.Sprintf(", for at least the next %d days", oncall.LookAhead))
	} else {
		w.say("", t.name(id), t.until(until)+", then ", t.name(next))
	}
	t.ways(w, id)
}

// ways says once how to reach somebody.
func (t telling) ways(w *words, id roster.PersonID) {
	p, known := t.names.Person(id)
	if !known || t.told[id] {
		return
	}
	t.told[id] = true
	p = t.reach.Shown(p)
	for _, way := range []string{p.Phone, p.Email, cmp.Or(t.chat.To(p.Chat), p.Chat)} {
		if way != "" {
			w.say(" · ", way)
		}
	}
}
