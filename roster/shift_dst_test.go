package roster_test

import (
	"archive/zip"
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	_ "time/tzdata" // so that every zone loads on machines without zone files

	"dailyroster/roster"
)

// zonesKnown is fewer zones than any release of the tz database has had for decades.
const zonesKnown = 400

// zoneNames lists the IANA zones: those of the Go distribution, and of the host
// where there is none (a test binary on a machine without Go). It fails the test
// when what it finds cannot be the whole database.
func zoneNames(t *testing.T) []string {
	t.Helper()
	names := zonesOfGo(t)
	if len(names) == 0 {
		names = zonesOfHost(t, "/usr/share/zoneinfo")
	}
	if len(names) < zonesKnown {
		t.Fatalf("zones found: got %d, want at least %d; nothing would be checked", len(names), zonesKnown)
	}
	slices.Sort(names)
	return names
}

func zonesOfGo(t *testing.T) (names []string) {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Logf("no Go distribution to take the zones from: %v", err)
		return nil
	}
	archive, err := zip.OpenReader(filepath.Join(strings.TrimSpace(string(root)), "lib", "time", "zoneinfo.zip"))
	if err != nil {
		t.Logf("the Go distribution has no zones: %v", err)
		return nil
	}
	defer func() { _ = archive.Close() }()
	for _, f := range archive.File {
		if !strings.HasSuffix(f.Name, "/") {
			names = append(names, f.Name)
		}
	}
	return names
}

func zonesOfHost(t *testing.T, root string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		magic := make([]byte, 4)
		if _, err := io.ReadFull(f, magic); err != nil || !bytes.Equal(magic, []byte("TZif")) {
			return nil // a table beside the zones
		}
		name, err := filepath.Rel(root, path)
		if _, refused := roster.ParseZone(name); refused == nil {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Logf("zones of the host: %v", err)
	}
	return names
}

// transitions lists when the zone's clocks are put forward or back, from the year first to the end of
// the year last.
func transitions(z roster.Zone, first, last int) (changes []time.Time) {
	at := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC)
	end := time.Date(last+1, 1, 1, 0, 0, 0, 0, time.UTC)
	for {
		_, next := at.In(z.Location()).ZoneBounds()
		if next.IsZero() || !next.Before(end) {
			return changes
		}
		if !next.After(at) { // as package time answers on 31 December of some leap years
			next = at.Truncate(24 * time.Hour).Add(24 * time.Hour)
		}
		_, before := next.Add(-1).In(z.Location()).Zone()
		_, after := next.In(z.Location()).Zone()
		if before != after {
			changes = append(changes, next)
		}
		at = next.UTC()
	}
}

// offsetsAround are the distances from a transition at which an instant is looked
// at: densely within an hour and a half, then ever coarser up to 50 hours away.
func offsetsAround() (offsets []time.Duration) {
	add := func(from, to, step time.Duration) {
		for d := from; d < to; d += step {
			offsets = append(offsets, d, -d)
		}
	}
	offsets = append(offsets, 0)
	add(time.Nanosecond, 2*time.Nanosecond, time.Nanosecond)
	add(time.Second, 2*time.Second, time.Second)
	add(time.Minute, 90*time.Minute, time.Minute)
	add(90*time.Minute, 6*time.Hour, 13*time.Minute)
	add(6*time.Hour, 50*time.Hour, 89*time.Minute)
	add(50*time.Hour, 50*time.Hour+1, time.Hour)
	slices.Sort(offsets)
	return offsets
}

// TestEveryInstantBelongsToOneDay looks at every transition of 2020 to 2030 in every
// zone there is: shifts meet, none runs backwards, and DayAt and ShiftOf agree about
// which one day an instant belongs to.
func TestEveryInstantBelongsToOneDay(t *testing.T) {
	t.Parallel()
	handOffs := []string{"00:00", "00:30", "02:00", "02:30", "09:00", "23:30"}
	offsets := offsetsAround()
	names := zoneNames(t)
	var changes, instants atomic.Int64
	t.Run("zone", func(t *testing.T) {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				found := transitions(zone(name), 2020, 2030)
				changes.Add(int64(len(found)))
				for _, handOff := range handOffs {
					team := teamIn(name, handOff)
					for _, change := range found {
						instants.Add(checkAround(t, team, change, offsets))
					}
				}
			})
		}
	})
	t.Logf("checked %d zones, %d transitions, %d hand-offs each, %d instants",
		len(names), changes.Load(), len(handOffs), instants.Load())
	if changes.Load() < 2000 {
		t.Errorf("transitions found: got %d, want thousands", changes.Load())
	}
}

