// Package notice is what people and teams are told of their roster, when, and what came of it.
// It decides what is due from the roster alone, and touches nothing.
package notice

import (
	"slices"
	"strings"
	"time"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// ChannelID names a channel and never changes. It is no secret.
type ChannelID string

// ByEmail stands for the email address of a person, which is no channel of its own.
const ByEmail ChannelID = ""

// Way is how a channel is reached.
type Way string

// The ways.
const (
	WayEmail   Way = "email"   // Address is an email address
	WayWebhook Way = "webhook" // Address is the URL, Secret what its messages are signed with
	WayChat    Way = "chat"    // Address is a URL as shoutrrr reads it; it has secrets
	WayGroup   Way = "group"   // Address is the id of a Slack user group that follows Feeds
)

// Limits of channels.
const (
	MaxChannels = 20   // of one team or person
	MaxAddress  = 1000 // bytes
	MaxFeeds    = 100  // of one group
)

// Channel is where notices go, beside the email addresses of people.
type Channel struct {
	ID ChannelID `json:"id"`
	// Team or Person is whose it is. A group has neither: it follows several teams.
	Team   roster.TeamID   `json:"team,omitempty"`
	Person roster.PersonID `json:"person,omitempty"`
	Name   string          `json:"name"`
	Way    Way             `json:"way"`
	// Address and Secret let anybody in who knows them. They are shown once, to whoever enters
	// them, and appear in no log and no export.
	Address string `json:"address"`
	Secret  string `json:"secret,omitempty"`
	// Shown is what people see of the address, such as its host.
	Shown string `json:"shown"`
	// Kinds are the notices that go there.
	Kinds []roster.NoticeKind `json:"kinds,omitempty"`
	// Feeds are whose duties a group follows.
	Feeds []Feed `json:"feeds,omitempty"`
	// Removed channels are kept so that what was sent there can be named. Their address is gone.
	Removed  bool            `json:"removed,omitempty"`
	MadeBy   string          `json:"madeBy"`
	Made     time.Time       `json:"made"`
	Revision roster.Revision `json:"revision"`
}

// Feed is a role of a team that a group follows.
type Feed struct {
	Team roster.TeamID `json:"team"`
	Role roster.RoleID `json:"role,omitempty"` // "" is whoever gets called
}

// Wants reports whether notices of the kind go there.
func (c *Channel) Wants(k roster.NoticeKind) bool {
	return !c.Removed && slices.Contains(c.Kinds, k)
}

// ParseChannelID checks that s is the id of a channel.
func ParseChannelID(s string) (ChannelID, error) {
	if _, err := roster.ParseChangeID(strings.ToUpper(s)); err != nil || s != strings.ToLower(s) {
		return "", said.New("%q is not the id of a channel", roster.Clip(s))
	}
	return ChannelID(s), nil
}

// Validate checks the fields, and tidies the name in place; whether the address can be reached
// by the way is for others. What it returns is a roster.FieldErrors or nil.
func (c *Channel) Validate() error {
	var errs roster.FieldErrors
	if name, err := roster.ParseName(c.Name); err != nil {
		errs.Add("name", err)
	} else {
		c.Name = name
	}
	ways, kinds := []Way{WayWebhook, WayChat}, roster.PersonNotices()
	switch {
	case c.Way == WayGroup:
		ways, kinds = []Way{WayGroup}, nil
		if len(c.Feeds) == 0 || len(c.Feeds) > MaxFeeds {
			errs.Add("feeds", said.New("a group follows 1 to %d teams or roles", MaxFeeds))
		}
	case c.Team != "":
		ways, kinds = append(ways, WayEmail), roster.TeamNotices()
	}
	if !slices.Contains(ways, c.Way) {
		errs.Add("way", said.New("%q is not a way to send notices", roster.Clip(string(c.Way))))
	}
	if c.Address == "" || len(c.Address) > MaxAddress {
		errs.Add("address", said.New("an address has 1 to %d characters", MaxAddress))
	}
	if c.Way != WayGroup && len(c.Kinds) == 0 {
		errs.Add("kinds", said.New("choose at least one kind of notice"))
	}
	for _, k := range c.Kinds {
		if !slices.Contains(kinds, k) {
			errs.Add("kinds", said.New("%q is not a kind of notice for this channel", roster.Clip(string(k))))
		}
	}
	return errs.Err()
}
