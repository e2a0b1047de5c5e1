package assets

import (
	"net/http"
	"net/http/httptest"
	"path"
	"testing"
)

// maxWeight is what all that browsers may load of style and scripts weighs, in bytes over the
// wire: that of every page, and what only some pages have.
const maxWeight = 40_000

func TestWeightOfStyleAndScripts(t *testing.T) {
	files, err := New()
	if err != nil {
		t.Fatal(err)
	}
	total, seen := len(files.Worker()), 0 // which goes as it is
	for name, url := range files.byName {
		if kind := path.Ext(name); kind != ".css" && kind != ".js" {
			continue
		}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		files.ServeHTTP(w, r)
		if w.Code != http.StatusOK || w.Header().Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s: got %d %q, want 200 gzip", url, w.Code, w.Header().Get("Content-Encoding"))
		}
		t.Logf("%6d bytes  %s", w.Body.Len(), name)
		total += w.Body.Len()
		seen++
	}
	if seen < 6 {
		t.Fatalf("got %d files, want the style sheet, the scripts of every page and of some", seen)
	}
	t.Logf("%6d bytes in all, at most %d", total, maxWeight)
	if total > maxWeight {
		t.Errorf("style and scripts weigh %d bytes, want at most %d", total, maxWeight)
	}
}
