package main

import (
	"errors"
	"fmt"
	"time"

	"dailyroster/handlers/web"
	"dailyroster/signin"
)

// LimitConfig is what callers may ask for; 0 is no limit.
type LimitConfig struct {
	EditsPerSecond    int           `default:"200" help:"Edits per second that one caller can make over time. Five times as many can arrive at once. A caller is a person, a token or, without sign-in, an address."`
	ReadsPerSecond    int           `default:"500" help:"The same for requests that read."`
	AtOnce            int           `default:"64" help:"Requests that are served at once; more wait for up to a second. An eighth of them can be heavy ones, such as years of days. Health checks and who is on call have half as many places of their own."`
	AtOncePerCaller   int           `default:"16" help:"How many of these one caller can have, in the same parts. Of heavy ones it is at most half as many as there are processors."`
	AttemptsPerMinute int           `default:"300" help:"Sign-ins and requests with unknown tokens that one address can try per minute."`
	StreamsPerAddress int           `default:"500" help:"Pages with live updates that one address can have open. All addresses together can have 5000."`
	MaxTeams          int           `default:"1000" help:"Number of teams that can exist, including removed ones."`
	MaxPeople         int           `default:"10000" help:"Number of people that can exist, including removed ones."`
	TokenOwnerSeen    time.Duration `default:"720h" help:"Time after which a personal token is refused because its owner has not signed in. It works again when they have. At least 48h."`
	TrustProxies      []string      `help:"Addresses and networks of proxies, separated by commas, such as 192.0.2.0/24, whose X-Forwarded-For header says where a request comes from. All clients of any other proxy count as one address."`
}

// limits reads the settings.
func (c *LimitConfig) limits() (web.Limits, error) {
	for _, n := range []int{c.EditsPerSecond, c.ReadsPerSecond, c.AtOnce, c.AtOncePerCaller, c.AttemptsPerMinute, c.StreamsPerAddress, c.MaxTeams, c.MaxPeople} {
		if n < 0 {
			return web.Limits{}, errors.New("limits: none can be negative; 0 is no limit")
		}
	}
	if c.TokenOwnerSeen != 0 && c.TokenOwnerSeen < 2*24*time.Hour { // it is noted once a day
		return web.Limits{}, errors.New("token-owner-seen: it is at least 48h, or 0 for no limit")
	}
	proxies, err := signin.ParsePrefixes(c.TrustProxies)
	if err != nil {
		return web.Limits{}, fmt.Errorf("trust-proxies: %w", err)
	}
	return web.Limits{
		EditsPerSecond: c.EditsPerSecond, ReadsPerSecond: c.ReadsPerSecond, AtOnce: c.AtOnce, AtOncePerCaller: c.AtOncePerCaller,
		AttemptsPerMinute: c.AttemptsPerMinute, Streams: c.StreamsPerAddress,
		OwnerSeen: c.TokenOwnerSeen, Teams: c.MaxTeams, People: c.MaxPeople, Proxies: proxies,
	}, nil
}
