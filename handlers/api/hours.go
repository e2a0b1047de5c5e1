package api

import (
	"encoding/json"
	"errors"

	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// roleJSON is a roster.Role with its hours.
type roleJSON struct {
	ID    roster.RoleID `json:"id"`
	Name  string        `json:"name"`
	Hours []hoursJSON   `json:"hours,omitempty"`
}

func newRoleJSON(t *roster.Team, r roster.Role) roleJSON {
	return roleJSON{r.ID, r.Name, each(t.HoursOf(r.ID), newHoursJSON)}
}

// hoursJSON is a roster.Hours; an empty From is from the start, an empty Zone the team's.
type hoursJSON struct {
	From  roster.Date    `json:"from"`
	Zone  roster.Zone    `json:"zone"`
	Spans []hourSpanJSON `json:"spans"`
}

func newHoursJSON(h roster.Hours) hoursJSON {
	return hoursJSON{h.From, h.Zone, each(h.Spans, newHourSpanJSON)}
}

// hourSpanJSON is a roster.HourSpan.
type hourSpanJSON struct {
	Days roster.Weekdays  `json:"days"`
	From roster.ClockTime `json:"from"`
	To   roster.ClockTime `json:"to"`
}

func newHourSpanJSON(s roster.HourSpan) hourSpanJSON { return hourSpanJSON(s) }

// ratesJSON is a roster.Rates.
type ratesJSON struct {
	Currency string        `json:"currency"`
	Hour     roster.Amount `json:"hour"`
	Night    roster.Amount `json:"night"`
	Weekend  roster.Amount `json:"weekend"`
	Holiday  roster.Amount `json:"holiday"`
}

// newRatesJSON is nil for no rates.
func newRatesJSON(r roster.Rates) *ratesJSON {
	if r == (roster.Rates{}) {
		return nil
	}
	j := ratesJSON(r)
	return &j
}

// hoursBody is a roster.Hours that is sent.
type hoursBody struct {
	From  string         `json:"from"`
	Zone  string         `json:"zone"`
	Spans []hourSpanBody `json:"spans"`
}

// hourSpanBody is a roster.HourSpan that is sent.
type hourSpanBody struct {
	Days []string `json:"days"`
	From string   `json:"from"`
	To   string   `json:"to"`
}

// ratesBody is a roster.Rates that is sent.
type ratesBody ratesJSON

// parseHours reads the hours of a role, which are at a field.
func parseHours(data json.RawMessage, field string, errs *roster.FieldErrors) []roster.Hours {
	var bodies []hoursBody
	if err := decode(data, &bodies); err != nil {
		refused, _ := errors.AsType[roster.FieldErrors](err)
		for _, e := range refused {
			if e.Field != "" {
				e.Field = "." + e.Field
			}
			errs.Add(field+e.Field, e.Err)
		}
		return nil
	}
	all := make([]roster.Hours, len(bodies))
	for i, b := range bodies {
		all[i] = b.hours(web.FieldAt(field, i), errs)
	}
	return all
}

func (b hoursBody) hours(field string, errs *roster.FieldErrors) roster.Hours {
	h := roster.Hours{From: parsed(b.From, roster.ParseDate, true, field+".from", errs), Zone: parsed(b.Zone, roster.ParseZone, true, field+".zone", errs)}
	for i, s := range b.Spans {
		at := web.FieldAt(field+".spans", i)
		span := roster.HourSpan{From: parsed(s.From, roster.ParseClockTime, false, at+".from", errs), To: parsed(s.To, roster.ParseClockTime, false, at+".to", errs)}
		for _, name := range s.Days {
			day := parsed(name, roster.ParseWeekday, false, at+".days", errs)
			span.Days |= roster.WeekdaysOf(day)
		}
		h.Spans = append(h.Spans, span)
	}
	return h
}

// parsed reads a text at a field. It may be empty if optional: that is the zero value.
func parsed[T any](text string, parse func(string) (T, error), optional bool, field string, errs *roster.FieldErrors) T {
	var zero T
	if optional && text == "" {
		return zero
	}
	v, err := parse(text)
	if err != nil {
		errs.Add(field, err)
	}
	return v
}

func describeHoursAnswers(t *openapi.Types) {
	openapi.Name[roster.Amount](t, "Amount", &openapi.Schema{
		Type: "string", Pattern: `^[0-9]+(\.[0-9]{1,2})?$`, Description: "An amount of money, with at most two decimals.", Examples: []any{"12.50"},
	})
	openapi.Answered[hourSpanJSON](t, "HourSpan", "A time of day on which a role is on duty.", openapi.Notes{
		"days": {Text: "The days of the week on which it starts."},
		"from": {Text: "When it starts."},
		"to":   {Text: "When it ends. At or before `from`: on the next day."},
	})
	openapi.Answered[hoursJSON](t, "Hours", "When a role is on duty, from a date until the next hours.", openapi.Notes{
		"from":  {Text: "The first date. Empty for hours that hold from the start.", Schema: orEmpty("Date")},
		"zone":  {Text: "The time zone of the spans. Empty means the team's.", Schema: orEmpty("Zone")},
		"spans": {Text: "In order of the week. Empty means from hand-off to hand-off."},
	})
	openapi.Answered[roleJSON](t, "Role", "A role that somebody in the team holds on each day.", openapi.Notes{
		"name":  {Text: "The name."},
		"hours": {Text: "When the role is on duty, in order of dates. Missing if it always is."},
	})
	openapi.Answered[ratesJSON](t, "Rates", "What an hour on call is paid. An hour of several kinds is paid once, at the highest rate.", rateNotes("The currency: three capital letters."))
}

func rateNotes(currency string) openapi.Notes {
	return openapi.Notes{
		"currency": {Text: currency},
		"hour":     {Text: "For any hour."},
		"night":    {Text: "For an hour from 22:00 to 06:00 in the person's time zone."},
		"weekend":  {Text: "For an hour on Saturday or Sunday in the person's time zone."},
		"holiday":  {Text: "For an hour on a holiday of the team."},
	}
}

func describeHoursBodies(t *openapi.Types) {
	clock := func(text string) openapi.Note {
		return openapi.Note{Text: text, Must: true, Schema: openapi.SchemaAt("ClockTime")}
	}
	openapi.Sent[hourSpanBody](t, "HourSpanInput", "A time of day on which a role is on duty. The spans of a role cannot overlap.", openapi.Notes{
		"days": {Text: "The days of the week on which it starts.", Must: true, Schema: openapi.ListOf(openapi.SchemaAt("Weekday"))},
		"from": clock("When it starts."),
		"to":   clock("When it ends. At or before `from`: on the next day."),
	})
	openapi.Sent[hoursBody](t, "HoursInput", "When a role is on duty, from a date until the next hours.", openapi.Notes{
		"from":  {Text: "The first date: today or later. Empty is from the start, which is for new roles.", Schema: orEmpty("Date")},
		"zone":  {Text: "The time zone of the spans. If missing: the team's.", Schema: orEmpty("Zone")},
		"spans": {Text: "At most 14, and 4 on one day. Without any, the role is on duty from hand-off to hand-off."},
	})
	openapi.Sent[ratesBody](t, "RatesInput", "What an hour on call is paid. An hour of several kinds is paid once, at the highest rate.", rateNotes("The currency: three capital letters. Required if there is a rate."))
}
