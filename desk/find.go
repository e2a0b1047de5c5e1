package desk

import (
	"context"
	"iter"

	"dailyroster/roster"
	"dailyroster/store"
)

// Listing is the part of a list, in order of ids, that somebody asks for.
type Listing struct {
	Search string // what the names, ids or emails have; "" is all
	After  string // the id before the part; "" is the start
	Limit  int    // how many at most; 0 is no limit
	// Sees is as in roster.Search.
	Sees func(*roster.Person) bool
}

// Teams returns the part of the teams, and the After of the next part, "" at the end.
func (k *Desk) Teams(ctx context.Context, asked Listing) (part []roster.Team, next string, err error) {
	all, err := k.ListedTeams(ctx)
	if err != nil {
		return nil, "", err
	}
	part, next = TeamsPart(all, asked)
	return part, next, nil
}

// TeamsPart is Teams of a list that was read already.
func TeamsPart(all []roster.Team, asked Listing) (part []roster.Team, next string) {
	search := roster.NewSearch(asked.Search)
	fitting := func(yield func(*roster.Team) bool) {
		for i := range all {
			if (asked.Search == "" || search.Team(&all[i])) && !yield(&all[i]) {
				return
			}
		}
	}
	return partOf(fitting, asked, func(t *roster.Team) string { return string(t.ID) })
}

// People is Teams for people.
func (k *Desk) People(ctx context.Context, asked Listing) (part []roster.Person, next string, err error) {
	names, err := k.Names(ctx)
	if err != nil {
		return nil, "", err
	}
	search := roster.NewSearch(asked.Search)
	search.Sees = asked.Sees
	part, next = partOf(search.People(names), asked, func(p *roster.Person) string { return string(p.ID) })
	return part, next, nil
}

func partOf[T any](fitting iter.Seq[*T], asked Listing, id func(*T) string) (part []T, next string) {
	for one := range fitting {
		if id(one) <= asked.After {
			continue
		}
		if asked.Limit > 0 && len(part) == asked.Limit {
			return part, id(&part[len(part)-1])
		}
		part = append(part, *one)
	}
	return part, ""
}

// Kinds of what can be searched for.
const (
	FindTeams  = "team"
	FindPeople = "person"
)

// Find searches for teams and people, or for one kind, at most limit in all; see
// roster.Search, also for sees.
func (k *Desk) Find(ctx context.Context, text, kind string, sees func(*roster.Person) bool, limit int) ([]roster.Found, error) {
	sight, err := k.Store.Look(ctx, store.Look{Teams: kind != FindPeople, People: kind != FindTeams})
	if err != nil {
		return nil, err
	}
	search := roster.NewSearch(text)
	search.Sees = sees
	return search.Among(sight.Teams, sight.People, limit), nil
}
