package ical

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/teambition/rrule-go"
	"pgregory.net/rapid"

	"dailyroster/roster"
)

// A rule that is followed a period or a condition at a time gives what the library gives
// when it follows all of it from the start.
func TestRuleIsTheLibrarys(t *testing.T) {
	some := func(t *rapid.T, name string, from []string) string {
		if !rapid.Bool().Draw(t, "has "+name) {
			return ""
		}
		picked := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 1, 4, rapid.ID[string]).Draw(t, name)
		return ";" + name + "=" + strings.Join(picked, ",")
	}
	weekdays := []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
	nth := []string{"1MO", "-1TU", "5WE", "-5TH", "FR", "2SA", "SU"}
	rapid.Check(t, func(t *rapid.T) {
		freq := rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq")
		text := "FREQ=" + freq + fmt.Sprintf(";INTERVAL=%d;WKST=%s", rapid.IntRange(1, 5).Draw(t, "interval"), rapid.SampledFrom(weekdays).Draw(t, "wkst"))
		text += some(t, "BYMONTH", []string{"1", "2", "3", "6", "9", "12"})
		switch freq {
		case "DAILY":
			text += some(t, "BYDAY", weekdays) + some(t, "BYMONTHDAY", []string{"1", "15", "31", "-1", "-31", "29"})
		case "WEEKLY":
			text += some(t, "BYDAY", weekdays)
		case "MONTHLY":
			text += some(t, "BYDAY", nth) + some(t, "BYMONTHDAY", []string{"1", "15", "31", "-1", "-31", "29"}) + some(t, "BYSETPOS", []string{"1", "2", "-1", "31"})
		default:
			text += some(t, "BYDAY", nth) + some(t, "BYMONTHDAY", []string{"1", "15", "31", "-1", "-31", "29"}) + some(t, "BYSETPOS", []string{"1", "2", "-1", "31"}) + some(t, "BYYEARDAY", []string{"1", "100", "366", "-366", "-1"})
			if !strings.Contains(text, "BYDAY") {
				text += some(t, "BYWEEKNO", []string{"1", "20", "52", "53", "-1", "-53"})
			}
		}
		if rapid.Bool().Draw(t, "counted") {
			text += fmt.Sprintf(";COUNT=%d", rapid.IntRange(1, 300).Draw(t, "count"))
		}
		begin := roster.Date{Year: 2015, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 5000).Draw(t, "start"))
		first, last := today, today.AddDays(1000)
		option, err := rrule.StrToROption(text)
		if err != nil {
			t.Fatal(err)
		}
		start := moment{date: begin, clock: 22 * time.Hour, zone: time.UTC}
		option.Dtstart = start.written()
		whole, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		var want []roster.Date
		n := 0
		for next, at := whole.Iterator(), option.Dtstart; ; {
			d := roster.DateOf(at)
			n++
			if last.Before(d) || option.Count > 0 && n > option.Count {
				break
			}
			if !d.Before(first) {
				want = append(want, d)
			}
			later, more := next()
			if more && later.Equal(option.Dtstart) {
				later, more = next()
			}
			if !more {
				break
			}
			at = later
		}
		r, err := parseRule(text, start)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		left := maxLooks
		got, err := r.days(first, last, &left)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%s from %s: got %v, %v, want %v", text, begin, got, err, want)
		}
	})
}
