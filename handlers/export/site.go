// Package export serves the roster as files: CSV for spreadsheets, calendars to save or to
// subscribe to (RFC 5545), and everything that the store keeps as lines of JSON.
package export

import "dailyroster/handlers/web"

// Site serves the files, for pages and API alike.
type Site struct{ *web.Gate }
