package company

import (
	"fmt"
	"slices"
	"time"

	"dailyroster/roster"
)

// makeTeam makes up the i-th team.
func (c *Company) makeTeam(i int) (roster.Team, error) {
	zone, err := roster.ParseZone(zoneNames()[i%len(zoneNames())])
	if err != nil {
		return roster.Team{}, err
	}
	name := teamName(i)
	t := roster.Team{
		ID: roster.TeamID(roster.Slug(name)), Name: name, Roles: roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: zone, HandOff: roster.DefaultHandOff}},
	}
	line := c.line(i)
	for at, role := range t.Roles {
		// Who is secondary this week is primary the next.
		people := slices.Concat(line[at:], line[:at])
		t.Rotations = append(t.Rotations, roster.Rotation{ID: roster.RotationID(role.ID), Role: role.ID, Name: role.Name, Versions: []roster.RotationVersion{{
			From: roster.WeekOf(c.first().First()), Weekdays: roster.EveryDay, DaysPerTurn: 7, HandOver: roster.Monday, People: people,
		}}})
	}
	for year := c.Today.Year - 1; year <= c.Today.Year+1; year++ {
		t.Holidays = append(t.Holidays,
			roster.Holiday{Date: roster.Date{Year: year, Month: time.January, Day: 1}, Name: "New Year"},
			roster.Holiday{Date: roster.Date{Year: year, Month: time.May, Day: 1}, Name: "Labor Day"},
			roster.Holiday{Date: roster.Date{Year: year, Month: time.December, Day: 25}, Name: "Christmas"})
	}
	if i%4 == 1 {
		t.KeepFilled = 4
	}
	if t.Revision, err = diceOf(ofTeam, i).id(c.founded()); err != nil {
		return t, err
	}
	return t, t.Validate()
}

// members are the people of the i-th team.
func (c *Company) members(i int) []roster.Person { return c.people[i*perTeam : (i+1)*perTeam] }

// line are those of them who stand in its rotations, in their order.
func (c *Company) line(i int) []roster.PersonID {
	var line []roster.PersonID
	for _, p := range c.members(i)[:onCall] {
		line = append(line, p.ID)
	}
	return line
}

// teamName is the name of the i-th team, which no other has.
func teamName(i int) string {
	what, of := subjects(), kinds()
	name := what[i%len(what)] + " " + of[i/len(what)%len(of)]
	if again := i / len(what) / len(of); again > 0 {
		name += fmt.Sprintf(" %d", again+1)
	}
	return name
}

func subjects() []string {
	return []string{
		"Payments", "Search", "Identity", "Billing", "Storage", "Networks", "Mobile", "Checkout", "Catalog", "Shipping",
		"Fraud", "Ads", "Mail", "Maps", "Photos", "Video", "Chat", "Calendar", "Orders", "Pricing",
		"Inventory", "Returns", "Support", "Analytics", "Data", "Machine Learning", "Security", "Compliance", "Payroll", "Travel",
		"Events", "Tickets", "Loyalty", "Partners", "Suppliers", "Fleet", "Stores", "Kiosks", "Devices", "Browser",
	}
}

func kinds() []string {
	return []string{
		"Platform", "API", "Frontend", "Backend", "Reliability", "Infrastructure", "Pipeline", "Gateway", "Services", "Tools",
		"Operations", "Databases", "Release", "Integration", "Quality", "Research", "Automation", "Observability", "Edge", "Core",
		"Europe", "Americas", "Asia", "Africa", "Oceania",
	}
}
