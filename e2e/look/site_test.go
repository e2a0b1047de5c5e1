package look

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"dailyroster/assets"
	"dailyroster/handlers"
	"dailyroster/handlers/web"
	"dailyroster/intake/fetch"
	"dailyroster/roster"
	"dailyroster/store/bolt"
)

// today is the day on which everything here is seen: a Wednesday, at 10:00 in Berlin.
const today = "2026-11-25"

// inDays is a date so many days after today.
func inDays(t testing.TB, n int) string {
	t.Helper()
	day, err := time.Parse(time.DateOnly, today)
	if err != nil {
		t.Fatal(err)
	}
	return day.AddDate(0, 0, n).Format(time.DateOnly)
}

// site is the whole site on a store of its own. Its clock stands still.
type site struct {
	t   testing.TB
	url string
	at  atomic.Pointer[time.Time]
}

// newSite is a site without people.
func newSite(t testing.TB) *site {
	t.Helper()
	s, err := bolt.Open(filepath.Join(t.TempDir(), "roster.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	pages, err := fetch.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := roster.ParseZone("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	made := &site{t: t}
	made.set("10:00")
	server := httptest.NewServer(handlers.New(t.Context(), handlers.Config{
		Store: s, Assets: files, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Now: func() time.Time { return *made.at.Load() }, Random: &steady{from: rand.NewChaCha8([32]byte{1})},
		Instance: "test-instance", Version: "test", Zone: berlin, Pages: pages,
		Limits: web.Limits{Work: time.Minute}, Site: "https://roster.example.org",
	}))
	t.Cleanup(func() {
		server.CloseClientConnections() // of streams, which would keep it waiting
		server.Close()
	})
	made.url = server.URL
	return made
}

// steady gives the same bytes in each run.
type steady struct {
	mu   sync.Mutex
	from *rand.ChaCha8
}

func (r *steady) Read(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.from.Read(p)
}

// set says what time of today it is.
func (s *site) set(clock string) {
	s.t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		s.t.Fatal(err)
	}
	at, err := time.ParseInLocation(time.DateOnly+" 15:04", today+" "+clock, berlin)
	if err != nil {
		s.t.Fatal(err)
	}
	s.at.Store(&at)
}

// call sends JSON to the API.
func (s *site) call(method, path string, body any) {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.url+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusMultipleChoices {
		said, _ := io.ReadAll(res.Body)
		s.t.Fatalf("%s %s: got %d %s", method, path, res.StatusCode, said)
	}
}

// fields is the body of a request.
type fields map[string]any

// filled is a site with two teams and six people: weeks filled by rotations, what was
// changed by hand, gaps, a note, people away, a holiday, and a swap that waits.
func filled(t testing.TB) *site {
	t.Helper()
	s := newSite(t)
	s.set("08:30")
	people := []string{"Ana Ruiz", "Bo Chen", "Chioma Okafor", "Dmitri Volkov", "Élodie Brûlé", "Farid Haddad"}
	ids := []string{"ana-ruiz", "bo-chen", "chioma-okafor", "dmitri-volkov", "elodie-brule", "farid-haddad"}
	for i, name := range people {
		s.call("POST", "/people", fields{"id": ids[i], "name": name, "email": ids[i] + "@example.com", "phone": "+49 30 123456" + string(rune('0'+i))})
	}
	week := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	rotation := func(name, role string, order []string) fields {
		version := fields{"from": "2026-11-09", "weekdays": week, "daysPerTurn": 7, "people": order}
		return fields{"id": role, "role": role, "name": name, "versions": []fields{version}}
	}
	s.call("POST", "/teams", fields{"id": "daily-roster", "name": "Payments"})
	s.call("PUT", "/teams/daily-roster", fields{
		"name": "Payments", "agreeFirst": true,
		"rotations": []fields{rotation("Weeks", "primary", ids), rotation("Backup", "secondary", append(ids[3:len(ids):len(ids)], ids[:3]...))},
	})
	s.call("POST", "/teams", fields{"id": "search", "name": "Search"})
	s.call("POST", "/teams/daily-roster/fill", fields{"from": "2026-11-09", "to": inDays(t, 60), "why": "The first plan"})
	s.set("09:10")
	s.call("PUT", "/teams/daily-roster/days/"+inDays(t, 3), fields{"assignments": fields{"primary": "farid-haddad", "secondary": "dmitri-volkov"}, "note": "Release day"})
	s.call("PUT", "/teams/daily-roster/days/"+inDays(t, 16), fields{"assignments": fields{"primary": nil, "secondary": "farid-haddad"}})
	for n := range 5 {
		s.call("PUT", "/teams/search/days/"+inDays(t, n), fields{"assignments": fields{"primary": ids[n], "secondary": ids[n+1]}})
	}
	s.set("09:40")
	s.call("PUT", "/people/elodie-brule", fields{
		"name": "Élodie Brûlé", "email": "elodie-brule@example.com", "phone": "+49 30 1234564",
		"absences": []fields{{"from": inDays(t, 12), "to": inDays(t, 14), "note": "on leave"}},
	})
	s.call("POST", "/teams/daily-roster/exchanges", fields{
		"kind": "swap",
		"seat": fields{"date": inDays(t, 6), "role": "primary"}, "with": fields{"date": inDays(t, 20), "role": "primary"},
	})
	s.set("10:00")
	return s
}
