package roster_test

import (
	"slices"
	"strings"
	"testing"

	"dailyroster/roster"
	"dailyroster/roster/tally"
)

func TestParseNote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                             "",
		" \r\n\t ":                     "",
		" moving house \n":             "moving house",
		"one\r\ntwo\n\tthree":          "one\ntwo\n\tthree",
		"Zoe\u0308":                    "Zo\u00eb",
		strings.Repeat("ü", 280):       strings.Repeat("ü", 280),
		strings.Repeat("a\r\n", 140):   strings.TrimSpace(strings.Repeat("a\n", 140)),
		strings.Repeat("a", 280) + " ": strings.Repeat("a", 280),
		"👩\u200d🚒 早":                   "👩\u200d🚒 早",
	} {
		got, err := roster.ParseNote(in)
		if err != nil || got != want {
			t.Errorf("ParseNote(%+q): got %+q, %v, want %+q", in, got, err, want)
		}
		if again, err := roster.ParseNote(got); err != nil || again != got {
			t.Errorf("ParseNote of its own %+q: got %+q, %v, want the same", got, again, err)
		}
	}
	for in, want := range map[string]string{
		strings.Repeat("ü", 281): "the text has 281 characters; at most 280 fit",
		"one\rtwo":               "the text has control characters",
		"a\x00b":                 "the text has control characters",
		"a\u202eb":               "the text has control characters",
		"\xff":                   "the text is not valid UTF-8",
	} {
		if got, err := roster.ParseNote(in); err == nil || err.Error() != want {
			t.Errorf("ParseNote(%+q): got %+q, error %v, want error %q", in, got, err, want)
		}
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	days := plan{"primary": {"ana", "", "ana"}, "secondary": {"", "", "bo"}, "driver": {"", "", ""}}.days("2026-11-23")
	got := tally.Gaps(teamIn("UTC", "09:00"), []roster.Day{days(date("2026-11-23")), days(date("2026-11-24")), days(date("2026-11-25"))})
	want := []tally.Gap{
		{Date: date("2026-11-23"), Role: "secondary"},
		{Date: date("2026-11-24"), Role: "primary"},
		{Date: date("2026-11-24"), Role: "secondary"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("Gaps: got %v, want %v", got, want)
	}
}

func TestDayClone(t *testing.T) {
	t.Parallel()
	day := roster.Day{Date: date("2026-11-23"), Assignments: map[roster.RoleID]roster.PersonID{"primary": "ana"}}
	clone := day.Clone()
	if !clone.Same(day) {
		t.Errorf("Clone: got %v, want %v", clone, day)
	}
	clone.Assignments["primary"] = "bo"
	if got := day.Assignments["primary"]; got != "ana" || clone.Same(day) {
		t.Errorf("the day after its clone was altered: got %q, want %q", got, "ana")
	}
}
