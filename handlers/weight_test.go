package handlers_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"strings"
	"testing"
)

const (
	// maxPage is what a page of 35 days may weigh, in bytes, and what it may take to answer
	// it, in allocations of the server.
	maxPage            = 30_000
	maxPageAllocations = 1500
)

// What a page weighs and takes depends on what it shows, not on how many people there are.
func TestWeightOfRosterPage(t *testing.T) {
	for name, s := range map[string]*site{"a small company": newSite(t), "2,000 people": siteOf(t, 2000)} {
		fillWeeks(t, s)
		page := func() answer { return s.send(t, "GET", "/teams/ops?from=2026-11-23&days=35", "").want(http.StatusOK) }
		bytes := page().Body.Len()
		allocations := testing.AllocsPerRun(10, func() { page() })
		t.Logf("%s: %d bytes, at most %d; %.0f allocations, at most %d", name, bytes, maxPage, allocations, maxPageAllocations)
		if bytes > maxPage {
			t.Errorf("%s: the page has %d bytes, want at most %d", name, bytes, maxPage)
		}
		if name == "a small company" && allocations > maxPageAllocations {
			t.Errorf("%s: the page takes %.0f allocations, want at most %d", name, allocations, maxPageAllocations)
		}
	}
}

// maxFirstView is what a first view of the roster may weigh, in bytes over the wire:
// the page, its style, scripts and icon, compressed, with all headers.
const maxFirstView = 40_000

func TestWeightOfFirstView(t *testing.T) {
	s := newSite(t)
	fillWeeks(t, s)
	server := httptest.NewServer(s)
	defer server.Close()
	paths := []string{"/"}
	doc := s.send(t, "GET", "/", "").want(http.StatusOK).html()
	for _, what := range [][2]string{{"link[rel=stylesheet]", "href"}, {"link[rel=icon]", "href"}} {
		paths = append(paths, attr(doc, what[0], what[1]))
	}
	icons, _, _ := strings.Cut(attr(doc, "svg use", "href"), "#")
	paths = append(paths, icons)
	for _, script := range doc.Find("script[src]").EachIter() {
		src, _ := script.Attr("src")
		paths = append(paths, src)
	}
	if len(paths) != 7 {
		t.Fatalf("a first view loads %q, want the page and six files", paths)
	}
	total := 0
	for _, path := range paths {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Accept-Encoding", "gzip")
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		head, err := httputil.DumpResponse(res, false)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s: got %d, %v", path, res.StatusCode, err)
		}
		t.Logf("%6d bytes  %s", len(head)+len(body), path)
		total += len(head) + len(body)
	}
	t.Logf("%6d bytes in all, at most %d", total, maxFirstView)
	if total > maxFirstView {
		t.Errorf("a first view weighs %d bytes, want at most %d", total, maxFirstView)
	}
}
