package views

import (
	"context"
	"fmt"

	"dailyroster/roster/tally"
	"dailyroster/words"
)

// share is n of all as a length in an SVG drawing, which is as wide as its place.
func share(n, all int) string {
	if all == 0 {
		return "0%"
	}
	return fmt.Sprintf("%.4g%%", 100*float64(n)/float64(all))
}

// longest is the most days that anybody has: the length of the plot.
func (p FairnessPage) longest() int {
	most := 0
	for _, row := range p.Table.Rows {
		most = max(most, row.Total.Days)
	}
	return most
}

// tallest is the most days that anybody has in one period.
func (p FairnessPage) tallest() int {
	most := 0
	for _, row := range p.Table.Rows {
		for _, c := range row.Counts {
			most = max(most, c.Days)
		}
	}
	return most
}

// average is the days of a person when all are shared evenly.
func (p FairnessPage) average() float64 {
	sum := 0
	for _, row := range p.Table.Rows {
		sum += row.Total.Days
	}
	return float64(sum) / float64(len(p.Table.Rows))
}

func (p FairnessPage) averageAt() string {
	return fmt.Sprintf("%.4g%%", 100*p.average()/float64(max(p.longest(), 1)))
}

// what says in a few words what the page counts.
func (p FairnessPage) what(ctx context.Context) string {
	role := words.T(ctx, "All roles")
	if p.Role != "" {
		role = p.Team.RoleName(p.Role)
	}
	first, last := p.Table.Periods[0].From, p.Table.Periods[len(p.Table.Periods)-1].To
	return role + ", " + words.T(ctx, "%s to %s", words.Date(ctx, first, "2 January 2006"), words.Date(ctx, last, "2 January 2006"))
}

// countText is a count in words.
func countText(ctx context.Context, c tally.Count) string {
	if c.Days == 0 {
		return words.T(ctx, "none")
	}
	text := words.N(ctx, c.Days, "%d day", "%d days")
	if c.Weekend > 0 {
		text += ", " + words.T(ctx, "%d at weekends", c.Weekend)
	}
	if c.Holidays > 0 {
		text += ", " + words.N(ctx, c.Holidays, "%d on a holiday", "%d on holidays")
	}
	return text
}

func grainName(ctx context.Context, g tally.Grain) string {
	switch g {
	case tally.ByMonth:
		return words.T(ctx, "month")
	case tally.ByQuarter:
		return words.T(ctx, "quarter")
	case tally.ByYear:
		return words.T(ctx, "year")
	case tally.ByRange:
	}
	return words.T(ctx, "the whole range")
}

// periodName is the name of a period of the calendar, or the days of a shortened period.
func periodName(ctx context.Context, by tally.Grain, p tally.Period) string {
	if by.Contains(p.From) != p {
		return words.Date(ctx, p.From, "2 Jan") + " – " + words.Date(ctx, p.To, "2 Jan 2006")
	}
	switch by {
	case tally.ByMonth:
		return words.Date(ctx, p.From, "Jan 2006")
	case tally.ByQuarter:
		return fmt.Sprintf("Q%d %d", (p.From.Month+2)/3, p.From.Year)
	default:
		return fmt.Sprint(p.From.Year)
	}
}
