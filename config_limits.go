package main

import (
	"errors"
	"fmt"

	"dailyroster/handlers"
	"dailyroster/signin"
)

// LimitConfig is what callers may ask for; 0 is no limit.
type LimitConfig struct {
	EditsPerSecond    int      `default:"200" help:"Edits that one caller may make in a second for long, and five times as many at once."`
	AttemptsPerMinute int      `default:"300" help:"Sign-ins, and tokens that are none, that one address may try in a minute."`
	StreamsPerAddress int      `default:"500" help:"Pages with live updates that one address may have open."`
	MaxTeams          int      `default:"1000" help:"Teams that there may be, with removed ones."`
	MaxPeople         int      `default:"10000" help:"People that there may be, with removed ones."`
	TrustProxies      []string `help:"Addresses and networks of the proxies whose X-Forwarded-For says where a request comes from, such as 192.0.2.0/24."`
}

// limits reads the settings.
func (c *LimitConfig) limits() (handlers.Limits, error) {
	for _, n := range []int{c.EditsPerSecond, c.AttemptsPerMinute, c.StreamsPerAddress, c.MaxTeams, c.MaxPeople} {
		if n < 0 {
			return handlers.Limits{}, errors.New("limits: none can be negative; 0 is no limit")
		}
	}
	proxies, err := signin.ParsePrefixes(c.TrustProxies)
	if err != nil {
		return handlers.Limits{}, fmt.Errorf("trust-proxies: %w", err)
	}
	return handlers.Limits{
		EditsPerSecond: c.EditsPerSecond, AttemptsPerMinute: c.AttemptsPerMinute, Streams: c.StreamsPerAddress,
		Teams: c.MaxTeams, People: c.MaxPeople, Proxies: proxies,
	}, nil
}