// checkAround checks the instants at the offsets from a transition and at both edges
// of each shift near it, and gives their number.
func checkAround(t *testing.T, team *roster.Team, change time.Time, offsets []time.Duration) int64 {
	t.Helper()
	handOff := team.Settings[0].HandOff
	first := roster.DateOf(change.UTC()).AddDays(-4)
	shifts := make([]roster.Shift, 9)
	for i := range shifts {
		shifts[i] = team.ShiftOf(first.AddDays(i))
	}
	var n int64
	check := func(at time.Time) {
		n++
		got := team.DayAt(at)
		days := 0
		for i, s := range shifts {
			if !s.Contains(at) {
				continue
			}
			days++
			if want := first.AddDays(i); got != want {
				t.Fatalf("hand-off %s: DayAt(%s): got %s, want %s, whose shift contains it", handOff, at.Format(time.RFC3339Nano), got, want)
			}
		}
		if days != 1 {
			t.Fatalf("hand-off %s: shifts that contain %s: got %d, want 1", handOff, at.Format(time.RFC3339Nano), days)
		}
	}
	for i, s := range shifts {
		if s.End.Before(s.Start) {
			t.Fatalf("hand-off %s: the shift of %s runs backwards: got %v", handOff, first.AddDays(i), s)
		}
		if i > 0 && !shifts[i-1].End.Equal(s.Start) {
			t.Fatalf("hand-off %s: end of the shift before %s: got %v, want its start %v", handOff, first.AddDays(i), shifts[i-1].End, s.Start)
		}
		check(s.Start)
		if i > 0 {
			check(s.Start.Add(-time.Nanosecond))
		}
	}
	for _, offset := range offsets {
		check(change.Add(offset))
	}
	return n
}

// TestInstantAgainstScan holds Zone.Instant against an oracle that knows nothing of
// offsets and transitions: it looks at the clock on the wall, minute by minute.
func TestInstantAgainstScan(t *testing.T) {
	t.Parallel()
	names := []string{
		"Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/Havana",
		"America/New_York", "America/Nuuk", "America/Santiago", "America/Scoresbysund", "America/St_Johns",
		"Antarctica/Troll", "Asia/Amman", "Asia/Beirut", "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu",
		"Asia/Tehran", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin",
		"Europe/Volgograd", "Pacific/Apia", "Pacific/Chatham", "Pacific/Kiritimati",
	}
	// Before 2012 two zones changed at one minute past midnight, and Apia lost a day.
	spans := [][2]int{{2010, 2012}, {2020, 2021}, {2026, 2026}}
	handOffs := []string{"00:00", "00:01", "00:30", "01:45", "02:00", "02:30", "03:00", "09:00", "23:30", "23:59"}
	var changes, checked atomic.Int64
	t.Run("zone", func(t *testing.T) {
		for _, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				z := zone(name)
				for _, span := range spans {
					for _, change := range append(transitions(z, span[0], span[1]), instant("2026-06-01T00:00:00Z")) {
						changes.Add(1)
						for back := -1; back <= 1; back++ {
							d := roster.DateOf(change.In(z.Location())).AddDays(back)
							for _, handOff := range handOffs {
								checked.Add(1)
								got, want := z.Instant(d, clock(handOff)), scan(z, d, clock(handOff))
								if !got.Equal(want) {
									t.Fatalf("Instant(%s, %s): got %s, want %s", d, handOff, got.Format(time.RFC3339), want.Format(time.RFC3339))
								}
							}
						}
					}
				}
			})
		}
	})
	t.Logf("checked %d zones, %d transitions, %d instants", len(names), changes.Load(), checked.Load())
}

// scan finds the first minute in which the zone's wall clock shows the time, or a
// later one, by trying every minute from well before it could.
func scan(z roster.Zone, d roster.Date, c roster.ClockTime) time.Time {
	at := time.Date(d.Year, d.Month, d.Day-1, 0, 0, 0, 0, time.UTC)
	for {
		wall := at.In(z.Location())
		shown := roster.DateOf(wall)
		if d.Before(shown) || d == shown && roster.ClockTime(wall.Hour()*60+wall.Minute()) >= c {
			return wall
		}
		at = at.Add(time.Minute)
	}
}

