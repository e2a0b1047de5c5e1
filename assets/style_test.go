package assets

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// TestEveryStyleIsInTheSheet: a file that nobody listed would change no page, and nobody
// would see why.
func TestEveryStyleIsInTheSheet(t *testing.T) {
	entries, err := fs.ReadDir(files, "css")
	if err != nil {
		t.Fatal(err)
	}
	var there []string
	for _, e := range entries {
		there = append(there, e.Name())
	}
	listed := slices.Sorted(slices.Values(styleFiles()))
	if !slices.Equal(listed, there) {
		t.Errorf("got %q listed, want what is in css, each once: %q", listed, there)
	}
}

// TestStyleIsOneFile asks for the sheet as a page does: it is one file, each of its parts
// is in it whole, and the parts stand in the order of the list.
func TestStyleIsOneFile(t *testing.T) {
	set, err := New()
	if err != nil {
		t.Fatal(err)
	}
	url := set.URL(Style)
	if !strings.HasPrefix(url, Prefix+"roster.") || !strings.HasSuffix(url, ".css") {
		t.Errorf("got the URL %q, want %sroster.<hash>.css", url, Prefix)
	}
	for other := range set.byURL {
		if strings.HasSuffix(other, ".css") && other != url {
			t.Errorf("got a second style sheet, %s; want one", other)
		}
	}

	w := httptest.NewRecorder()
	set.ServeHTTP(w, httptest.NewRequest(http.MethodGet, url, http.NoBody))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/css") {
		t.Fatalf("got %d and %q, want 200 and text/css", w.Code, w.Header().Get("Content-Type"))
	}
	rest := w.Body.Bytes()
	for _, name := range styleFiles() {
		part, err := small("css/" + name)
		if err != nil {
			t.Fatal(err)
		}
		before, after, found := bytes.Cut(rest, part)
		if !found || len(bytes.TrimSpace(before)) > 0 {
			t.Fatalf("got %q before css/%s (found: %v), want it to follow the file before it", before, name, found)
		}
		rest = after
	}
	if len(rest) > 0 {
		t.Errorf("got %q after the last file, want nothing", rest)
	}
}

// TestNarrowScreensComeAfterWhatTheyChange holds the parts of the order that a page's look
// hangs on.
func TestNarrowScreensComeAfterWhatTheyChange(t *testing.T) {
	for _, pair := range [][2]string{
		{"days.css", "days-narrow.css"},
		{"swaps.css", "narrow.css"},
		{"fairness.css", "narrow.css"},
		{"coverage.css", "narrow.css"},
		{"grid.css", "grid-narrow.css"},
		{"narrow.css", "media.css"},
		{"grid-narrow.css", "media.css"},
	} {
		if first, then := slices.Index(styleFiles(), pair[0]), slices.Index(styleFiles(), pair[1]); first < 0 || then < first {
			t.Errorf("got %s at %d and %s at %d, want the first before the second", pair[0], first, pair[1], then)
		}
	}
}
