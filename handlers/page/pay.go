package page

import (
	"net/http"
	"strings"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
	"dailyroster/words"
	"dailyroster/words/said"
)

// payPage answers GET /teams/{team}/pay?from=&to=.
func (s *Site) payPage(w http.ResponseWriter, r *http.Request) error {
	paid, err := s.PayRequest(r)
	if err != nil {
		return err
	}
	return s.showPay(w, r, http.StatusOK, paid, views.TeamForm{Values: ratesValues(paid.Team)})
}

func (s *Site) showPay(w http.ResponseWriter, r *http.Request, status int, paid web.Paid, form views.TeamForm) error {
	frame := s.Frame(r, words.T(r.Context(), "Pay of %s", paid.Team.Name), paid.Team)
	if r.URL.Query().Has("saved") && status == http.StatusOK {
		s.Saved(r, &frame, words.T(r.Context(), "Saved."), views.TeamURL(paid.Team.ID), paid.Team.Base())
	}
	page := views.PayPage{Team: paid.Team, From: paid.From, To: paid.To, Pay: paid.Pay, Names: paid.Names, Form: form, May: frame.May.Edit}
	return shell.Render(w, r, status, views.Pay(frame, page))
}

// ratesValues are the form's fields as they are.
func ratesValues(team *roster.Team) map[string]string {
	values := map[string]string{"revision": string(team.Base())}
	if r := team.Rates; r != (roster.Rates{}) {
		values["currency"], values["hour"], values["night"] = r.Currency, r.Hour.String(), r.Night.String()
		values["weekend"], values["holiday"] = r.Weekend.String(), r.Holiday.String()
	}
	return values
}

// saveRates answers POST /teams/{team}/pay: 303 to the report, 409 or 422 the form with what
// the person typed. A kind of hour without a rate of its own is paid like any hour.
func (s *Site) saveRates(w http.ResponseWriter, r *http.Request) error {
	team, fields, err := s.TeamForm(r)
	if err != nil {
		return err
	}
	changed, errs := *team, roster.FieldErrors{}
	changed.Rates = roster.Rates{Currency: strings.ToUpper(strings.TrimSpace(fields.Get("currency")))}
	amount := func(name string, without roster.Amount) roster.Amount {
		text := strings.ReplaceAll(strings.TrimSpace(fields.Get(name)), ",", ".")
		if text == "" {
			return without
		}
		a, err := roster.ParseAmount(text)
		if err != nil {
			errs.Add(name, err)
		}
		return a
	}
	rates := &changed.Rates
	rates.Hour = amount("hour", 0)
	rates.Night, rates.Weekend, rates.Holiday = amount("night", rates.Hour), amount("weekend", rates.Hour), amount("holiday", rates.Hour)
	if err = errs.Err(); err == nil {
		err = s.PutTeam(w, r, team, changed, roster.Revision(fields.Get("revision")))
	}
	if back, ok := shell.SendBack(shell.AtFields(err, rateField), *team, said.New("the settings")); ok {
		form := views.TeamForm{Values: shell.FirstValues(fields), Errors: back.Errors}
		form.Values["revision"] = string(back.Now.Revision)
		paid, err := s.PayRequest(r)
		if err != nil {
			return err
		}
		return s.showPay(w, r, back.Status, paid, form)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, views.PayURL(team.ID, "saved", "yes"), http.StatusSeeOther)
	return nil
}

// rateField is the form's name of a refused field of a team.
func rateField(field string) string {
	switch list, rate, _ := strings.Cut(field, "."); {
	case list == "rates":
		return rate
	case rate == "" && (list == "hour" || list == "night" || list == "weekend" || list == "holiday"):
		return list
	default:
		return ""
	}
}
