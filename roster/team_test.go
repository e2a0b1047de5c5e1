package roster_test

import (
	"fmt"
	"testing"

	"dailyroster/roster"
)

func TestTeamValidate(t *testing.T) {
	t.Parallel()
	roles := func(ids ...roster.RoleID) (roles []roster.Role) {
		for _, id := range ids {
			roles = append(roles, roster.Role{ID: id, Name: "A role"})
		}
		return roles
	}
	settings := func(from ...string) (settings []roster.Settings) {
		for _, s := range from {
			in := roster.Settings{Zone: roster.UTC()}
			if s != "" {
				in.From = date(s)
			}
			settings = append(settings, in)
		}
		return settings
	}
	var tooMany []string
	for i := range roster.MaxSettings {
		tooMany = append(tooMany, date("2026-11-23").AddDays(i).String())
	}
	tests := []struct {
		name   string
		change func(*roster.Team)
		want   string
	}{
		{"as it is", func(*roster.Team) {}, ""},
		{"id", func(t *roster.Team) { t.ID = "Ops" }, "id"},
		{"name", func(t *roster.Team) { t.Name = "" }, "name"},
		{"no roles", func(t *roster.Team) { t.Roles = nil }, "roles"},
		{"8 roles", func(t *roster.Team) { t.Roles = roles("a", "b", "c", "d", "e", "f", "g", "h") }, ""},
		{"9 roles", func(t *roster.Team) { t.Roles = roles("a", "b", "c", "d", "e", "f", "g", "h", "i") }, "roles"},
		{"a role twice", func(t *roster.Team) { t.Roles = roles("a", "b", "a") }, "roles.2"},
		{"a role's id", func(t *roster.Team) { t.Roles = roles("a", "B") }, "roles.1"},
		{"a role's name", func(t *roster.Team) { t.Roles[0].Name = "\u200b" }, "roles.0"},
		{"a role named as the form's note", func(t *roster.Team) { t.Roles = roles("note") }, "roles.0"},
		{"a role named as the form's revision", func(t *roster.Team) { t.Roles = roles("a", "revision") }, "roles.1"},
		{"no settings", func(t *roster.Team) { t.Settings = nil }, "settings"},
		{"50 settings", func(t *roster.Team) { t.Settings = settings(append([]string{""}, tooMany[1:]...)...) }, ""},
		{"51 settings", func(t *roster.Team) { t.Settings = settings(append([]string{""}, tooMany...)...) }, "settings"},
		{"no zone", func(t *roster.Team) { t.Settings[0].Zone = roster.Zone{} }, "settings.0.zone"},
		{"hand-off 24:00", func(t *roster.Team) { t.Settings[0].HandOff = 24 * 60 }, "settings.0.handOff"},
		{"hand-off before midnight", func(t *roster.Team) { t.Settings[0].HandOff = -1 }, "settings.0.handOff"},
		{"first settings dated", func(t *roster.Team) { t.Settings = settings("2026-11-23") }, "settings.0.from"},
		{"second settings undated", func(t *roster.Team) { t.Settings = settings("", "") }, "settings.1.from"},
		{"settings in disorder", func(t *roster.Team) { t.Settings = settings("", "2026-11-24", "2026-11-23") }, "settings.2.from"},
		{"settings twice a day", func(t *roster.Team) { t.Settings = settings("", "2026-11-23", "2026-11-23") }, "settings.2.from"},
		{
			"everything", func(t *roster.Team) { *t = roster.Team{Settings: []roster.Settings{{HandOff: -1}}} },
			"id name roles settings.0.zone settings.0.handOff",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			team := teamIn("Europe/Berlin", "09:00")
			tt.change(team)
			checkFields(t, team.Validate(), tt.want)
		})
	}
	team := teamIn("UTC", "09:00")
	team.Name, team.Roles[0].Name = " Ops ", "First  responder"
	if err := team.Validate(); err != nil || team.Name != "Ops" || team.Roles[0].Name != "First responder" {
		t.Errorf("Validate: got %q and %q, %v, want the names tidied", team.Name, team.Roles[0].Name, err)
	}
	if !team.HasRole("secondary") || team.HasRole("driver") {
		t.Errorf("HasRole: got %t and %t, want secondary only", team.HasRole("secondary"), team.HasRole("driver"))
	}
}

func TestFieldErrors(t *testing.T) {
	t.Parallel()
	var errs roster.FieldErrors
	if err := errs.Err(); err != nil {
		t.Errorf("Err of none: got %v, want nil", err)
	}
	errs.Add("name", fmt.Errorf("the name is empty"))
	errs.Add("zone", fmt.Errorf("the time zone is missing"))
	if got, want := errs.Err().Error(), "name: the name is empty; zone: the time zone is missing"; got != want {
		t.Errorf("Error: got %q, want %q", got, want)
	}
	if got, want := errs.For("zone").Error(), "the time zone is missing"; got != want {
		t.Errorf("For(zone): got %q, want %q", got, want)
	}
	if got := errs.For("id"); got != nil {
		t.Errorf("For(id): got %v, want none", got)
	}
}
