package handlers_test

import (
	"path/filepath"

	"dailyroster/store/bolt"
)

// askStart asks a site on which nobody has begun, as its first visitors do.
func askStart(r *record) {
	data, err := bolt.Open(filepath.Join(r.t.TempDir(), "empty.db"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = data.Close() })
	s := siteWith(r.t, data, r.dice)
	const change = "&change=01ARZ3NDEKTSV4RRFFQ69G5FAV"
	r.to(s, "GET", "/", "")
	r.to(s, "GET", "/", "", "Accept-Language", "de")
	r.to(s, "POST", "/teams/ops/start", "name="+change)
	r.to(s, "GET", "/example", "")
	r.to(s, "POST", "/example/remove", "")
	r.to(s, "POST", "/example", "")
	r.to(s, "GET", "/example", "")
	r.to(s, "GET", "/", "")
	r.to(s, "GET", "/teams/example-team?days=2", "")
	r.to(s, "POST", "/teams/ops/start", "name=Priya+Nair"+change)
	r.to(s, "POST", "/example/remove", "")
	r.to(s, "GET", "/example?removed=5", "")
	r.to(s, "GET", "/?days=2", "")
}
