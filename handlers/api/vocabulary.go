package api

import (
	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"strconv"
	"time"
)

// describeValues names the schemas of values that have no fields.
func describeValues(t *openapi.Types) {
	slug := func(what string) *openapi.Schema {
		return &openapi.Schema{
			Type: "string", Pattern: "^[a-z0-9-]{1," + strconv.Itoa(roster.MaxSlug) + "}$",
			Description: "The id of a " + what + ": a–z, 0–9 and hyphens. It never changes.",
		}
	}
	openapi.Name[roster.TeamID](t, "TeamID", slug("team"))
	openapi.Name[roster.PersonID](t, "PersonID", slug("person"))
	openapi.Name[roster.RoleID](t, "RoleID", slug("team's role"))
	openapi.Name[roster.RotationID](t, "RotationID", slug("team's rotation"))
	const ulid = "[0-7][0-9A-HJKMNP-TV-Z]{25}"
	openapi.Name[roster.ChangeID](t, "ChangeID", &openapi.Schema{
		Type: "string", Pattern: "^" + ulid + "$",
		Description: "The id of one change: a ULID. It is also the revision of what it changed.",
	})
	t.Add("Revision", &openapi.Schema{
		Type: "string", Pattern: "^(" + ulid + ")?$",
		Description: "The id of the last change; empty before the first.",
	})
	openapi.Name[roster.Date](t, "Date", &openapi.Schema{
		Type: "string", Format: "date", Description: "A date of the team's zone.", Examples: []any{"2026-11-23"},
	})
	openapi.Name[roster.ClockTime](t, "ClockTime", &openapi.Schema{
		Type: "string", Pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", Description: "A wall-clock time.", Examples: []any{"09:00"},
	})
	openapi.Name[roster.Zone](t, "Zone", &openapi.Schema{
		Type: "string", Description: "The name of a time zone of the IANA.", Examples: []any{"Europe/Berlin"},
	})
	openapi.Answered[roster.Seat](t, "Seat", "A role of a day.", nil)
	openapi.Name[time.Time](t, "Instant", &openapi.Schema{
		Type: "string", Format: "date-time", Description: "An instant with its offset from UTC (RFC 3339).", Examples: []any{"2026-11-23T09:00:00+01:00"},
	})
	var days []any
	for w := roster.Monday; w <= roster.Sunday; w++ {
		days = append(days, w.String())
	}
	openapi.Name[roster.Weekday](t, "Weekday", &openapi.Schema{Type: "string", Enum: days, Description: "A day of the week."})
	openapi.Name[roster.Weekdays](t, "Weekdays", &openapi.Schema{
		Type: "array", Items: openapi.SchemaAt("Weekday"), Description: "Days of the week.",
	})
}

// textSchema is a text of at most that many characters.
func textSchema(most int) *openapi.Schema { return &openapi.Schema{Type: "string", MaxLength: most} }

// orEmpty is the schema of that name, or the empty text.
func orEmpty(name string) *openapi.Schema {
	return &openapi.Schema{AnyOf: []*openapi.Schema{openapi.SchemaAt(name), {Const: ""}}}
}

// numberSchema is a number of a query.
func numberSchema(least, most, fallback int) *openapi.Schema {
	return &openapi.Schema{Type: "integer", Minimum: &least, Maximum: &most, Default: fallback}
}

// problemKind is one of the problems that the API answers with.
type ProblemKind struct {
	Kind desk.Kind // after ProblemType
	Text string
}

func (p ProblemKind) Status() int { return web.StatusOf(p.Kind) }

// ProblemKinds are all there are, in order of their statuses.
func ProblemKinds() []ProblemKind {
	return []ProblemKind{
		{web.KindBadRequest, "A value of the path, the query or a header is not what it claims to be, or the body is not JSON."},
		{web.KindNotSignedIn, "Nobody is signed in. Programs send a token."},
		{desk.KindBadToken, "There is no such token."},
		{desk.KindEndedToken, "The token has expired or was revoked."},
		{desk.KindForbidden, "The caller may not do this; detail says who may."},
		{web.KindNotByToken, "Only a person who is signed in may do this, and no token."},
		{web.KindCrossOrigin, "A browser sent the write from another site."},
		{desk.KindNotFound, "There is no such team, person or change, or no such address."},
		{web.KindMethodNotAllowed, "The address does not know the method; the header Allow has those that it knows."},
		{desk.KindUndoBlocked, "Later changes stand in the way of undoing all; with partly the rest is undone."},
		{desk.KindExchangeClosed, "The exchange waits for no answer: it is done, or over."},
		{desk.KindExchangeLapsed, "The exchange is no longer possible: a seat has changed hands, or its day is over."},
		{desk.KindPast, "Only today and later days can be swapped, taken or given."},
		{desk.KindStale, "Someone else's edit came first: the revision that If-Match or the body states is not the last."},
		{web.KindExists, "With If-None-Match: * there was something already."},
		{web.KindTooLarge, "The body is larger than 64 KiB, or a calendar than 1 MiB."},
		{web.KindInvalid, "Some values were refused; errors names each field and says why."},
		{desk.KindKeyReused, "The Idempotency-Key came with another edit before."},
		{web.KindTooMany, "Too many requests by one caller, or more at once than can be served, or too many tokens that do not exist from one address. Try again after the seconds that Retry-After says."},
		{web.KindUnavailable, "The store cannot answer for now. Try again after the seconds that Retry-After says; the same edit with the same Idempotency-Key is done once."},
		{web.KindTooSlow, "The request took longer than one may. Ask for less at once, or try again after the seconds that Retry-After says; the same edit with the same Idempotency-Key is done once."},
	}
}
