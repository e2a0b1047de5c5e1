package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"dailyroster/client"
)

type whoCmd struct {
	Team   string `arg:"" optional:"" help:"The team's id or name; all teams without one."`
	At     string `help:"When, such as 2026-12-24T18:00:00+01:00, or 2026-12-24 18:00 on this machine's clock. The default is now." placeholder:"TIME"`
	remote `embed:""`
}

func (c *whoCmd) run(ctx context.Context, w World) error {
	server, err := c.dial(w)
	if err != nil {
		return err
	}
	at, err := instant(c.At)
	if err != nil {
		return err
	}
	now := w.Now()
	if at != nil {
		now = *at
	}
	var (
		teams    []client.OnCall
		body     []byte
		response *http.Response
	)
	if c.Team == "" {
		answer, err := server.GetOnCallWithResponse(ctx, &client.GetOnCallParams{At: at})
		if err != nil {
			return err
		}
		teams, body, response = answer.JSON200.Teams, answer.Body, answer.HTTPResponse
	} else {
		team, err := teamNamed(ctx, server, c.Team)
		if err != nil {
			return err
		}
		answer, err := server.GetTeamOnCallWithResponse(ctx, team.Id, &client.GetTeamOnCallParams{At: at})
		if err != nil {
			return err
		}
		teams, body, response = []client.OnCall{*answer.JSON200}, answer.Body, answer.HTTPResponse
	}
	asOf(w, response)
	return c.print(w, body, func(columns *tabwriter.Writer) {
		row(columns, "TEAM", "ROLE", "ON CALL", "UNTIL", "THEN")
		for _, of := range teams {
			dutyRows(columns, of, now)
		}
	})
}

// dutyRows are a row for each role of a team.
func dutyRows(columns *tabwriter.Writer, of client.OnCall, now time.Time) {
	for _, d := range of.Roles {
		then := ""
		if d.Next != nil {
			then = nobody
			if d.Next.Person != nil {
				then = d.Next.Person.Name
			}
		}
		row(columns, of.Team.Name, d.Role.Name, holder(d), when(d.Until, now), then)
	}
}

// holder is who has a duty, as a text.
func holder(d client.Duty) string {
	switch {
	case d.OffDuty != nil && *d.OffDuty:
		return "off duty"
	case d.Person != nil:
		return d.Person.Name
	}
	return nobody
}

type shiftsCmd struct {
	Person string `arg:"" help:"The person's id or name."`
	remote `embed:""`
}

func (c *shiftsCmd) run(ctx context.Context, w World) error {
	server, err := c.dial(w)
	if err != nil {
		return err
	}
	person, err := personNamed(ctx, server, c.Person)
	if err != nil {
		return err
	}
	answer, err := server.ListShiftsWithResponse(ctx, person.Id, nil)
	if err != nil {
		return err
	}
	asOf(w, answer.HTTPResponse)
	return c.print(w, answer.Body, func(columns *tabwriter.Writer) {
		row(columns, "FROM", "UNTIL", "TEAM", "ROLE")
		for _, s := range answer.JSON200.Shifts {
			row(columns, s.Start.Format("Mon 2 Jan 2006 15:04 MST"), s.End.Format("Mon 2 Jan 2006 15:04 MST"), s.Team.Name, s.Role.Name)
		}
	})
}

type watchCmd struct {
	Team   string        `arg:"" help:"The team's id or name."`
	Every  time.Duration `default:"5s" help:"How often the server is asked."`
	remote `embed:""`
}

func (c *watchCmd) run(ctx context.Context, w World) error {
	if c.Every < time.Second {
		return fmt.Errorf("every: %s is too often; a second is the least", c.Every)
	}
	server, team, err := c.dialTeam(ctx, w, c.Team)
	if err != nil {
		return err
	}
	tick := time.NewTicker(c.Every)
	defer tick.Stop()
	var before []byte
	silent := false
	for {
		answer, err := server.GetTeamOnCallWithResponse(ctx, team.Id, nil)
		switch {
		case ctx.Err() != nil:
			return nil // whoever watched has seen enough
		case err != nil && !silent:
			_, _ = fmt.Fprintf(w.Stderr, "%s: %v\n", w.Now().Format("15:04:05"), err)
		case err == nil:
			if err := c.tell(w, answer, &before); err != nil {
				return err
			}
		}
		silent = err != nil
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// tell writes who is on call, if that is not what was written before.
func (c *watchCmd) tell(w World, answer *client.GetTeamOnCallResponse, before *[]byte) error {
	same := *answer.JSON200
	same.At = time.Time{}
	now, err := json.Marshal(same)
	if err != nil || bytes.Equal(now, *before) {
		return err
	}
	*before = now
	if c.Output == "json" {
		return c.print(w, answer.Body, nil)
	}
	var parts []string
	for _, d := range answer.JSON200.Roles {
		part := d.Role.Name + ": " + holder(d)
		if d.Until != nil {
			part += " until " + when(d.Until, w.Now())
		}
		parts = append(parts, part)
	}
	_, err = fmt.Fprintf(w.Stdout, "%s  %s\n", w.Now().Format("2006-01-02 15:04:05"), strings.Join(parts, ", "))
	return err
}

// instant reads a time; nil is now.
func instant(text string) (*time.Time, error) {
	if text == "" {
		return nil, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02T15:04"} {
		if at, err := time.ParseInLocation(layout, text, time.Local); err == nil { //nolint:forbidigo // the clock of whoever types it
			return &at, nil
		}
	}
	return nil, fmt.Errorf("at: %q is not a time; write it like 2026-12-24T18:00:00+01:00, or \"2026-12-24 18:00\"", text)
}
