package roster_test

import (
	"time"

	"dailyroster/roster"
)

// must is for the constants of tests, which are known to parse.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func date(s string) roster.Date       { return must(roster.ParseDate(s)) }
func month(s string) roster.Month     { return must(roster.ParseMonth(s)) }
func clock(s string) roster.ClockTime { return must(roster.ParseClockTime(s)) }
func zone(s string) roster.Zone       { return must(roster.ParseZone(s)) }
func instant(s string) time.Time      { return must(time.Parse(time.RFC3339Nano, s)) }

// teamIn is a team with the default roles that has always lived by one zone and hand-off.
func teamIn(zoneName, handOff string) *roster.Team {
	return &roster.Team{
		ID:       "ops",
		Name:     "Operations",
		Roles:    roster.DefaultRoles(),
		Settings: []roster.Settings{{Zone: zone(zoneName), HandOff: clock(handOff)}},
	}
}

// then is the team with further settings from a date on, whatever day it is today.
func then(team *roster.Team, from, zoneName, handOff string) *roster.Team {
	s := roster.Settings{From: date(from), Zone: zone(zoneName), HandOff: clock(handOff)}
	changed := must(team.WithSettings(s, s.From))
	return &changed
}
