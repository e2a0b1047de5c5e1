// Package store says what Daily Roster needs from the place where it keeps its data.
// The backends are in the packages below: bolt, one embedded file on one machine,
// and aerospike, a cluster of three. Package storetest holds every backend to what
// is written here.
package store

import (
	"context"
	"time"

	"dailyroster/roster"
	"dailyroster/roster/credential"
	"dailyroster/roster/notice"
)

// Store keeps teams, people, days and their history.
//
// Everything it gives or takes belongs to the caller, but for what Look gives: it keeps no
// reference to an argument and hands out no shared value.
//
// A write that returned nil is durable and is seen by every later read. A write that
// returned an error other than an UnavailableError changed nothing. After an
// UnavailableError it may or may not have taken effect; sending the very same write
// again, with the same change id or revision, is always safe and shows which.
//
// Errors are ErrNotFound, a *ConflictError, an *InvalidError or an
// *UnavailableError; a cancelled context is an *UnavailableError that wraps the
// context's error. Each method says which.
type Store interface {
	// Teams lists every team in order of ids, removed ones too.
	Teams(ctx context.Context) ([]roster.Team, error)

	// Team gives one team, removed or not, or ErrNotFound.
	Team(ctx context.Context, id roster.TeamID) (roster.Team, error)

	// PutTeam writes a team whose Revision is new, chosen by the caller before its
	// first attempt. basedOn is the revision that the caller saw; "" creates. If the
	// team is at another revision it gives a *ConflictError[roster.Team]; if it is at
	// the new one already, the write is a repeat and a success. A team that is to be
	// updated and does not exist is ErrNotFound.
	PutTeam(ctx context.Context, team roster.Team, basedOn roster.Revision) error

	// People lists every person in order of ids, removed ones too.
	People(ctx context.Context) ([]roster.Person, error)

	// Person gives one person, removed or not, or ErrNotFound.
	Person(ctx context.Context, id roster.PersonID) (roster.Person, error)

	// PutPerson is to people what PutTeam is to teams.
	PutPerson(ctx context.Context, person roster.Person, basedOn roster.Revision) error

	// Tokens lists every token in order of ids, ended ones too.
	Tokens(ctx context.Context) ([]credential.Token, error)

	// Token gives one token, ended or not, or ErrNotFound.
	Token(ctx context.Context, id credential.TokenID) (credential.Token, error)

	// PutToken is to tokens what PutTeam is to teams.
	PutToken(ctx context.Context, token credential.Token, basedOn roster.Revision) error

	// SignOuts lists whose sessions were ended, in order of ids.
	SignOuts(ctx context.Context) ([]credential.SignOut, error)

	// SignOut gives until when whose sessions are over, or ErrNotFound.
	SignOut(ctx context.Context, id credential.SignOutID) (credential.SignOut, error)

	// PutSignOut is to sign-outs what PutTeam is to teams.
	PutSignOut(ctx context.Context, signOut credential.SignOut, basedOn roster.Revision) error

	// Channels lists every channel in order of ids, removed ones too.
	Channels(ctx context.Context) ([]notice.Channel, error)

	// Channel gives one channel, removed or not, or ErrNotFound.
	Channel(ctx context.Context, id notice.ChannelID) (notice.Channel, error)

	// PutChannel is to channels what PutTeam is to teams.
	PutChannel(ctx context.Context, channel notice.Channel, basedOn roster.Revision) error

	// NoticesAt gives the records at these keys: one for each key, in their order, and one
	// without a Revision where there is none.
	NoticesAt(ctx context.Context, keys []notice.Key) ([]notice.Record, error)

	// NoticesOf lists the records of a day, in order of ids.
	NoticesOf(ctx context.Context, day roster.Date) ([]notice.Record, error)

	// TeamNoticesOf lists those of a team alone. It costs a small part of NoticesOf.
	TeamNoticesOf(ctx context.Context, day roster.Date, team roster.TeamID) ([]notice.Record, error)

	// NoticeDays lists the days that have records, in order, and perhaps some that have none.
	NoticeDays(ctx context.Context) ([]roster.Date, error)

	// PutNotice is to records of notices what PutTeam is to teams. Nobody writes records of a
	// day that are being dropped.
	PutNotice(ctx context.Context, record notice.Record, basedOn roster.Revision) error

	// DropNotices forgets the records of all days before this one.
	DropNotices(ctx context.Context, before roster.Date) error

	// Days gives the team's days from–to, both included, one for each date in order.
	// A day that was never edited is empty; the team need not exist.
	Days(ctx context.Context, team roster.TeamID, from, to roster.Date) ([]roster.Day, error)

	// Look reads people, teams, days and versions of months at once: as if by People, Teams,
	// Days and Versions, and all of it not before the call. It costs what has changed since
	// this process last looked, and a little for each range. What it gives is shared with
	// others: nobody may change any of it.
	Look(ctx context.Context, l Look) (Sight, error)

	// Save makes an edit: all of its days and its history entries, or nothing. Each
	// day must be at the revision that the edit was based on; otherwise it gives a
	// *ConflictError[[]roster.Day] with the edit's days as they are. Edits of other
	// days never cause a conflict. An edit that took effect already, recognised by its
	// change id, is a success again and changes nothing, at least until 64 later edits
	// of the same month. An edit that changes nothing leaves no trace.
	Save(ctx context.Context, team roster.TeamID, edit roster.Edit) (Saved, error)

	// Changes gives the team's history, newest first. The changes of one day come in the
	// reverse of the order in which they took effect, whatever any clock said. An unknown
	// Since is ErrNotFound, if not at once then on the last page; a Cursor that this store
	// did not give is an *InvalidError. For a range of days it reads only the history of
	// these days, or of their months; for a group it reads back until the group began.
	//
	// It looks at MaxWalked changes at most. So a page can have fewer changes than asked
	// for, even none, and still a Next: who wants all of them goes on until there is none.
	Changes(ctx context.Context, team roster.TeamID, q ChangeQuery) (ChangePage, error)

	// Versions gives, for each month, a number that grows with every edit of it; 0 for
	// a month that was never edited. It is the cheapest way to notice that something is
	// new.
	Versions(ctx context.Context, team roster.TeamID, months []roster.Month) (map[roster.Month]int64, error)

	// Months lists the months of the team that have ever been edited, in order, and
	// perhaps some that have not.
	Months(ctx context.Context, team roster.TeamID) ([]roster.Month, error)

	// Load writes a month as another store had it, with its history and revisions: all of
	// it or nothing. It is for stores that nobody else uses yet. A month that is already
	// the same is a success and stays as it is; any other that has been edited is an
	// *InvalidError, as is a record that CheckMonth refuses.
	Load(ctx context.Context, month MonthRecord) error

	// About says what the store is. The first who asks gives it its id, a fresh one. A store of a
	// later format is a *NewerFormatError.
	About(ctx context.Context, fresh roster.Revision) (About, error)

	// Ping is nil when the store can serve now.
	Ping(ctx context.Context) error

	// Name says in a few words what the store is, for people.
	Name() string

	// Close ends the use of the store, after which no method may be called.
	Close() error
}

