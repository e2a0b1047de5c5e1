package roster_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dailyroster/check/corpus"
	"dailyroster/roster"
	"dailyroster/roster/credential"
)

// price is the most that it may cost to parse a value. Words about what is wrong with it,
// and a time zone that is loaded, cost the same for any.
var price = corpus.Price{Bytes: corpus.Line{Base: 256 << 10, Each: 64}, Allocs: corpus.Line{Base: 1000, Each: 1}}

func FuzzParseMonth(f *testing.F) {
	for _, s := range []string{"2026-11", "1970-01", "9999-12", "2026-13", "2026-1", "0000-00", "2026-11-23", ""} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		corpus.Each(t, price, s, func(s string) { _, _ = roster.ParseMonth(s) })
		m, err := roster.ParseMonth(s)
		if err != nil {
			return
		}
		if got := m.String(); got != s {
			t.Errorf("String of ParseMonth(%q): got %q, want it back", s, got)
		}
		if first := m.First(); first.InMonth() != m || first.Day != 1 {
			t.Errorf("the first of %s: got %s", m, first)
		}
	})
}

// An instant of a shift is on no other day than what was written, whatever the zone.
func FuzzClockTimeAndZone(f *testing.F) {
	for _, s := range [][2]string{
		{"09:00", "Europe/Berlin"}, {"23:59", "Pacific/Apia"}, {"00:00", "America/Sao_Paulo"}, {"24:00", "UTC"}, {"9:00", "Local"},
		{"-1:30", "../etc/passwd"}, {"09:00:00", "Etc/GMT+12"}, {"", "Europe/"}, {"٠٩:٠٠", "A\x00"},
	} {
		f.Add(s[0], s[1])
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, clock, name string) {
		corpus.Each(t, price, clock, func(s string) { _, _ = roster.ParseClockTime(s) })
		corpus.Each(t, price, name, func(s string) { _, _ = roster.ParseZone(s) })
		c, err := roster.ParseClockTime(clock)
		if err == nil && (c < 0 || c >= 24*60 || c.String() != clock) {
			t.Errorf("ParseClockTime(%q): got %d, %s", clock, c, c)
		}
		z, zoneErr := roster.ParseZone(name)
		if zoneErr != nil {
			return
		}
		if z.String() != name || z.Location() == time.Local {
			t.Errorf("ParseZone(%q): got %s", name, z)
		}
		if err != nil {
			return
		}
		for _, d := range []roster.Date{{Year: 2026, Month: 3, Day: 29}, {Year: 2026, Month: 10, Day: 25}, {Year: 2011, Month: 12, Day: 30}} {
			at := z.Instant(d, c)
			if shown := roster.DateOf(at); shown.Before(d) || d.AddDays(1).Before(shown) {
				t.Errorf("%s %s in %s: got %s", d, c, z, at)
			}
		}
	})
}

// Notes and reasons.
func FuzzParseNote(f *testing.F) {
	for _, s := range []string{"Ana swaps", "two\r\nlines", " \t", "\u202e", "\xff", "e\u0301", strings.Repeat("n", 281), "\u0000"} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		for what, parse := range map[string]func(string) (string, error){"ParseNote": roster.ParseNote, "ParseReason": roster.ParseReason} {
			corpus.Each(t, price, s, func(s string) { _, _ = parse(s) })
			note, err := parse(s)
			if err != nil {
				continue
			}
			if !utf8.ValidString(note) || utf8.RuneCountInString(note) > roster.MaxNote {
				t.Errorf("%s(%+q): got %+q", what, s, note)
			}
			if again, err := parse(note); err != nil || again != note {
				t.Errorf("%s of its own %+q: got %+q, %v, want the same", what, note, again, err)
			}
		}
	})
}

// The ids of changes and tokens, a token's text, and slugs.
func FuzzParseIDs(f *testing.F) {
	id, text := credential.NewTokenText("01ARZ3NDEKTSV4RRFFQ69G5FAV", [32]byte{1, 2, 3})
	for _, s := range []string{"01ARZ3NDEKTSV4RRFFQ69G5FAV", "01arz3ndektsv4rrffq69g5fav", "81ARZ3NDEKTSV4RRFFQ69G5FAV", "ana", "-", "", "roster_", text, text[1:], string(id)} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		corpus.Each(t, price, s, func(s string) {
			_, _ = roster.ParseChangeID(s)
			_, _ = roster.ParseTeamID(s)
			_, _, _ = credential.ParseTokenText(s)
		})
		if change, err := roster.ParseChangeID(s); err == nil && (len(change) != len(s) || change.MadeAt().IsZero()) {
			t.Errorf("ParseChangeID(%q): got %q of %s", s, change, change.MadeAt())
		}
		if team, err := roster.ParseTeamID(s); err == nil && (string(team) != s || len(s) > roster.MaxSlug) {
			t.Errorf("ParseTeamID(%q): got %q", s, team)
		}
		id, secret, err := credential.ParseTokenText(s)
		if err != nil {
			return
		}
		if credential.TokenPrefix+string(id)+"_"+secret != s {
			t.Errorf("ParseTokenText(%q): got %q and %q", s, id, secret)
		}
		if _, err := credential.ParseTokenID(string(id)); err != nil {
			t.Errorf("ParseTokenText(%q): got the id %q, %v", s, id, err)
		}
	})
}
