package page

import (
	"dailyroster/handlers/web"
	"dailyroster/signin"
)

// Routes are the routes of the part of the site for people.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Get("/teams", web.Read, s.teamsPage).Costs(web.Heavy),
		web.Post("/teams", web.Administer, s.makeTeam),
		web.Get("/teams/{team}", web.Read, s.rosterPage).HeavyIf(isLong),
		web.Get("/teams/{team}/grid", web.Read, s.gridPage),
		web.Post("/teams/{team}/grid", web.Edit, s.setDays).Costs(web.Heavy),
		web.Get("/teams/{team}/grid/table", web.Read, s.gridTable),
		web.Get("/teams/{team}/oncall", web.Read, s.onCallBanner).Costs(web.First).HeavyIf(isLong),
		web.Get("/teams/{team}/fairness", web.Read, s.fairnessPage).Costs(web.Heavy),
		web.Get("/teams/{team}/fairness.csv", web.Read, s.Exports.FairnessCSV).Costs(web.Heavy),
		web.Get("/teams/{team}/pay", web.Read, s.payPage).Costs(web.Heavy),
		web.Post("/teams/{team}/pay", web.Edit, s.saveRates).Costs(web.Heavy),
		web.Get("/teams/{team}/pay.csv", web.Read, s.Exports.PayCSV).Costs(web.Heavy),
		web.Get("/teams/{team}/people", web.Read, s.membersPage).Costs(web.Heavy),
		web.Get("/teams/{team}/holidays", web.Read, s.holidaysPage),
		web.Get("/teams/{team}/import", web.Read, s.importPage),
		web.Get("/teams/{team}/days.csv", web.Read, s.Exports.DaysCSV).Costs(web.Heavy),
		web.Get("/teams/{team}/days.ics", web.Read, s.Exports.DaysCalendar).Costs(web.Heavy),
		web.Get("/teams/{team}/settings", web.Read, s.settingsPage),
		web.Post("/teams/{team}/settings", web.Edit, s.saveSettings),
		web.Post("/teams/{team}/take-back", web.Edit, s.takeTeamBack),
		web.Get("/teams/{team}/hours", web.Read, s.hoursPage),
		web.Post("/teams/{team}/hours", web.Edit, s.saveHours),
		web.Post("/teams/{team}/remove", web.Administer, s.removeTeam),

		web.Get("/teams/{team}/days/{date}", web.Read, s.dayRow).HeavyIf(isLong),
		web.Get("/teams/{team}/days/{date}/edit", web.Edit, s.dayForm).HeavyIf(isLong),
		web.Put("/teams/{team}/days/{date}", web.Edit, s.saveDay).HeavyIf(isLong),
		web.Post("/teams/{team}/days/{date}", web.Edit, s.postDay).HeavyIf(isLong),
		web.Delete("/teams/{team}/days/{date}", web.Edit, s.clearDay).HeavyIf(isLong),

		web.Get("/teams/{team}/days/{date}/exchange", web.Edit, s.exchangePage),
		web.Post("/teams/{team}/exchanges", web.Edit, s.postExchange),
		web.Post("/teams/{team}/exchanges/{exchange}", web.AnswerExchange, s.answerExchange),

		web.Get("/me", web.Read, s.mePage).Costs(web.Heavy),
		web.Post("/me", web.Read, s.chooseMe),
		web.Post("/me/forget", web.Read, s.forgetMe),

		web.Get("/search", web.Read, s.searchPage),
		web.Get("/people", web.Read, s.peoplePage).Costs(web.Heavy),
		web.Post("/people", web.EditPeople, s.addPerson),
		web.Get("/people/suggestions", web.Read, s.suggestions),
		web.Get("/people/{person}", web.Read, s.personPage).Costs(web.Heavy),
		web.Post("/people/{person}", web.EditPerson, s.savePerson),
		web.Post("/people/{person}/take-back", web.EditPerson, s.takePersonBack),
		web.Get("/people/{person}/contact.vcf", web.Read, s.personCard),
		web.Post("/people/{person}/absences", web.EditPerson, s.addAbsence),
		web.Post("/people/{person}/absences/remove", web.EditPerson, s.removeAbsence),
		web.Get("/people/{person}/deactivate", web.EditPeople, s.deactivatePage).Costs(web.Heavy),
		web.Post("/people/{person}/deactivate", web.EditPeople, s.deactivatePerson).Costs(web.Heavy),
		web.Get("/people/{person}/deactivated", web.EditPeople, s.deactivatedPage).Costs(web.Heavy),
		web.Post("/people/{person}/activate", web.EditPeople, s.activatePerson).Costs(web.Heavy),
		web.Get("/people/{person}/calendar", web.EditPerson, s.calendarPage),
		web.Post("/people/{person}/remove", web.EditPeople, s.removePerson).Costs(web.Heavy),

		web.Get("/teams/{team}/tokens", web.EditInPerson, s.teamTokensPage),
		web.Post("/teams/{team}/tokens", web.EditInPerson, s.makeTeamToken),
		web.Post("/teams/{team}/tokens/{token}/revoke", web.EditInPerson, s.revokeTeamToken),
		web.Get("/tokens", web.ReadInPerson, s.tokensPage),
		web.Post("/tokens", web.ReadInPerson, s.makeOwnToken),
		web.Post("/tokens/{token}/revoke", web.ReadInPerson, s.revokeOwnToken),

		web.Get(web.FeedPrefix+"{secret}"+web.FeedSuffix, web.Open, s.Exports.Feed).Costs(web.Heavy), // the secret in the path lets the caller in
		web.Get("/teams/{team}/feeds", web.EditInPerson, s.teamFeedsPage),
		web.Post("/teams/{team}/feeds", web.EditInPerson, s.makeTeamFeed),
		web.Post("/teams/{team}/feeds/{feed}/revoke", web.EditInPerson, s.revokeTeamFeed),
		web.Get("/people/{person}/feeds", web.PersonFeeds, s.personFeedsPage),
		web.Post("/people/{person}/feeds", web.PersonFeeds, s.makePersonFeed),
		web.Post("/people/{person}/feeds/{feed}/revoke", web.PersonFeeds, s.revokePersonFeed),

		web.Get("/signin", web.Open, s.signIn),
		web.Get(signin.CallbackPath, web.Open, s.signInCallback),
		web.Post("/signout", web.Open, s.signOut),
		web.Post("/signout/everywhere", web.ReadInPerson, s.signOutEverywhere),
		web.Post("/signouts", web.Administer, s.signOutSomebody),
		web.Get("/signed-out", web.Open, s.signedOut),

		web.Get("/wall", web.ReadByAddress, s.wallPage).Costs(web.First),
		web.Get("/coverage", web.Read, s.coveragePage).Costs(web.Heavy),
		web.Get("/coverage.csv", web.Read, s.Exports.CoverageCSV).Costs(web.Heavy),
		web.Get("/cluster", web.Read, s.clusterPage),
		web.Get("/api", web.Read, s.apiPage),
	}
}

// Uploads are the routes of forms that send a file, or what was chosen from one.
func (s *Site) Uploads() []web.Route {
	return []web.Route{
		web.Post("/teams/{team}/import", web.Edit, s.previewImport).Costs(web.Heavy),
		web.Post("/teams/{team}/holidays", web.Edit, s.uploadHolidays).Costs(web.Heavy),
		web.Post("/teams/{team}/holidays/remove", web.Edit, s.removeHolidays),
		web.Post("/people/{person}/calendar", web.EditPerson, s.uploadCalendar).Costs(web.Heavy),
	}
}

// Streams are the routes whose answers go on until the caller leaves.
func (s *Site) Streams() []web.Route {
	return []web.Route{
		web.Get("/teams/{team}/events", web.Read, s.events).Costs(web.Lasting),
	}
}

// Downloads are the routes that send everything, which may take long.
func (s *Site) Downloads() []web.Route {
	return []web.Route{
		web.Get("/export.jsonl", web.Administer, s.Exports.All).Costs(web.Lasting),
	}
}
