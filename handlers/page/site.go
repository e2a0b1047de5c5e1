// Package page is the part of the site for people: pages, and the fragments that htmx asks
// for. Every page also works without JavaScript.
package page

import (
	"dailyroster/assets"
	"dailyroster/handlers/api"
	"dailyroster/handlers/export"
	"dailyroster/handlers/live"
	"dailyroster/handlers/page/shell"
	"dailyroster/intake/fetch"
	"dailyroster/views"
)

// Site serves the pages.
type Site struct {
	*shell.Shell
	Exports *export.Site
	API     *api.Site // its description has a page
	Hub     *live.Hub
	Pages   *fetch.Fetcher // fetches wiki pages
	// Stopping is closed when streams must end.
	Stopping <-chan struct{}
}

// FilesOf returns the URLs of the files that pages need.
func FilesOf(set *assets.Set) views.Assets {
	return views.Assets{
		Style: set.URL(assets.Style), Script: set.URL(assets.Script), Grid: set.URL(assets.Grid), Chips: set.URL(assets.Chips), Wall: set.URL(assets.Wall), Icon: set.URL(assets.Icon),
		HTMX: set.URL(assets.HTMX), SSE: set.URL(assets.SSE), Icons: set.URL(assets.Icons),
		AppIcons: views.AppIcons{
			Small: set.URL(assets.AppSmall), Large: set.URL(assets.AppLarge), Mask: set.URL(assets.AppMask), Apple: set.URL(assets.AppApple),
		},
	}
}
