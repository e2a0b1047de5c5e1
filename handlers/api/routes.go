package api

import (
	"slices"

	"dailyroster/handlers/web"
)

// Downloads are the same for programs, below APIPrefix.
func (s *Site) Downloads() []web.Route {
	return []web.Route{
		web.Get("/export", web.Administer, s.Exports.All).Costs(web.Lasting),
	}
}

// Routes is the part for programs, below APIPrefix.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Get("/oncall", web.Read, s.onCallAll).Costs(web.First),
		web.Get("/search", web.Read, s.search),
		web.Get("/coverage", web.Read, s.coverage).Costs(web.Heavy),
		web.Get("/cluster", web.Read, s.cluster),
		web.Get("/openapi.json", web.Read, s.description),

		web.Get("/teams", web.Read, s.teams),
		web.Post("/teams", web.Administer, s.makeTeam),
		web.Get("/teams/{team}", web.Read, s.team),
		web.Put("/teams/{team}", web.Edit, s.putTeam),
		web.Delete("/teams/{team}", web.Administer, s.removeTeam),

		web.Get("/teams/{team}/oncall", web.Read, s.onCall).Costs(web.First),
		web.Get("/teams/{team}/changes", web.Read, s.changes).Costs(web.Heavy),
		web.Post("/teams/{team}/fill", web.Edit, s.fill).Costs(web.Heavy),
		web.Post("/teams/{team}/undo", web.Edit, s.undo).Costs(web.Heavy),
		web.Get("/teams/{team}/fairness", web.Read, s.fairness).Costs(web.Heavy),
		web.Get("/teams/{team}/pay", web.Read, s.pay).Costs(web.Heavy),
		web.Get("/teams/{team}/pay.csv", web.Read, s.Exports.PayCSV).Costs(web.Heavy),
		web.Get("/teams/{team}/holidays", web.Read, s.holidays),
		web.Delete("/teams/{team}/holidays", web.Edit, s.removeHolidays),

		web.Get("/teams/{team}/days", web.Read, s.days).HeavyIf(web.IsLongRange),
		web.Get("/teams/{team}/days.csv", web.Read, s.Exports.DaysCSV).Costs(web.Heavy),
		web.Get("/teams/{team}/days.ics", web.Read, s.Exports.DaysCalendar).Costs(web.Heavy),
		web.Post("/teams/{team}/days", web.Edit, s.assign).Costs(web.Heavy),
		web.Get("/teams/{team}/days/{date}", web.Read, s.day),
		web.Put("/teams/{team}/days/{date}", web.Edit, s.putDay),
		web.Delete("/teams/{team}/days/{date}", web.Edit, s.clearDay),

		web.Get("/teams/{team}/exchanges", web.Read, s.exchanges),
		web.Post("/teams/{team}/exchanges", web.Edit, s.makeExchange),
		web.Get("/teams/{team}/exchanges/{exchange}", web.Read, s.exchange),
		web.Post("/teams/{team}/exchanges/{exchange}/{answer:agree|decline|withdraw}", web.AnswerExchange, s.answerExchange),

		web.Get("/people", web.Read, s.people).Costs(web.Heavy),
		web.Post("/people", web.EditPeople, s.makePerson),
		web.Get("/people/{person}", web.Read, s.person),
		web.Put("/people/{person}", web.EditPerson, s.putPerson),
		web.Delete("/people/{person}", web.EditPeople, s.removePerson).Costs(web.Heavy),
		web.Get("/people/{person}/shifts", web.Read, s.shifts).Costs(web.Heavy),
		web.Post("/people/{person}/deactivate", web.EditPeople, s.deactivate).Costs(web.Heavy),
		web.Post("/people/{person}/activate", web.EditPeople, s.activate).Costs(web.Heavy),
		web.Get("/people/{person}/absences", web.Read, s.absences),

		web.Get("/teams/{team}/tokens", web.EditInPerson, s.teamTokens),
		web.Post("/teams/{team}/tokens", web.EditInPerson, s.makeTeamToken),
		web.Delete("/teams/{team}/tokens/{token}", web.EditInPerson, s.revokeTeamToken),
		web.Get("/tokens", web.ReadInPerson, s.tokens),
		web.Post("/tokens", web.ReadInPerson, s.makeToken),
		web.Delete("/tokens/{token}", web.ReadInPerson, s.revokeToken),
	}
}

// Uploads take a calendar, text/calendar.
func (s *Site) Uploads() []web.Route {
	return []web.Route{
		web.Put("/teams/{team}/holidays", web.Edit, s.putHolidays).Costs(web.Heavy),
		web.Put("/people/{person}/absences", web.EditPerson, s.putAbsences).Costs(web.Heavy),
	}
}

// describedRoutes are all routes of the API.
func (s *Site) describedRoutes() []web.Route {
	return slices.Concat(s.Routes(), s.Uploads(), s.Downloads())
}
