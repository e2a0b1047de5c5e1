package handlers_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// maxForm is the most bytes of a body that is no upload.
const maxForm = 64 << 10

// body is what a request sends into a world.
type body func(*testing.T, *fullCompany, world) string

// sends is a body that is the same for every world, but for what stands in braces.
func sends(what string) body {
	return func(*testing.T, *fullCompany, world) string { return what }
}

// lines are as many of the lines that line gives, in order, as fit into so many bytes.
func lines(most int, separator string, line func(i int) string) string {
	var b strings.Builder
	for i := 0; ; i++ {
		next := line(i)
		if b.Len()+len(next)+len(separator) > most {
			return b.String()
		}
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(next)
	}
}

// seatsOf are the seats of a year of a full team, one after the other.
func seatsOf(i int) roster.Seat {
	return roster.Seat{Date: companyDay.AddDays(1 + i/roster.MaxRoles), Role: roster.RoleID(fmt.Sprintf("role-%d", i%roster.MaxRoles))}
}

// assignments is a body of POST days that says of as many seats as fit who has them: a person
// there is, or one whom it makes.
func assignments(person func(i int) string) body {
	return sends(`{"days":[` + lines(maxForm-20, ",", func(i int) string {
		return fmt.Sprintf(`{"date":%q,"role":%q,"person":%q}`, seatsOf(i).Date, seatsOf(i).Role, person(i))
	}) + `]}`)
}

func knownPerson(i int) string { return fmt.Sprintf("t-%04d-%d", i%900, i%10) }
func newPerson(i int) string   { return fmt.Sprintf("N%d", i) }

// spreadsheetOf is a table of all the roles of a full team, for almost two years.
func spreadsheetOf(person func(i int) string) string {
	rows := []string{"Date"}
	for i := range roster.MaxRoles {
		rows[0] += "," + longName(fmt.Sprintf("Role %d", i))
	}
	for i := range 700 {
		row := companyDay.AddDays(1 + i).String()
		for role := range roster.MaxRoles {
			row += "," + person(i*roster.MaxRoles+role)
		}
		rows = append(rows, row)
	}
	return strings.Join(rows, "\n")
}

// previews is a form with a table.
func previews(table string) body { return sends(url.Values{"text": {table}}.Encode()) }

// imports is the form of a preview of the table, which imports it.
func imports(person func(i int) string) body {
	return func(t *testing.T, c *fullCompany, w world) string {
		t.Helper()
		preview := func() *httptest.ResponseRecorder {
			return c.send(t, 0, "POST /teams/{team}/import", previews(spreadsheetOf(person))(t, c, w), w, c.headers(t, 0, memberOfAll, w))
		}
		sent := preview()
		if sent.Code == http.StatusGatewayTimeout { // of a machine that was busy with something else
			sent = preview()
		}
		fields := importForm(t, answer{t, "the preview", sent}.want(http.StatusOK).html())
		fields.Set("do", "import")
		return fields.Encode()
	}
}

// uploadBoundary separates the parts of a form with a file.
const uploadBoundary = "a-boundary"

// uploads is a form with a calendar as its file.
func uploads(calendar string) body {
	return sends("--" + uploadBoundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.ics\"\r\n\r\n" + calendar + "\r\n--" + uploadBoundary + "--\r\n")
}

var (
	asUpload   = [2]string{"Content-Type", "multipart/form-data; boundary=" + uploadBoundary}
	asCalendar = [2]string{"Content-Type", "text/calendar"}
	asHTMX     = [2]string{"HX-Request", "true"}
	asStream   = [2]string{"Accept", "text/event-stream"}
)

// pasted is a form of the grid, with names for a year.
func pasted(*testing.T, *fullCompany, world) string {
	names := make([]string, 366)
	for i := range names {
		names[i] = knownPerson(i)
	}
	return url.Values{"role": {"role-0"}, "from": {companyDay.AddDays(1).String()}, "names": {strings.Join(names, "\n")}}.Encode()
}

