package telling

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"dailyroster/notify/slack"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/roster/oncall"
	"dailyroster/store"
)

const (
	// groupsEvery is how often an instance looks who belongs in the groups.
	groupsEvery = 15 * time.Second
	// groupTime is how long one group may take, with the pauses that the chat asks for.
	groupTime = 30 * time.Second
	// groupAgain is how often a group is held against the chat though nothing has changed here,
	// as people there may change it.
	groupAgain = 10 * time.Minute
	// groupRest is how long a group rests whose last attempt failed.
	groupRest = time.Minute
)

// GroupState is how it stands with a group of a chat, as this instance sees it.
type GroupState struct {
	// Members are who belongs in it now. Unknown are the emails of those of them whom the chat
	// does not know, and NoEmail those who have none.
	Members []roster.PersonID
	Unknown []string
	NoEmail []roster.PersonID
	// Error says why the group could not be set, for people; "" if it was.
	Error string
	// At is when the chat was asked last; the zero time if never.
	At time.Time
}

// groups keeps the user groups of a chat as the rosters have it.
type groups struct {
	mu    sync.Mutex
	known map[notice.ChannelID]*groupKnown
}

type groupKnown struct {
	name   string
	emails []string
	ready  time.Time // when to ask the chat again, though nothing has changed
	rests  bool      // and not before, as it failed
	state  GroupState
}

