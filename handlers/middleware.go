package handlers

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"dailyroster/roster"
	"dailyroster/store"
)

// Limits of one request.
const (
	maxBody      = 64 << 10
	contentRules = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
		"img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

// wrap puts around the router what holds for every request. It stands outside the
// router because gorilla/mux runs no middleware for 404 and 405.
func (s *Server) wrap(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(s.either(func(http.ResponseWriter, *http.Request) error { return CrossOrigin() }))
	next = crossOrigin.Handler(next)
	next = s.headers(next)
	next = s.recover(next)
	return s.identified(s.logged(next))
}

// headers sets what every answer carries.
func (s *Server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentRules)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("X-Served-By", s.Instance)
		h.Set("Cache-Control", s.caching())
		next.ServeHTTP(w, r)
	})
}

// caching is how an answer may be kept: a roster must be asked for anew; assets say
// otherwise. With a sign-in an answer is for one person.
func (s *Server) caching() string {
	if s.SignIn == nil {
		return "no-cache"
	}
	return "private, no-cache"
}

// limit bounds the size and the time of a request, and what it may ask of the store,
// and compresses the answer. Streams go without.
func (s *Server) limit(next http.Handler, maxBody int64) http.Handler {
	next = gzhttp.GzipHandler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		control, now := http.NewResponseController(w), time.Now()
		// A writer without deadlines, as in tests, has none to miss.
		_ = control.SetReadDeadline(now.Add(s.Limits.bodyTime()))
		_ = control.SetWriteDeadline(now.Add(s.Limits.answerTime()))
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		ctx, cancel := context.WithTimeout(WithSentKey(r), StoreTime)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// recover makes a panic an answer and a line in the log instead of a cut connection.
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
			s.Log.Error("panic", "method", r.Method, "path", logPath(r), "panic", what, "stack", string(debug.Stack()), "id", requestID(r.Context()))
			wentWrong(w, r)
		}()
		next.ServeHTTP(w, r)
	})
}

// wentWrong answers where no action could.
func wentWrong(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "Something went wrong here. It was logged under "+requestID(r.Context())+".", http.StatusInternalServerError)
}

// asOfHeader says, on an answer that the store could not give now, as of when it is.
const asOfHeader = "X-Roster-As-Of"

// statusWriter remembers the status that was written, and tells the age of the answer.
type statusWriter struct {
	http.ResponseWriter
	age    *store.Age
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		if oldest := w.age.Oldest(); !oldest.IsZero() {
			w.Header().Set(asOfHeader, oldest.UTC().Format(time.RFC3339))
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// logPath is the request's path as logs may have it: that of a calendar feed is a secret,
// and so is whatever looks like a token, wherever somebody put it.
func logPath(r *http.Request) string {
	path, _, found := strings.Cut(r.URL.Path, roster.TokenPrefix)
	switch {
	case strings.HasPrefix(path, feedPrefix):
		return feedPrefix + "…"
	case found:
		return path + roster.TokenPrefix + "…"
	default:
		return path
	}
}

// logged writes one line for each request, and sees to it that each is answered. Health
// checks are logged only when they fail, or there would be little else to read.
func (s *Server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ctx, age := store.WithAge(r.Context())
		ctx, asking := withAsking(ctx)
		sw := &statusWriter{ResponseWriter: w, age: age}
		next.ServeHTTP(sw, r.WithContext(ctx))
		if sw.status == 0 { // net/http would say 200 of what nobody answered
			s.Log.Error("nothing was answered", "method", r.Method, "path", logPath(r), "id", requestID(r.Context()))
			wentWrong(sw, r)
		}
		level := slog.LevelInfo
		if (r.URL.Path == "/livez" || r.URL.Path == "/readyz") && sw.status < 400 {
			level = slog.LevelDebug
		}
		s.Log.Log(r.Context(), level, "request", "method", r.Method, "path", logPath(r), "status", sw.status,
			"took", time.Since(start).Round(time.Microsecond), "from", r.RemoteAddr, "by", asking.caller.logName(),
			"id", requestID(r.Context()))
	})
}
