// Package assets holds the style sheet, the scripts and the icon of the page, and
// serves them under names that carry a hash of their content, so that a browser may
// keep them for good.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"
)

// dist is filled from the npm packages by `task assets`; it is not committed.
//
//go:embed css js img all:dist
var files embed.FS

// The files that the page asks for by these names, besides Style and Script.
const (
	Grid  = "js/grid.js"
	Chips = "js/chips.js"
	Wall  = "js/wall.js"
	Icon  = "img/icon.svg"
	// Icons is an SVG with a symbol for each icon that pages use, by its name. A symbol that a
	// page uses takes the colour of the text around it.
	Icons = "icons.svg"
	HTMX  = "dist/htmx.min.js"
	SSE   = "dist/hx-sse.min.js"
)

// worker is the script of the service worker, which has an address of its own.
const worker = "js/sw.js"

// Prefix is the URL path below which Set serves.
const Prefix = "/assets/"

// Set is all files, ready to be served. It is safe for concurrent use.
type Set struct {
	byURL  map[string]file
	byName map[string]string
	worker []byte
}

type file struct {
	contentType   string
	plain, zipped []byte
}

// New reads the embedded files. It is an error, which says what to do, if the
// browser libraries were not there when the program was built.
func New() (*Set, error) {
	s := &Set{byURL: map[string]file{}, byName: map[string]string{}}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") || name == worker || isJoined(name) || path.Dir(name) == "dist/icons" {
			return err
		}
		read := files.ReadFile
		if path.Dir(name) == "js" {
			read = small
		}
		content, err := read(name)
		if err != nil {
			return err
		}
		return s.add(name, content)
	})
	if err != nil {
		return nil, fmt.Errorf("the page's files: %w", err)
	}
	for _, one := range []struct {
		name, folder string
		files        []string
	}{{Style, "css", styleFiles()}, {Script, "js", scriptFiles()}} {
		joined, err := join(one.folder, one.files)
		if err == nil {
			err = s.add(one.name, joined)
		}
		if err != nil {
			return nil, fmt.Errorf("the page's files: %w", err)
		}
	}
	if s.worker, err = small(worker); err != nil {
		return nil, fmt.Errorf("the page's files: %w", err)
	}
	if err := s.addAppIcons(); err != nil {
		return nil, fmt.Errorf("the app's icons: %w", err)
	}
	icons, err := readIcons()
	if err == nil {
		err = s.add(Icons, icons)
	}
	if err != nil {
		return nil, fmt.Errorf("the page's files: %w", err)
	}
	for _, name := range []string{Style, Script, Grid, Chips, Icon, HTMX, SSE} {
		if s.byName[name] == "" {
			return nil, fmt.Errorf("%s was missing when this program was built; `go tool task build` fetches it first", name)
		}
	}
	return s, nil
}

// isJoined reports whether a file is served as a part of Style or Script only.
func isJoined(name string) bool {
	return path.Dir(name) == "css" || path.Dir(name) == "js" && slices.Contains(scriptFiles(), path.Base(name))
}

func (s *Set) add(name string, plain []byte) error {
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(plain); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	sum := sha256.Sum256(plain)
	ext := path.Ext(name)
	url := fmt.Sprintf("%s%s.%s%s", Prefix, strings.TrimSuffix(path.Base(name), ext), hex.EncodeToString(sum[:6]), ext)
	s.byName[name] = url
	s.byURL[url] = file{mime.TypeByExtension(ext), plain, zipped.Bytes()}
	return nil
}

// URL is where the file of this name is served. The name is one of the constants.
func (s *Set) URL(name string) string { return s.byName[name] }

// Worker is the script of the service worker. Nobody may change it.
func (s *Set) Worker() []byte { return s.worker }

// ServeHTTP answers GET and HEAD below Prefix.
func (s *Set) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, ok := s.byURL[r.URL.Path]
	if !ok {
		http.NotFound(w, r)
		return
	}
	body := f.plain
	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // a browser that went away is no one's error
	}
}
