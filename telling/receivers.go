package telling

import (
	"dailyroster/roster"
	"dailyroster/roster/notice"
)

// receiver is where a notice goes.
type receiver struct {
	channel         notice.ChannelID // notice.ByEmail, or the channel
	way             notice.Way
	address, secret string
	shown           string // what people call it
}

// lane is what receivers share that are reached by the same machine: one that is slow is slow
// for all of them.
func (r receiver) lane() string {
	if r.way == notice.WayEmail {
		return "email"
	}
	return string(r.channel)
}

// receivers finds who gets a notice.
type receivers struct {
	ways     Ways
	byTeam   map[roster.TeamID][]*notice.Channel
	byPerson map[roster.PersonID][]*notice.Channel
}

func newReceivers(ways Ways, channels []notice.Channel) receivers {
	r := receivers{ways, map[roster.TeamID][]*notice.Channel{}, map[roster.PersonID][]*notice.Channel{}}
	for i := range channels {
		switch c := &channels[i]; {
		case c.Removed || c.Address == "" || !ways.Has(c.Way):
		case c.Team != "":
			r.byTeam[c.Team] = append(r.byTeam[c.Team], c)
		case c.Person != "":
			r.byPerson[c.Person] = append(r.byPerson[c.Person], c)
		}
	}
	return r
}

// none reports whether nobody gets any notice.
func (r receivers) none() bool {
	return r.ways.Email == nil && len(r.byTeam) == 0 && len(r.byPerson) == 0
}

func channelReceiver(c *notice.Channel) receiver {
	return receiver{c.ID, c.Way, c.Address, c.Secret, c.Name}
}

// toTeam are those who get the team's notices of the kind.
func (r receivers) toTeam(id roster.TeamID, kind roster.NoticeKind) []receiver {
	return wanting(r.byTeam[id], kind)
}

// toPerson are the receivers by which a person gets notices of the kind.
func (r receivers) toPerson(p *roster.Person, kind roster.NoticeKind) []receiver {
	to := wanting(r.byPerson[p.ID], kind)
	if r.ways.Email != nil && p.Email != "" && p.Notices.ByEmail(kind) {
		to = append(to, receiver{channel: notice.ByEmail, way: notice.WayEmail, address: p.Email, shown: p.Email})
	}
	return to
}

func wanting(channels []*notice.Channel, kind roster.NoticeKind) []receiver {
	var to []receiver
	for _, c := range channels {
		if c.Wants(kind) {
			to = append(to, channelReceiver(c))
		}
	}
	return to
}
