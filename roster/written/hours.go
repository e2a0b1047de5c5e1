// Package written reads what people write of a roster in a line of text, and writes it so.
package written

import (
	"strings"

	"dailyroster/roster"
	"dailyroster/words/said"
)

// HourSpans reads spans of hours as people write them: one on each line, the days and then
// the time, such as mon-fri 08:00-20:00. Days can be ranges, lists of days (mon, wed), and
// every day, weekdays or weekends; without days it is every day. Case does not matter. An empty
// text is no spans. The error names the line that it could not read.
func HourSpans(text string) ([]roster.HourSpan, error) {
	var spans []roster.HourSpan
	for line := range strings.Lines(strings.NewReplacer("–", "-", ";", "\n").Replace(text)) {
		line = strings.ToLower(strings.TrimSpace(line))
		if line == "" {
			continue
		}
		if len(spans) == roster.MaxHourSpans {
			return nil, said.New("a role has at most %d spans of hours", roster.MaxHourSpans)
		}
		span, ok := parseHourSpan(line)
		if !ok {
			return nil, said.New("%.40q is not a span of hours; write it like mon-fri 08:00-20:00", line)
		}
		spans = append(spans, span)
	}
	return spans, nil
}

// parseHourSpan reads one line in lower case.
func parseHourSpan(line string) (roster.HourSpan, bool) {
	days, times := "", line
	if at := strings.LastIndexAny(strings.ReplaceAll(line, " - ", "---"), " \t"); at >= 0 {
		days, times = line[:at], line[at+1:]
	}
	from, to, both := strings.Cut(times, "-")
	span := roster.HourSpan{Days: roster.EveryDay}
	var errFrom, errTo error
	span.From, errFrom = parseTimeOfDay(strings.TrimSpace(from))
	span.To, errTo = parseTimeOfDay(strings.TrimSpace(to))
	if !both || errFrom != nil || errTo != nil {
		return roster.HourSpan{}, false
	}
	if days = strings.TrimSpace(days); days != "" {
		set, err := Weekdays(days)
		if err != nil {
			return roster.HourSpan{}, false
		}
		span.Days = set
	}
	return span, true
}

// parseTimeOfDay is roster.ParseClockTime for what people type: 8:00 and 24:00 too.
func parseTimeOfDay(s string) (roster.ClockTime, error) {
	switch {
	case s == "24:00":
		return 0, nil
	case len(s) == len("8:00"):
		s = "0" + s
	}
	return roster.ParseClockTime(s)
}

// HourSpansText is the form that HourSpans reads, a line for each span.
func HourSpansText(spans []roster.HourSpan) string {
	lines := make([]string, len(spans))
	for i, s := range spans {
		lines[i] = s.String()
	}
	return strings.Join(lines, "\n")
}