// tickedForm is a form in which everything of a preview is ticked that fits. Net/url takes ten
// thousand fields, so that many short ones are no more.
func tickedForm(item func(i int) string) body {
	return sends(lines(web.MaxUpload-100, "&", func(i int) string { return "take=" + url.QueryEscape(item(i)) }))
}

func aHoliday(i int) string {
	return fmt.Sprintf(`{"date":%q,"name":"Day %d of many that have a name of some length"}`, companyDay.AddDays(i%700), i)
}

func anAbsence(i int) string {
	return fmt.Sprintf(`{"from":%q,"to":%q,"note":"Away, as so often","event":"e-%d"}`, companyDay.AddDays(i%700), companyDay.AddDays(i%700+1), i)
}

// settings are those of a full team, with another name.
func settings(t *testing.T, c *fullCompany, w world) string {
	roles := make([]string, roster.MaxRoles)
	for i := range roles {
		roles[i] = longName(fmt.Sprintf("Role %d", i))
	}
	return form("name", "Renamed", "zone", "UTC", "handOff", "09:00", "roles", strings.Join(roles, ","), "from", "2026-11-25", "keepFilled", "52", "revision", "{team-revision}")(t, c, w)
}

// hoursOf is the form of hours with as many roles and spans as a team can have, of which one is
// given.
func hoursOf(span string) body {
	fields := []string{"from", "2026-11-25", "revision", "{team-revision}"}
	for i := range roster.MaxRoles {
		spans := make([]string, roster.MaxHourSpans)
		for j := range spans {
			spans[j] = fmt.Sprintf("%s %02d:%02d-%02d:%02d", roster.Weekday(j/2+1), 12*(j%2)+1, i, 12*(j%2)+11, i)
		}
		spans[i] = roster.Weekday(i/2+1).String() + " " + span
		name := fmt.Sprintf("roles.%d.", i)
		fields = append(fields, name+"id", fmt.Sprintf("role-%d", i), name+"name", fmt.Sprintf("Role %d", i), name+"zone", "Pacific/Chatham", name+"hours", strings.Join(spans, "\n"))
	}
	return form(fields...)
}

// rotation is the form of a rotation with these people.
func rotation(people string) body {
	return form("name", "Crew", "id", "role-0-week", "role", "role-0", "daysPerTurn", "1", "from", "2026-11-24", "people", people, "weekday", "mon", "revision", "{team-revision}")
}

// repeating is a calendar that is as large as an upload can be, of events that happen as often
// as is read.
func repeating() string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" + lines(web.MaxUpload-500, "\r\n", func(i int) string {
		return fmt.Sprintf("BEGIN:VEVENT\r\nUID:%d\r\nDTSTART;VALUE=DATE:20250101\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=%d\r\nSUMMARY:%d\r\nEND:VEVENT", i, i%28+1, i)
	}) + "\r\nEND:VCALENDAR\r\n"
}

// fullTeamBody is a team with all that fits into a request.
func fullTeamBody(_ *testing.T, _ *fullCompany, w world) string {
	team, _ := fullTeam(w.team)
	encoded, err := json.Marshal(map[string]any{"name": team.Name, "holidays": team.Holidays, "editors": team.Editors, "keepFilled": team.KeepFilled})
	if err != nil {
		panic(err)
	}
	return string(encoded)
}

// fullPersonBody is a person with all the absences that there can be.
func fullPersonBody(*testing.T, *fullCompany, world) string {
	absences := make([]string, roster.MaxAbsences)
	for i := range absences {
		from := companyDay.AddDays(i * 3)
		absences[i] = fmt.Sprintf(`{"from":%q,"to":%q,"note":%q}`, from, from.AddDays(1), strings.Repeat("ž", 110))
	}
	return `{"name":"{fresh}","absences":[` + strings.Join(absences, ",") + `]}`
}

// form is a form's fields in pairs, encoded but for what stands in braces.
func form(pairs ...string) body {
	parts := make([]string, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		value := pairs[i+1]
		if !strings.HasPrefix(value, "{") {
			value = url.QueryEscape(value)
		}
		parts = append(parts, pairs[i]+"="+value)
	}
	return sends(strings.Join(parts, "&"))
}
