package page

import (
	"net/http"
	"net/url"
	"strconv"

	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/views"
)

// viewAt is the view that the query asks for if the date is in it, else one that begins at the
// date.
func viewAt(q url.Values, d roster.Date) (views.View, error) {
	view, err := queryView(q, d)
	if err == nil && (d.Before(view.From) || view.To().Before(d)) {
		view = views.View{From: d, Days: roster.DefaultDays}
	}
	return view, err
}

// isLong reports whether a request asks for more days than usual.
func isLong(r *http.Request) bool {
	days, err := strconv.Atoi(r.URL.Query().Get("days"))
	return err == nil && days > web.UsualDays
}

// queryView is the range of days that ?from= and ?days= ask for, by default from start and
// roster.DefaultDays long.
func queryView(q url.Values, start roster.Date) (views.View, error) {
	v := views.View{From: start, Days: roster.DefaultDays}
	if from := q.Get("from"); from != "" {
		d, err := roster.ParseDate(from)
		if err != nil {
			return v, web.BadRequest("from: %v", err)
		}
		v.From = d
	}
	if days := q.Get("days"); days != "" {
		n, err := strconv.Atoi(days)
		if err != nil || n < 1 || n > desk.MaxDays {
			return v, web.BadRequest("days: %q is not a number from 1 to %d", days, desk.MaxDays)
		}
		v.Days = n
	}
	if v.To().Year > roster.MaxYear {
		return v, web.BadRequest("the range ends after the year %d", roster.MaxYear)
	}
	return v, nil
}
