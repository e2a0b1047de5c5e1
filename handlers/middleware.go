package handlers

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"dailyroster/assets"
	"dailyroster/desk"
	"dailyroster/handlers/web"
	"dailyroster/handlers/whole"
	"dailyroster/store"
)

// Limits of one request.
const (
	maxBody      = 64 << 10
	contentRules = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
		"img-src 'self' data:; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// wrap adds what holds for every request. It stands outside the router because gorilla/mux
// runs no middleware for 404 and 405.
func (s *Server) wrap(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(s.either(func(http.ResponseWriter, *http.Request) error { return web.CrossOrigin() }))
	next = crossOrigin.Handler(next)
	next = s.named(next)
	next = s.headers(next)
	next = s.recover(next)
	next = s.timed(next)
	return s.identified(s.logged(next))
}

// headers sets the headers of every answer.
func (s *Server) headers(next http.Handler) http.Handler {
	usual := http.Header{}
	usual.Set("Content-Security-Policy", contentRules)
	usual.Set("X-Content-Type-Options", "nosniff")
	usual.Set("Referrer-Policy", "same-origin")
	usual.Set("Cross-Origin-Opener-Policy", "same-origin")
	usual.Set("X-Served-By", s.Instance)
	// Browsers ask for a roster again each time, and no cache that several people share
	// keeps an answer. Assets override this.
	usual.Set("Cache-Control", "private, no-cache")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The answers share the values: whoever sets or adds one makes others.
		maps.Copy(w.Header(), usual)
		next.ServeHTTP(w, r)
	})
}

// named refuses requests for names that the site does not have. Machines that watch this one ask
// by any name. Assets are the same for everybody, and the page that refuses has some.
func (s *Server) named(next http.Handler) http.Handler {
	foreign := s.either(func(_ http.ResponseWriter, r *http.Request) error { return web.Misdirected(r.Host) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch path := r.URL.Path; {
		case s.Hosts.Has(r.Host), path == "/livez", path == "/readyz", path == "/metrics", strings.HasPrefix(path, assets.Prefix):
			next.ServeHTTP(w, r)
		default:
			foreign.ServeHTTP(w, r)
		}
	})
}

// timed bounds how long a request may take to come and its answer to go, also of requests
// that are refused: net/http reads what is left of a body before it answers. Streams and
// exports give themselves other times.
func (s *Server) timed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control, now := http.NewResponseController(w), time.Now()
		// These fail for a writer without deadlines, as in tests.
		_ = control.SetReadDeadline(now.Add(s.Limits.BodyTime()))
		_ = control.SetWriteDeadline(now.Add(s.Limits.AnswerTime()))
		next.ServeHTTP(w, r)
	})
}

// limit bounds the size of a request and the time of its calls to the store, compresses the
// answer, and sends it whole. Streams go without.
func (s *Server) limit(next http.Handler, maxBody int64) http.Handler {
	next = whole.Handler(gzhttp.GzipHandler(next))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		}
		ctx, cancel := context.WithTimeout(r.Context(), s.Limits.WorkTime())
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// recover turns a panic into an answer and a line in the log, instead of a cut connection.
func (s *Server) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			what := recover()
			if what == nil {
				return
			}
			if err, ok := what.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(what)
			}
			s.Log.Error("panic", "method", r.Method, "path", web.LogPath(r), "panic", what, "stack", string(debug.Stack()), "id", web.RequestID(r.Context()))
			wentWrong(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}

// wentWrong answers if no action could.
func wentWrong(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "Something went wrong here. It was logged under "+web.RequestID(r.Context())+".", http.StatusInternalServerError)
}

// statusWriter remembers the status, and says how old the answer's data is.
type statusWriter struct {
	http.ResponseWriter
	age    *store.Age
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		if oldest := w.age.Oldest(); !oldest.IsZero() {
			w.Header().Set(web.AsOfHeader, oldest.UTC().Format(time.RFC3339))
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logged logs one line for each request, and makes sure that each has an answer. It logs
// health checks only when they fail: otherwise there would be little else to read.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ctx, age := store.WithAge(r.Context())
		ctx, asking := web.WithAsking(desk.WithAhead(ctx))
		sw := &statusWriter{ResponseWriter: w, age: age}
		next.ServeHTTP(sw, r.WithContext(ctx))
		if sw.status == 0 { // net/http would answer 200 for what nobody answered
			s.Log.Error("nothing was answered", "method", r.Method, "path", web.LogPath(r), "id", web.RequestID(r.Context()))
			wentWrong(sw, r)
		}
		level := slog.LevelInfo
		if (r.URL.Path == "/livez" || r.URL.Path == "/readyz") && sw.status < 400 || sw.status == web.StatusHungUp {
			level = slog.LevelDebug
		}
		s.Log.LogAttrs(r.Context(), level, "request", slog.String("method", r.Method), slog.String("path", web.LogPath(r)), slog.Int("status", sw.status),
			slog.Duration("took", time.Since(start).Round(time.Microsecond)), slog.String("from", r.RemoteAddr), slog.String("by", asking.Caller.LogName()),
			slog.String("id", web.RequestID(r.Context())))
	})
}

// identified gives every request an id. People can ask about the request by its id, and the
// log of every machine on the way has it. It is the X-Request-Id of the request if that is
// sane, as from the proxies in infra/, or else a new one.
func (s *Server) identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(web.RequestIDName)
		if !web.Sane.MatchString(id) {
			var random [16]byte
			if _, err := io.ReadFull(s.Random, random[:]); err != nil {
				s.Log.Error("no random bytes for the id of a request", "error", err)
			}
			id = hex.EncodeToString(random[:])
		}
		w.Header().Set(web.RequestIDName, id)
		next.ServeHTTP(w, r.WithContext(web.WithRequestID(r.Context(), id)))
	})
}
