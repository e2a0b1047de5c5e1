package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"dailyroster/client"
)

// teamNamed is the team that a text names by its id or its name.
func teamNamed(ctx context.Context, server *client.ClientWithResponses, text string) (*client.Team, error) {
	return named(ctx, server, client.SearchParamsKindTeam, text, func(id string) (*client.Team, error) {
		answer, err := server.GetTeamWithResponse(ctx, id, nil)
		if err != nil {
			return nil, err
		}
		return answer.JSON200, nil
	})
}

// dialTeam makes the client, as dial does, and finds the team that a text names.
func (r *remote) dialTeam(ctx context.Context, w World, text string) (*client.ClientWithResponses, *client.Team, error) {
	server, err := r.dial(w)
	if err != nil {
		return nil, nil, err
	}
	team, err := teamNamed(ctx, server, text)
	return server, team, err
}

// personNamed is the person whom a text names by id or name.
func personNamed(ctx context.Context, server *client.ClientWithResponses, text string) (*client.Person, error) {
	return named(ctx, server, client.SearchParamsKindPerson, text, func(id string) (*client.Person, error) {
		answer, err := server.GetPersonWithResponse(ctx, id, nil)
		if err != nil {
			return nil, err
		}
		return answer.JSON200, nil
	})
}

// named is what get has for a text that is an id, or for the only id that the text finds.
func named[T any](ctx context.Context, server *client.ClientWithResponses, kind client.SearchParamsKind, text string, get func(id string) (*T, error)) (*T, error) {
	found, err := get(strings.ToLower(text))
	if !hasStatus(err, http.StatusNotFound) {
		return found, err
	}
	answer, err := server.SearchWithResponse(ctx, &client.SearchParams{Q: &text, Kind: &kind})
	if err != nil {
		return nil, err
	}
	id, err := only(string(kind), text, answer.JSON200.Found)
	if err != nil {
		return nil, err
	}
	return get(id)
}

func hasStatus(err error, status int) bool {
	refused, is := errors.AsType[*client.ProblemError](err)
	return is && refused.Status == status
}

// only is the id of what a text finds: the one whose name it is, or the only one at all.
func only(what, text string, found []client.Found) (id string, err error) {
	var same []client.Found
	names := make([]string, len(found))
	for i, f := range found {
		names[i] = fmt.Sprintf("%s (%s)", f.Name, f.Id)
		if strings.EqualFold(f.Name, text) {
			same = append(same, f)
		}
	}
	switch {
	case len(same) == 1:
		return same[0].Id, nil
	case len(found) == 1:
		return found[0].Id, nil
	case len(found) == 0:
		return "", fmt.Errorf("there is no %s %q", what, text)
	}
	return "", fmt.Errorf("which %s? %q may be %s", what, text, strings.Join(names, ", "))
}

// roleNamed is the id of a team's role that a text names by its id or its name; "" is the first.
func roleNamed(team *client.Team, text string) (client.RoleID, error) {
	if text == "" {
		return team.Roles[0].Id, nil
	}
	names := make([]string, len(team.Roles))
	for i, r := range team.Roles {
		if strings.EqualFold(r.Name, text) || strings.EqualFold(r.Id, text) {
			return r.Id, nil
		}
		names[i] = r.Name
	}
	return "", fmt.Errorf("%s has no role %q; it has %s", team.Name, text, strings.Join(names, ", "))
}

// day reads a date: today, tomorrow, a day of the week to come, or a date such as 2026-12-24. It
// counts on the clock of the team.
func day(team *client.Team, text string, now time.Time) (client.Date, error) {
	if len(team.Settings) > 0 {
		zone, err := time.LoadLocation(team.Settings[len(team.Settings)-1].Zone)
		if err != nil {
			return client.Date{}, err
		}
		now = now.In(zone)
	}
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch lower := strings.ToLower(text); lower {
	case "today":
		return client.Date{Time: today}, nil
	case "tomorrow":
		return client.Date{Time: today.AddDate(0, 0, 1)}, nil
	default:
		for ahead := 1; ahead <= 7 && len(lower) >= 3; ahead++ {
			d := today.AddDate(0, 0, ahead)
			if strings.HasPrefix(strings.ToLower(d.Weekday().String()), lower) {
				return client.Date{Time: d}, nil
			}
		}
	}
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return client.Date{}, fmt.Errorf("%q is not a day; write today, tomorrow, monday, or 2026-12-24", text)
	}
	return client.Date{Time: d}, nil
}