// TestFamousHandOffs has the hand-offs of well-known clock changes as a person reads
// them off a wall clock.
func TestFamousHandOffs(t *testing.T) {
	t.Parallel()
	tests := []struct {
		zone, handOff, about string
		want                 []string // the hand-off of each day in a row, the first day's first
		first                string
	}{
		{"Europe/Berlin", "02:30", "02:30 is skipped", []string{
			"2026-03-28T02:30:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00",
		}, "2026-03-28"},
		{"Europe/Berlin", "02:30", "02:30 comes twice", []string{
			"2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00",
		}, "2026-10-24"},
		{"Europe/Berlin", "03:00", "the minute that ends the skip", []string{
			"2026-03-28T03:00:00+01:00", "2026-03-29T03:00:00+02:00",
		}, "2026-03-28"},
		{"Europe/Berlin", "03:00", "the old clock never gets to 03:00", []string{
			"2026-10-24T03:00:00+02:00", "2026-10-25T03:00:00+01:00",
		}, "2026-10-24"},
		{"Europe/Berlin", "09:00", "a shift of 23 hours", []string{
			"2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00", "2026-03-30T09:00:00+02:00",
		}, "2026-03-28"},
		{"Europe/Berlin", "09:00", "a shift of 25 hours", []string{
			"2026-10-24T09:00:00+02:00", "2026-10-25T09:00:00+01:00", "2026-10-26T09:00:00+01:00",
		}, "2026-10-24"},
		{"America/New_York", "02:30", "02:30 is skipped", []string{
			"2026-03-07T02:30:00-05:00", "2026-03-08T03:00:00-04:00", "2026-03-09T02:30:00-04:00",
		}, "2026-03-07"},
		{"America/New_York", "01:30", "01:30 comes twice", []string{
			"2026-10-31T01:30:00-04:00", "2026-11-01T01:30:00-04:00", "2026-11-02T01:30:00-05:00",
		}, "2026-10-31"},
		{"America/New_York", "09:00", "a shift of 23 hours", []string{
			"2026-03-07T09:00:00-05:00", "2026-03-08T09:00:00-04:00", "2026-03-09T09:00:00-04:00",
		}, "2026-03-07"},
		{"America/New_York", "09:00", "a shift of 25 hours", []string{
			"2026-10-31T09:00:00-04:00", "2026-11-01T09:00:00-05:00", "2026-11-02T09:00:00-05:00",
		}, "2026-10-31"},
		{"Australia/Lord_Howe", "02:15", "half an hour is skipped", []string{
			"2026-10-03T02:15:00+10:30", "2026-10-04T02:30:00+11:00", "2026-10-05T02:15:00+11:00",
		}, "2026-10-03"},
		{"Australia/Lord_Howe", "01:45", "half an hour comes twice", []string{
			"2026-04-04T01:45:00+11:00", "2026-04-05T01:45:00+11:00", "2026-04-06T01:45:00+10:30",
		}, "2026-04-04"},
		{"Australia/Lord_Howe", "02:00", "the old clock never gets to 02:00", []string{
			"2026-04-04T02:00:00+11:00", "2026-04-05T02:00:00+10:30", "2026-04-06T02:00:00+10:30",
		}, "2026-04-04"},
		{"America/Havana", "00:00", "the day begins at 01:00", []string{
			"2026-03-07T00:00:00-05:00", "2026-03-08T01:00:00-04:00", "2026-03-09T00:00:00-04:00",
		}, "2026-03-07"},
		{"America/Havana", "00:30", "the first hour of the day comes twice", []string{
			"2026-10-31T00:30:00-04:00", "2026-11-01T00:30:00-04:00", "2026-11-02T00:30:00-05:00",
		}, "2026-10-31"},
		{"Africa/Cairo", "00:00", "the day begins at 01:00", []string{
			"2026-04-23T00:00:00+02:00", "2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00",
		}, "2026-04-23"},
		{"Africa/Cairo", "00:00", "at midnight it is 23:00 once more", []string{
			"2026-10-29T00:00:00+03:00", "2026-10-30T00:00:00+02:00", "2026-10-31T00:00:00+02:00",
		}, "2026-10-29"},
		{"Africa/Cairo", "23:30", "the last hour of the day comes twice", []string{
			"2026-10-28T23:30:00+03:00", "2026-10-29T23:30:00+03:00", "2026-10-30T23:30:00+02:00",
		}, "2026-10-28"},
		{"Asia/Beirut", "00:30", "the first hour of the day is skipped", []string{
			"2026-03-28T00:30:00+02:00", "2026-03-29T01:00:00+03:00", "2026-03-30T00:30:00+03:00",
		}, "2026-03-28"},
		{"America/St_Johns", "00:00", "one minute past midnight it is the day before", []string{
			"2010-11-06T00:00:00-02:30", "2010-11-07T00:00:00-02:30", "2010-11-08T00:00:00-03:30",
		}, "2010-11-06"},
		{"Pacific/Apia", "09:00", "30 December 2011 is skipped", []string{
			"2011-12-29T09:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00", "2012-01-01T09:00:00+14:00",
		}, "2011-12-29"},
		{"Pacific/Apia", "00:00", "the skipped day's shift is empty", []string{
			"2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00", "2011-12-31T00:00:00+14:00", "2012-01-01T00:00:00+14:00",
		}, "2011-12-29"},
		{"Asia/Kathmandu", "09:00", "three quarters of an hour", []string{
			"2026-11-23T09:00:00+05:45", "2026-11-24T09:00:00+05:45",
		}, "2026-11-23"},
		{"UTC", "09:00", "no change ever", []string{
			"2026-12-31T09:00:00Z", "2027-01-01T09:00:00Z",
		}, "2026-12-31"},
	}
	for _, tt := range tests {
		t.Run(tt.zone+" "+tt.handOff+" "+tt.about, func(t *testing.T) {
			t.Parallel()
			team := teamIn(tt.zone, tt.handOff)
			for i, want := range tt.want {
				d := date(tt.first).AddDays(i)
				shift := team.ShiftOf(d)
				if got := shift.Start.Format(time.RFC3339); got != want {
					t.Errorf("hand-off on %s: got %s, want %s", d, got, want)
				}
				if i+1 == len(tt.want) {
					break
				}
				if got, want := shift.End.Format(time.RFC3339), tt.want[i+1]; got != want {
					t.Errorf("end of the shift of %s: got %s, want %s", d, got, want)
				}
			}
		})
	}
}

