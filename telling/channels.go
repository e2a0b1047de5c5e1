package telling

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"dailyroster/notify"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/store"
	"dailyroster/words/said"
)

// Pick chooses channels.
type Pick func(*notice.Channel) bool

// OfTeam picks a team's channels.
func OfTeam(id roster.TeamID) Pick { return func(c *notice.Channel) bool { return c.Team == id } }

// OfPerson picks a person's channels.
func OfPerson(id roster.PersonID) Pick {
	return func(c *notice.Channel) bool { return c.Person == id }
}

// Groups picks the groups of a chat that follow rosters.
func Groups(c *notice.Channel) bool { return c.Way == notice.WayGroup }

// Channels gives the channels that pick picks, the oldest first, without those that are removed.
func (t *Teller) Channels(ctx context.Context, pick Pick) ([]notice.Channel, error) {
	all, err := t.Store.Channels(ctx)
	return slices.DeleteFunc(all, func(c notice.Channel) bool { return c.Removed || !pick(&c) }), err
}

// AddChannel keeps a channel, whose ID, Shown, Secret, Made and Revision it chooses. What it gives
// has the secret of a webhook, which is shown this once. What it refuses is a roster.FieldErrors.
func (t *Teller) AddChannel(ctx context.Context, c notice.Channel) (notice.Channel, error) {
	c.Address = strings.TrimSpace(c.Address)
	if err := c.Validate(); err != nil {
		return c, err
	}
	if err := t.checkAddress(&c); err != nil {
		return c, roster.FieldErrors{{Field: "address", Err: err}}
	}
	others, err := t.Channels(ctx, func(o *notice.Channel) bool { return o.Team == c.Team && o.Person == c.Person })
	if err != nil {
		return c, err
	}
	if len(others) >= notice.MaxChannels {
		return c, roster.FieldErrors{{Err: said.New("there are already %d channels; that is the limit", len(others))}}
	}
	if c.Revision, err = t.newRevision(); err != nil {
		return c, err
	}
	c.ID, c.Made, c.Removed = notice.ChannelID(strings.ToLower(string(c.Revision))), t.Now().UTC().Truncate(time.Second), false
	if c.Way == notice.WayWebhook {
		if c.Secret, err = notify.NewSecret(t.Random); err != nil {
			return c, err
		}
	}
	return c, t.Store.PutChannel(ctx, c, "")
}

// checkAddress refuses an address that its way cannot reach, and notes what people see of it.
func (t *Teller) checkAddress(c *notice.Channel) error {
	c.Shown = c.Address
	switch c.Way {
	case notice.WayEmail:
		return roster.CheckEmail(c.Address)
	case notice.WayWebhook, notice.WayChat:
		c.Shown = notify.MaskURL(c.Address)
		return t.Ways.Check(c.Way, c.Address)
	case notice.WayGroup:
		if strings.Trim(c.Address, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" || !strings.HasPrefix(c.Address, "S") {
			return said.New("the id of a Slack user group begins with S, such as S0123ABCDEF; Slack shows it in the group's own menu")
		}
	}
	return nil
}

// RemoveChannel ends a channel, if pick picks it, and forgets its address.
func (t *Teller) RemoveChannel(ctx context.Context, id notice.ChannelID, pick Pick) error {
	return t.change(ctx, id, func(c *notice.Channel) error {
		if c.Removed || !pick(c) {
			return store.ErrNotFound
		}
		c.Removed, c.Address, c.Secret, c.Feeds = true, "", "", nil
		return nil
	})
}

// change changes a channel, again if somebody else was faster.
func (t *Teller) change(ctx context.Context, id notice.ChannelID, change func(*notice.Channel) error) error {
	_, err := store.Again(ctx, func() (notice.Channel, error) {
		c, err := t.Store.Channel(ctx, id)
		if err != nil {
			return c, err
		}
		basedOn := c.Revision
		if err := change(&c); err != nil {
			return c, err
		}
		if c.Revision, err = t.newRevision(); err != nil {
			return c, err
		}
		return c, t.Store.PutChannel(ctx, c, basedOn)
	})
	return err
}

// Channel gives a channel that pick picks and that is not removed, or store.ErrNotFound.
func (t *Teller) Channel(ctx context.Context, id notice.ChannelID, pick Pick) (notice.Channel, error) {
	c, err := t.Store.Channel(ctx, id)
	if err == nil && (c.Removed || !pick(&c)) {
		err = store.ErrNotFound
	}
	return c, err
}

// TestChannel sends a message to the channel that says that it works. The error says, for people,
// why the receiver did not take it.
func (t *Teller) TestChannel(ctx context.Context, c *notice.Channel) error {
	return t.test(ctx, channelReceiver(c), c.Name)
}

// TestEmail sends a message to a person that says that email works.
func (t *Teller) TestEmail(ctx context.Context, p *roster.Person) error {
	return t.test(ctx, receiver{way: notice.WayEmail, address: p.Email}, p.Name)
}

func (t *Teller) test(ctx context.Context, to receiver, name string) error {
	id, err := t.newRevision()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	return t.send(ctx, to, notify.Message{
		ID: string(notice.NewID("test", string(id))), Type: "test", Subject: "Daily Roster: this is a test", Due: t.Now(),
		Text: fmt.Sprintf("This is a test of %s. Notices of the roster arrive here.\n", name), Data: map[string]any{"kind": "test"},
	})
}
