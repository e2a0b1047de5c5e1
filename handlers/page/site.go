// Package page is the part of the site for people: pages, and the fragments of them that
// htmx asks for. Each works without JavaScript too.
package page

import (
	"dailyroster/assets"
	"dailyroster/handlers/api"
	"dailyroster/handlers/export"
	"dailyroster/handlers/live"
	"dailyroster/handlers/web"
	"dailyroster/intake/fetch"
	"dailyroster/views"
)

// Site serves the pages.
type Site struct {
	*web.Gate
	Exports *export.Site
	API     *api.Site // whose description has a page
	Hub     *live.Hub
	Pages   *fetch.Fetcher // of wikis
	Files   views.Assets
	// Stopping is closed when streams are to end.
	Stopping <-chan struct{}
}

// FilesOf are the addresses of the files that pages need.
func FilesOf(set *assets.Set) views.Assets {
	return views.Assets{
		Style: set.URL(assets.Style), Script: set.URL(assets.Script), Grid: set.URL(assets.Grid), Icon: set.URL(assets.Icon),
		HTMX: set.URL(assets.HTMX), SSE: set.URL(assets.SSE),
	}
}