func TestShiftLengths(t *testing.T) {
	t.Parallel()
	tests := []struct {
		zone, handOff, date string
		want                time.Duration
	}{
		{"Europe/Berlin", "09:00", "2026-03-27", 24 * time.Hour},
		{"Europe/Berlin", "09:00", "2026-03-28", 23 * time.Hour},
		{"Europe/Berlin", "09:00", "2026-10-24", 25 * time.Hour},
		{"Europe/Berlin", "02:30", "2026-03-28", 23*time.Hour + 30*time.Minute},
		{"Europe/Berlin", "02:30", "2026-03-29", 23*time.Hour + 30*time.Minute},
		{"Australia/Lord_Howe", "09:00", "2026-10-03", 23*time.Hour + 30*time.Minute},
		{"Australia/Lord_Howe", "09:00", "2026-04-04", 24*time.Hour + 30*time.Minute},
		{"Pacific/Apia", "00:00", "2011-12-30", 0},
		{"Pacific/Apia", "09:00", "2011-12-30", 9 * time.Hour},
		{"Asia/Kathmandu", "09:00", "2026-11-23", 24 * time.Hour},
	}
	for _, tt := range tests {
		s := teamIn(tt.zone, tt.handOff).ShiftOf(date(tt.date))
		if got := s.End.Sub(s.Start); got != tt.want {
			t.Errorf("%s at %s: length of the shift of %s: got %s, want %s", tt.zone, tt.handOff, tt.date, got, tt.want)
		}
	}
}

// Where a zone's rules go on beyond its table, package time answers on the last day
// of a leap year that the current offset has ended already. Hand-offs of that day
// have to be found all the same.
func TestLastDayOfLeapYears(t *testing.T) {
	t.Parallel()
	team := teamIn("Europe/Berlin", "20:00")
	for d, want := range map[string]string{
		"2028-12-30": "2028-12-30T20:00:00+01:00",
		"2028-12-31": "2028-12-31T20:00:00+01:00",
		"2040-12-30": "2040-12-30T20:00:00+01:00",
		"2040-12-31": "2040-12-31T20:00:00+01:00",
		"2041-01-01": "2041-01-01T20:00:00+01:00",
		"9996-12-31": "9996-12-31T20:00:00+01:00",
	} {
		if got := team.ShiftOf(date(d)).Start.Format(time.RFC3339); got != want {
			t.Errorf("hand-off on %s: got %s, want %s", d, got, want)
		}
	}
	for _, name := range zoneNames(t) {
		z := zone(name)
		for _, d := range []string{"2028-12-31", "2040-12-30", "2040-12-31", "2041-01-01", "2044-12-31"} {
			for _, c := range []string{"00:00", "09:00", "23:59"} {
				if got, want := z.Instant(date(d), clock(c)).Format("2006-01-02 15:04"), d+" "+c; got != want {
					t.Errorf("%s: clock at Instant(%s, %s): got %s, want %s", name, d, c, got, want)
				}
			}
		}
	}
}
