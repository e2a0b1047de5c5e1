package written_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"dailyroster/roster"
	"dailyroster/roster/written"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestHourSpans(t *testing.T) {
	t.Parallel()
	clock := func(s string) roster.ClockTime { return must(roster.ParseClockTime(s)) }
	workday := roster.HourSpan{Days: roster.MonToFri, From: clock("08:00"), To: clock("20:00")}
	night := roster.HourSpan{Days: roster.EveryDay, From: clock("20:00"), To: clock("08:00")}
	for text, want := range map[string][]roster.HourSpan{
		"":                                      nil,
		" \n\n":                                 nil,
		"mon-fri 08:00-20:00":                   {workday},
		"Mon–Fri 8:00–20:00":                    {workday},
		"weekdays 08:00-20:00\r\n":              {workday},
		"Monday - Friday 08:00 - 20:00":         {workday},
		"mon tue wed, thu,fri 8:00-20:00":       {workday},
		"20:00-08:00":                           {night},
		"every day 20:00-08:00":                 {night},
		"fri-mon 00:00-24:00":                   {{Days: roster.WeekdaysOf(roster.Friday, roster.Saturday, roster.Sunday, roster.Monday)}},
		"mon-fri 08:00-20:00; daily 20:00-8:00": {workday, night},
	} {
		got, err := written.HourSpans(text)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: got %v, %v, want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"mon-fri", "08:00", "mon 08:00-25:00", "someday 08:00-09:00", "mon- 08:00-09:00", ", 08:00-09:00", "mon 08:00-09:00-10:00", "mon-fri 8-20"} {
		if got, err := written.HourSpans(text); err == nil {
			t.Errorf("%q: got %v, want an error", text, got)
		}
	}
}

// What is written is read again as the same.
func TestHourSpansText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		spans := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) roster.HourSpan {
			minutes := rapid.IntRange(0, 24*60-1)
			return roster.HourSpan{
				Days: roster.Weekdays(rapid.IntRange(1, int(roster.EveryDay)).Draw(t, "days")),
				From: roster.ClockTime(minutes.Draw(t, "from")), To: roster.ClockTime(minutes.Draw(t, "to")),
			}
		}), 0, roster.MaxHourSpans).Draw(t, "spans")
		got, err := written.HourSpans(written.HourSpansText(spans))
		if err != nil || !slices.Equal(got, spans) {
			t.Fatalf("got %v, %v, want %v", got, err, spans)
		}
	})
}
