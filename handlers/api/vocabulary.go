package api

import (
	"strconv"
	"time"

	"dailyroster/desk"
	"dailyroster/handlers/openapi"
	"dailyroster/handlers/web"
	"dailyroster/roster"
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
		Description: "The id of a change, a ULID. It becomes the revision of what it changes.",
	})
	t.Add("Revision", &openapi.Schema{
		Type: "string", Pattern: "^(" + ulid + ")?$",
		Description: "The id of the last change. Empty before the first.",
	})
	openapi.Name[roster.Date](t, "Date", &openapi.Schema{
		Type: "string", Format: "date", Description: "A date in the team's time zone.", Examples: []any{"2026-11-23"},
	})
	openapi.Name[roster.ClockTime](t, "ClockTime", &openapi.Schema{
		Type: "string", Pattern: "^([01][0-9]|2[0-3]):[0-5][0-9]$", Description: "A wall-clock time.", Examples: []any{"09:00"},
	})
	openapi.Name[roster.Zone](t, "Zone", &openapi.Schema{
		Type: "string", Description: "An IANA time zone.", Examples: []any{"Europe/Berlin"},
	})
	openapi.Answered[seatJSON](t, "Seat", "A role of a day.", nil)
	openapi.Name[time.Time](t, "Instant", &openapi.Schema{
		Type: "string", Format: "date-time", Description: "An instant, with its offset from UTC (RFC 3339).", Examples: []any{"2026-11-23T09:00:00+01:00"},
	})
	openapi.Answered[shiftJSON](t, "Shift", "The time that belongs to a day, in the team's time zone.", openapi.Notes{
		"start": {Text: "The hand-off on this date."},
		"end":   {Text: "The hand-off on the next date. This instant itself belongs to the next day."},
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

// numberSchema is a number of a query, from 1.
func numberSchema(most, fallback int) *openapi.Schema {
	return &openapi.Schema{Type: "integer", Minimum: new(1), Maximum: &most, Default: fallback}
}

// problemKind is one of the problems that the API answers with.
type ProblemKind struct {
	Kind desk.Kind // after ProblemType
	Text string
}

// Status is the status of the answer.
func (p ProblemKind) Status() int { return web.StatusOf(p.Kind) }

// ProblemKinds are all there are, in order of their statuses.
func ProblemKinds() []ProblemKind {
	return []ProblemKind{
		{web.KindBadRequest, "A value in the path, the query or a header is malformed, or the body is not JSON."},
		{web.KindNotSignedIn, "The caller is not signed in. Programs send a token."},
		{desk.KindBadToken, "The token does not exist."},
		{desk.KindEndedToken, "The token has expired or was revoked."},
		{desk.KindForbidden, "The caller is not allowed to do this. `detail` says who is."},
		{web.KindNotByToken, "Only a person who is signed in can do this, not a token."},
		{web.KindCrossOrigin, "A browser sent the request from another site."},
		{desk.KindNotFound, "The team, person, change or address does not exist."},
		{web.KindMethodNotAllowed, "The address does not support the method. The header `Allow` lists those that it supports."},
		{desk.KindUndoBlocked, "Later changes prevent the undo. With `partly`, the rest is undone."},
		{desk.KindExchangeClosed, "The exchange does not wait for an answer. It is done or has ended."},
		{desk.KindExchangeLapsed, "The exchange is no longer possible. Somebody else holds one of the shifts, or its day is over."},
		{desk.KindPast, "Past days cannot be swapped, taken or given."},
		{desk.KindStale, "Somebody else's edit came first. The revision in `If-Match` or the body is not the current one."},
		{web.KindExists, "The request has `If-None-Match: *`, but something is there already."},
		{web.KindTooLarge, "The body is larger than 64 KiB, or the calendar is larger than 1 MiB."},
		{web.KindMisdirected, "The site does not have the name in `Host`."},
		{web.KindInvalid, "Some values were refused. `errors` lists each field, with the reason."},
		{desk.KindKeyReused, "The `Idempotency-Key` was already used for another edit."},
		{web.KindTooMany, "The caller sent too many requests, or more at once than can be served, or too many invalid tokens came from one address. `Retry-After` says how many seconds to wait."},
		{web.KindUnavailable, "The store cannot answer right now. `Retry-After` says how many seconds to wait. An edit that is sent again with the same `Idempotency-Key` takes effect once."},
		{web.KindTooSlow, "The request took longer than a request may. Ask for less at once. `Retry-After` says how many seconds to wait. An edit that is sent again with the same `Idempotency-Key` takes effect once."},
	}
}
