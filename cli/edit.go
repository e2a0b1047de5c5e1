package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"dailyroster/client"
)

type setCmd struct {
	Team   string `arg:"" help:"The team's id or name."`
	Date   string `arg:"" help:"The day: today, tomorrow, monday, or 2026-12-24."`
	Role   string `arg:"" help:"The role's id or name."`
	Name   string `arg:"" help:"The person's id or name; nobody leaves the role empty."`
	Why    string `help:"The reason, for the history. A day that is over needs one." placeholder:"TEXT"`
	remote `embed:""`
}

// nobody leaves a role empty.
const nobody = "nobody"

func (c *setCmd) run(ctx context.Context, w World) error {
	server, team, err := c.dialTeam(ctx, w, c.Team)
	if err != nil {
		return err
	}
	date, err := day(team, c.Date, w.Now())
	if err != nil {
		return err
	}
	role, err := roleNamed(team, c.Role)
	if err != nil {
		return err
	}
	of := client.AssignmentInput{Date: date, Role: role}
	who := nobody
	if c.Name != nobody {
		person, err := personNamed(ctx, server, c.Name) // so that a slip of the pen makes no new person
		if err != nil {
			return err
		}
		if of.Person, err = byID(person); err != nil {
			return err
		}
		who = person.Name
	}
	answer, err := server.AssignDaysWithResponse(ctx, team.Id, nil, client.AssignmentsInput{Days: []client.AssignmentInput{of}, Why: given(c.Why)})
	if err != nil {
		return err
	}
	return c.print(w, answer.Body, func(columns *tabwriter.Writer) {
		row(columns, fmt.Sprintf("%s of %s has %s on %s.", roleName(team, role), team.Name, who, date.Format("Mon 2 Jan 2006")))
	})
}

// byID is a person as the API takes one.
func byID(person *client.Person) (*client.AssigneeInput, error) {
	var input client.AssigneeInput
	return &input, input.FromAssigneeInput1(client.AssigneeInput1{Id: person.Id})
}

// given is a text, nil for none.
func given(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func roleName(team *client.Team, id client.RoleID) string {
	for _, r := range team.Roles {
		if r.Id == id {
			return r.Name
		}
	}
	return id
}

type swapCmd struct {
	Team     string `arg:"" help:"The team's id or name."`
	Date     string `arg:"" help:"The day: today, tomorrow, monday, or 2026-12-24."`
	With     string `help:"Swap it for this day." placeholder:"DATE" xor:"what" required:""`
	To       string `help:"Give it to this person." placeholder:"NAME" xor:"what" required:""`
	By       string `help:"This person takes it." placeholder:"NAME" xor:"what" required:""`
	Role     string `help:"The role's id or name. The default is the team's first." placeholder:"ROLE"`
	WithRole string `help:"The role on the other day. The default is the same." placeholder:"ROLE"`
	remote   `embed:""`
}

func (c *swapCmd) run(ctx context.Context, w World) error {
	server, team, err := c.dialTeam(ctx, w, c.Team)
	if err != nil {
		return err
	}
	asked, err := c.wanted(ctx, server, team, w)
	if err != nil {
		return err
	}
	answer, err := server.MakeExchangeWithResponse(ctx, team.Id, nil, asked)
	if err != nil {
		return err
	}
	made := answer.JSON201
	if made == nil {
		return errors.New("the server did not say what became of it")
	}
	return c.print(w, answer.Body, func(columns *tabwriter.Writer) {
		for _, m := range made.Moves {
			who := nobody
			if m.To != nil {
				who = m.To.Name
			}
			row(columns, m.Date.Format("Mon 2 Jan 2006"), roleName(team, m.Role), who)
		}
		if len(made.WaitsFor) > 0 {
			row(columns, fmt.Sprintf("It waits for %s to agree.", names(made.WaitsFor)))
		}
	})
}

// wanted is the exchange that the flags ask for.
func (c *swapCmd) wanted(ctx context.Context, server *client.ClientWithResponses, team *client.Team, w World) (asked client.ExchangeInput, err error) {
	if asked.Seat, err = c.seat(team, c.Date, c.Role, w); err != nil {
		return asked, err
	}
	who := c.To
	switch {
	case c.With != "":
		asked.Kind = client.ExchangeInputKindSwap
		role := c.WithRole
		if role == "" {
			role = c.Role
		}
		other, err := c.seat(team, c.With, role, w)
		asked.With = &other
		return asked, err
	case c.To != "":
		asked.Kind = client.ExchangeInputKindGive
	default:
		asked.Kind, who = client.ExchangeInputKindTake, c.By
	}
	person, err := personNamed(ctx, server, who)
	if err != nil {
		return asked, err
	}
	input, err := byID(person)
	if c.To != "" {
		asked.To = input
	} else {
		asked.By = input
	}
	return asked, err
}

func (c *swapCmd) seat(team *client.Team, date, role string, w World) (seat client.SeatInput, err error) {
	if seat.Date, err = day(team, date, w.Now()); err != nil {
		return seat, err
	}
	seat.Role, err = roleNamed(team, role)
	return seat, err
}

func names(people []client.PersonRef) string {
	texts := make([]string, len(people))
	for i, p := range people {
		texts[i] = p.Name
	}
	return strings.Join(texts, " and ")
}