// Saved is the result of an edit.
type Saved struct {
	// Days are the edit's days, in its order, as they are now.
	Days []roster.Day
	// Repeated: the edit had taken effect before; others may have followed since.
	Repeated bool
}

// MaxChanges is the most changes that one page gives.
const MaxChanges = 500

// MaxWalked is the most changes that are looked at for one page, chosen or not. It bounds
// what a question costs that hardly any change answers, or none.
const MaxWalked = 2000

// ChangeQuery chooses changes of a team: those that meet every condition that is set.
type ChangeQuery struct {
	From, To roster.Date     // only of these days, both included; both zero: of every day
	Person   roster.PersonID // only where this person held a role before or after; "": any
	Group    roster.ChangeID // only this group's, or the change with this id if it has none
	Since    roster.ChangeID // only changes newer than this one; "": no limit
	Cursor   string          // where the page before ended, from ChangePage.Next
	Limit    int             // at most this many, 1 to MaxChanges
}

// OfDay is the query for the newest changes of one day.
func OfDay(d roster.Date) ChangeQuery { return ChangeQuery{From: d, To: d, Limit: MaxChanges} }

// Chooses reports whether the query asks for the change, whatever its Since.
func (q ChangeQuery) Chooses(c roster.Change) bool {
	switch {
	case !q.From.IsZero() && (c.Date.Before(q.From) || q.To.Before(c.Date)):
		return false
	case q.Person != "" && c.From != q.Person && c.To != q.Person:
		return false
	default:
		return q.Group == "" || c.Act() == q.Group
	}
}

// groupTime is how long an act may take, and clocks may differ: no change of a group is
// older than another by more, unless the group's id is.
const groupTime = time.Hour

// GroupSearch follows a history backwards and reports when it has seen all of a group's
// changes, so that a search does not read the whole history. For a query without a group
// it never ends.
type GroupSearch struct {
	group  roster.ChangeID
	oldest time.Time // where the search ends; zero before the group was seen
}

// NewGroupSearch begins to look for the query's group.
func NewGroupSearch(q ChangeQuery) GroupSearch { return GroupSearch{group: q.Group} }

// Ends is asked about each change, and reports whether it is older than the group.
func (g *GroupSearch) Ends(c roster.Change) bool {
	if g.group == "" {
		return false
	}
	if c.Act() == g.group {
		began := c.Time.Add(-groupTime)
		if made := g.group.MadeAt().Add(-groupTime); made.Before(began) && c.Time.Sub(made) < maxGroupAge {
			began = made
		}
		g.oldest = began
		return false
	}
	return !g.oldest.IsZero() && c.Time.Before(g.oldest)
}

// maxGroupAge is how long an interrupted act can be continued. The id of an act that looks
// older was not derived from a time.
const maxGroupAge = 366 * 24 * time.Hour

// ChangePage is a part of a history.
type ChangePage struct {
	Changes []roster.Change
	Next    string // the Cursor of the page that follows; "" at the end
}
