package roster

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"dailyroster/words/said"
)

// ClockTime is a wall-clock time of day in minutes since midnight, 0 to 1439.
type ClockTime int

// DefaultHandOff is 09:00.
const DefaultHandOff ClockTime = 9 * 60

// ParseClockTime reads the 24-hour form 09:00.
func ParseClockTime(s string) (ClockTime, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, said.New("%q is not a time of day; write it like 09:00", Clip(s))
	}
	return ClockTime(t.Hour()*60 + t.Minute()), nil
}

// String is the form that ParseClockTime reads.
func (c ClockTime) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// MarshalText makes a ClockTime a JSON string.
func (c ClockTime) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (c *ClockTime) UnmarshalText(b []byte) (err error) {
	*c, err = ParseClockTime(string(b))
	return err
}

// Zone is an IANA time zone with its rules loaded. The zero value is no zone.
type Zone struct{ loc *time.Location }

// ParseZone loads a zone by its IANA name, such as Europe/Berlin or UTC. The
// machine's own zone ("Local", "") is refused: a roster must mean the same
// everywhere. So is what only some machines have beside the zones of the IANA,
// which all begin with a capital: localtime, posixrules, posix/… and right/….
func ParseZone(name string) (Zone, error) {
	if name == "" || name == "Local" || name[0] < 'A' || name[0] > 'Z' {
		return Zone{}, said.New("%q is not a time zone; give an IANA name such as Europe/Berlin", Clip(name))
	}
	kept, _ := zones.Load(name)
	if loc, ok := kept.(*time.Location); ok {
		return Zone{loc}, nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return Zone{}, said.New("%q is not a known time zone; give an IANA name such as Europe/Berlin", Clip(name))
	}
	if zonesKept.Add(1) <= maxZonesKept {
		zones.Store(name, loc)
	}
	return Zone{loc}, nil
}

// zones has the *time.Location of each zone that was loaded, by its name. The rules of a zone
// are kilobytes, and ten thousand people need no ten thousand copies. They never change while
// the program runs. The database has some 600 names, but files also open by others, such as
// Europe//Berlin, so what is kept is counted: a zone that is not kept is loaded each time.
var (
	zones     sync.Map     //nolint:gochecknoglobals // what was loaded is the same for everybody, as in package time
	zonesKept atomic.Int64 //nolint:gochecknoglobals // belongs to zones
)

const maxZonesKept = 1000

// UTC is the zone UTC.
func UTC() Zone { return Zone{time.UTC} }

// String is the zone's IANA name, "" for no zone.
func (z Zone) String() string {
	if z.loc == nil {
		return ""
	}
	return z.loc.String()
}

// Location is the zone for package time. It must not be called on the zero Zone.
func (z Zone) Location() *time.Location { return z.loc }

// MarshalText makes a Zone a JSON string.
func (z Zone) MarshalText() ([]byte, error) { return []byte(z.String()), nil }

// UnmarshalText is the inverse of MarshalText; "" is no zone.
func (z *Zone) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*z = Zone{}
		return nil
	}
	*z, err = ParseZone(string(b))
	return err
}

// Instant is the first instant at which clocks in the zone show c on day d or
// anything later. So a time that occurs twice is its first occurrence, and one
// that is skipped is the first instant after the skip.
//
// time.Date promises neither: in both cases it picks one of the two offsets
// without saying which.
func (z Zone) Instant(d Date, c ClockTime) time.Time {
	shown := d.utc().Add(time.Duration(c) * time.Minute)
	// No zone is or was 16 hours or more from UTC, so here clocks still show less.
	at := shown.Add(-16 * time.Hour).In(z.loc)
	for {
		_, end := at.ZoneBounds()
		if !end.IsZero() && !end.After(at) {
			// On 31 December of leap years package time can say that the offset which
			// holds now ended this morning. No rule changes clocks on that day.
			end = at.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
		}
		_, offset := at.Zone()
		first := shown.Add(-time.Duration(offset) * time.Second)
		if first.Before(at) {
			first = at
		}
		if end.IsZero() || first.Before(end) {
			return first.In(z.loc)
		}
		at = end.In(z.loc)
	}
}
