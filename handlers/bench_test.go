package handlers_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dailyroster/roster"
)

// Each benchmark asks the site over a loopback connection, and in the same run a bare
// net/http handler that answers as many bytes; "x-bare" is the ratio of their times.
// The allocations are those of the site, the server and the client together.
func BenchmarkRosterPage(b *testing.B) {
	benchmark(b, func(int) (method, path, body string) { return "GET", "/teams/ops?from=2026-11-23&days=35", "" })
}

func BenchmarkRowFragment(b *testing.B) {
	benchmark(b, func(int) (method, path, body string) { return "GET", day + inView, "" })
}

func BenchmarkOnCallJSON(b *testing.B) {
	benchmark(b, func(int) (method, path, body string) { return "GET", "/api/v1/teams/ops/oncall", "" })
}

// A save is written to disk before it is answered.
func BenchmarkSave(b *testing.B) {
	benchmark(b, func(i int) (method, path, body string) { return "PUT", apiDay, fmt.Sprintf(`{"note":"%d"}`, i) })
}

func benchmark(b *testing.B, request func(i int) (method, path, body string)) {
	s := newSite(b)
	fillWeeks(b, s)
	site := httptest.NewServer(s)
	defer site.Close()
	method, path, body := request(-1)
	answer := ask(b, method, site.URL+path, body)
	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(answer)
	}))
	defer bare.Close()
	b.ReportAllocs()
	n := 0
	begun := time.Now()
	for b.Loop() {
		method, path, body := request(n)
		ask(b, method, site.URL+path, body)
		n++
	}
	perSite := time.Since(begun) / time.Duration(n)
	b.StopTimer()
	begun = time.Now()
	for i := range n {
		method, _, body := request(i)
		ask(b, method, bare.URL, body)
	}
	perBare := time.Since(begun) / time.Duration(n)
	b.ReportMetric(float64(perSite)/float64(perBare), "x-bare")
	b.ReportMetric(float64(len(answer)), "bytes")
}

// ask sends a request as a program would that takes no compressed answers.
func ask(b *testing.B, method, url, body string) []byte {
	req, err := http.NewRequestWithContext(b.Context(), method, url, strings.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(res.Body); err != nil || res.StatusCode != http.StatusOK {
		b.Fatalf("%s %s: got %d, %v, %s", method, url, res.StatusCode, err, answer.String())
	}
	return answer.Bytes()
}

// fillWeeks makes a roster of twelve weeks with six people, as a real team has.
func fillWeeks(t testing.TB, s *site) {
	t.Helper()
	people := []string{"Ana Ruiz", "Bo Chen", "Chidi Okafor", "Dana Šimůnek", "Eun-ji Lee", "Farid Haddad"}
	first := roster.Date{Year: 2026, Month: 11, Day: 23}
	for i := range 12 * 7 {
		week := i / 7
		s.send(t, "PUT", "/api/v1/teams/ops/days/"+first.AddDays(i).String(), fmt.Sprintf(
			`{"assignments":{"primary":%q,"secondary":%q},"note":%q}`, people[week%6], people[(week+1)%6], strings.Repeat("note ", i%7/6),
		)).want(http.StatusOK)
	}
}