// KeepGroups holds in each group exactly who is on call now, until the context ends. Any number
// of instances may do so at once: each compares with what the chat has, and writes if it differs.
func (t *Teller) KeepGroups(ctx context.Context) {
	if t.Ways.Group == nil {
		return
	}
	tick := time.NewTicker(groupsEvery)
	defer tick.Stop()
	failing := false
	for {
		err := t.SetGroups(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			t.Log.Warn("the groups of the chat wait for the store", "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// SetGroups looks once who belongs in the groups, and tells the chat what has changed.
func (t *Teller) SetGroups(ctx context.Context) error {
	ctx, age := store.WithAge(ctx)
	channels, err := t.Channels(ctx, Groups)
	if err != nil {
		return err
	}
	members, names, err := t.members(ctx, channels)
	if err != nil {
		return err
	}
	if !age.Oldest().IsZero() {
		return errRemembered
	}
	t.groups.keepOnly(channels)
	for i := range channels {
		t.setGroup(ctx, &channels[i], members[i], names)
	}
	return nil
}

// members are who belongs in each of the groups now. It reads all of their teams at once.
func (t *Teller) members(ctx context.Context, channels []notice.Channel) ([][]roster.PersonID, roster.Names, error) {
	sight, err := t.Store.Look(ctx, store.Look{Teams: true, People: true})
	if err != nil {
		return nil, sight.People, err
	}
	now := t.Now()
	at := map[roster.TeamID]int{}
	var look store.Look
	for i := range channels {
		for _, feed := range channels[i].Feeds {
			team := sight.Teams.Team(feed.Team)
			if _, read := at[feed.Team]; read || team == nil || team.Removed {
				continue
			}
			at[feed.Team] = len(look.Days)
			from, to := oncall.Span(team, now)
			look.Days = append(look.Days, store.Range{Team: team.ID, From: from, To: to})
		}
	}
	days, err := t.Store.Look(ctx, look)
	if err != nil {
		return nil, sight.People, err
	}
	all := make([][]roster.PersonID, len(channels))
	for i := range channels {
		for _, feed := range channels[i].Feeds {
			n, read := at[feed.Team]
			if !read {
				continue
			}
			all[i] = append(all[i], onCallIn(sight.Teams.Team(feed.Team), feed.Role, now, roster.ByDate(days.Days[n]))...)
		}
		slices.Sort(all[i])
		all[i] = slices.Compact(all[i])
	}
	return all, sight.People, nil
}

// onCallIn is who holds the role now or, for "", who gets called; nobody if that is so.
func onCallIn(team *roster.Team, role roster.RoleID, now time.Time, dayOn func(roster.Date) roster.Day) []roster.PersonID {
	if role == "" {
		if call := oncall.Called(team, now, dayOn); call.Person != "" {
			return []roster.PersonID{call.Person}
		}
		return nil
	}
	for _, d := range oncall.Duties(team, now, dayOn) {
		if d.Role.ID == role && d.Person != "" && !d.Off {
			return []roster.PersonID{d.Person}
		}
	}
	return nil
}

// setGroup tells the chat who is in a group, if that has changed or was not said for a while.
func (t *Teller) setGroup(ctx context.Context, c *notice.Channel, members []roster.PersonID, names roster.Names) {
	var emails []string
	var without []roster.PersonID
	for _, id := range members {
		if person, known := names.Person(id); known && person.Email != "" {
			emails = append(emails, strings.ToLower(person.Email))
		} else {
			without = append(without, id)
		}
	}
	slices.Sort(emails)
	is, due := t.groups.due(c, emails, t.Now())
	if !due {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, groupTime)
	defer cancel()
	result, err := t.Ways.Group(ctx, c.Address, emails)
	now := t.Now()
	state := GroupState{Members: members, Unknown: result.Unknown, NoEmail: without, At: now}
	ready, rests := now.Add(groupAgain), false
	switch {
	case errors.Is(err, slack.ErrEmpty):
		state.Error = short(err)
	case err != nil:
		state.Error = short(err)
		ready, rests = now.Add(max(groupRest, slack.RetryAfter(err))), true
		t.Log.Warn("a group of the chat was not set", "group", c.Name, "error", state.Error)
	case result.Changed:
		t.Log.Info("a group of the chat was set", "group", c.Name, "members", members)
	}
	t.groups.note(is, groupKnown{emails: emails, state: state, ready: ready, rests: rests})
}

// keepOnly forgets groups that are not kept any more.
func (g *groups) keepOnly(channels []notice.Channel) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for id := range g.known {
		if !slices.ContainsFunc(channels, func(c notice.Channel) bool { return c.ID == id }) {
			delete(g.known, id)
		}
	}
}

// due reports whether the chat is to be told who is in the group.
func (g *groups) due(c *notice.Channel, emails []string, now time.Time) (is *groupKnown, due bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known == nil {
		g.known = map[notice.ChannelID]*groupKnown{}
	}
	if is = g.known[c.ID]; is == nil {
		is = &groupKnown{}
		g.known[c.ID] = is
	}
	is.name = c.Name
	changed := !slices.Equal(is.emails, emails)
	return is, is.state.At.IsZero() || changed && !is.rests || !now.Before(is.ready)
}

func (g *groups) note(is *groupKnown, now groupKnown) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now.name = is.name
	*is = now
}

// GroupState is how it stands with a group.
func (t *Teller) GroupState(id notice.ChannelID) GroupState {
	t.groups.mu.Lock()
	defer t.groups.mu.Unlock()
	if is := t.groups.known[id]; is != nil {
		return is.state
	}
	return GroupState{}
}

// groupCollector tells monitoring of the groups.
type groupCollector struct {
	groups      *groups
	up, missing *prometheus.Desc
}

func newGroupCollector(g *groups) *groupCollector {
	return &groupCollector{
		groups:  g,
		up:      prometheus.NewDesc("roster_group_up", "Of a group of a chat: 1 if it holds who is on call, 0 if it could not be set.", []string{"group"}, nil),
		missing: prometheus.NewDesc("roster_group_missing", "How many of those who are on call the group's chat does not know.", []string{"group"}, nil),
	}
}

// Describe implements prometheus.Collector.
func (c *groupCollector) Describe(out chan<- *prometheus.Desc) { out <- c.up; out <- c.missing }

// Collect implements prometheus.Collector.
func (c *groupCollector) Collect(out chan<- prometheus.Metric) {
	c.groups.mu.Lock()
	defer c.groups.mu.Unlock()
	for id, is := range c.groups.known {
		if is.state.At.IsZero() {
			continue
		}
		up := 1.0
		if is.state.Error != "" {
			up = 0
		}
		name := is.name + " " + string(id[len(id)-4:]) // two may have the same name
		out <- prometheus.MustNewConstMetric(c.up, prometheus.GaugeValue, up, name)
		out <- prometheus.MustNewConstMetric(c.missing, prometheus.GaugeValue, float64(len(is.state.Unknown)+len(is.state.NoEmail)), name)
	}
}
