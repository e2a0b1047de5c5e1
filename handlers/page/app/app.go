// Package app is what makes the site an app on a phone or a desk: its keys, how it is installed,
// and what it shows without a network.
package app

import (
	"encoding/json"
	"net/http"

	"dailyroster/handlers/page/shell"
	"dailyroster/handlers/web"
	"dailyroster/views"
	"dailyroster/words"
)

// Site serves what belongs to the app itself and to no team.
type Site struct {
	*shell.Shell
	// Worker is the script of the service worker. It is served at the top of the site, as a
	// worker reaches no further than its own path.
	Worker []byte
}

// Routes are the routes of the app.
func (s *Site) Routes() []web.Route {
	return []web.Route{
		web.Get("/keys", web.Open, s.keysPage),
		web.Get("/offline", web.Open, s.offlinePage),
		web.Get("/manifest.webmanifest", web.Open, s.manifest).Costs(web.First),
		web.Get("/sw.js", web.Open, s.worker).Costs(web.First),
	}
}

// keysPage answers GET /keys: the page of all keys, or for htmx what its dialog shows.
func (s *Site) keysPage(w http.ResponseWriter, r *http.Request) error {
	if shell.WantsFragment(r) {
		return shell.Render(w, r, http.StatusOK, views.KeyList())
	}
	return shell.Render(w, r, http.StatusOK, views.KeysPage(s.Frame(r, words.T(r.Context(), "Keys"), nil)))
}

// offlinePage answers GET /offline: what the service worker shows where it keeps no page.
func (s *Site) offlinePage(w http.ResponseWriter, r *http.Request) error {
	return shell.Render(w, r, http.StatusOK, views.OfflinePage(s.Frame(r, words.T(r.Context(), "Offline"), nil)))
}

// worker answers GET /sw.js. Browsers ask again for each visit, so that a new version of the
// program has its own at once.
func (s *Site) worker(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
	_, _ = w.Write(s.Worker) // a browser that went away is no one's error
	return nil
}

// manifest answers GET /manifest.webmanifest: how the site is installed as an app (W3C Web
// Application Manifest).
func (s *Site) manifest(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose,omitempty"`
	}
	type shortcut struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	body, err := json.Marshal(struct {
		Name        string     `json:"name"`
		ShortName   string     `json:"short_name"`
		Description string     `json:"description"`
		Lang        string     `json:"lang"`
		ID          string     `json:"id"`
		StartURL    string     `json:"start_url"`
		Scope       string     `json:"scope"`
		Display     string     `json:"display"`
		Theme       string     `json:"theme_color"`
		Background  string     `json:"background_color"`
		Icons       []icon     `json:"icons"`
		Shortcuts   []shortcut `json:"shortcuts"`
	}{
		Name: "Daily Roster", ShortName: "Roster", Description: words.T(ctx, "Who is on call, now and on any day."),
		Lang: words.Of(ctx).Tag(), ID: "/", StartURL: "/", Scope: "/", Display: "standalone",
		Theme: views.ThemeLight, Background: views.ThemeLight,
		Icons: []icon{
			{s.Files.Icon, "any", "image/svg+xml", "any"},
			{s.Files.AppIcons.Small, "192x192", "image/png", "any"},
			{s.Files.AppIcons.Large, "512x512", "image/png", "any"},
			{s.Files.AppIcons.Mask, "512x512", "image/png", "maskable"},
		},
		Shortcuts: []shortcut{{words.T(ctx, "Teams"), "/teams"}, {words.T(ctx, "Wall"), "/wall"}},
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/manifest+json")
	w.Header().Add("Vary", "Accept-Language")
	_, _ = w.Write(body) // a browser that went away is no one's error
	return nil
}
