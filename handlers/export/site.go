// Package export gives out the roster as files: CSV for spreadsheets, calendars once or as a
// feed (RFC 5545), and everything that is kept as lines of JSON.
package export

import "dailyroster/handlers/web"

// Site serves the files, below pages and API alike.
type Site struct{ *web.Gate }
