package signin

import (
	"bufio"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
)

// maxCookie is the most bytes of a cookie's value; browsers keep 4096 with its name.
const maxCookie = 3800

// minKey is the least bytes of a key: as many as the AES-256 and HMAC-SHA-256 keys that
// are derived from it.
const minKey = 32

// Keys seal cookies: the first one seals, each of them opens. To change keys, put a new
// one first and keep the old one behind it for as long as sessions last. Instances with
// the same keys open each other's cookies.
type Keys struct{ codecs []securecookie.Codec }

// ParseKeys reads keys, one a line or with spaces between, each at least 32 random bytes in base64 (RFC 4648),
// as openssl rand -base64 32 writes one. Empty lines and those that begin with # are
// ignored. No error reveals anything of a key.
func ParseKeys(text string) (Keys, error) {
	var keys Keys
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		for text := range strings.FieldsSeq(line) {
			secret, err := base64.StdEncoding.DecodeString(text)
			if err != nil || len(secret) < minKey {
				return Keys{}, fmt.Errorf("the key in line %d is not %d random bytes in base64; make one with: openssl rand -base64 32", n, minKey)
			}
			codec, err := newCodec(secret)
			if err != nil {
				return Keys{}, err
			}
			keys.codecs = append(keys.codecs, codec)
		}
	}
	if err := lines.Err(); err != nil {
		return Keys{}, errors.New("the keys cannot be read")
	}
	if len(keys.codecs) == 0 {
		return Keys{}, errors.New("there is no key; make one with: openssl rand -base64 32")
	}
	return keys, nil
}

// newCodec signs (HMAC-SHA-256) and encrypts (AES-256-CTR) with keys of their own, derived
// by HKDF (RFC 5869). The time is left to what is sealed: see sealed.
func newCodec(secret []byte) (*securecookie.SecureCookie, error) {
	sign, err := hkdf.Key(sha256.New, secret, nil, "daily roster cookie signature", 32)
	if err != nil {
		return nil, err
	}
	encrypt, err := hkdf.Key(sha256.New, secret, nil, "daily roster cookie encryption", 32)
	if err != nil {
		return nil, err
	}
	return securecookie.New(sign, encrypt).MaxAge(0).MaxLength(maxCookie).SetSerializer(securecookie.JSONEncoder{}), nil
}

// jar writes and reads sealed cookies.
type jar struct {
	keys   Keys
	secure bool // the site is on HTTPS
	now    func() time.Time
}

// sealed is what a cookie holds, since when, and until when it is valid.
type sealed[T any] struct {
	Value T     `json:"v"`
	Until int64 `json:"u"` // Unix time in seconds
	Made  int64 `json:"m"` // Unix time in milliseconds
}

// name is the cookie's full name. With __Host- browsers take it only from this very host,
// over HTTPS, for all of the site (RFC 6265bis, section 4.1.3.2).
func (j *jar) name(short string) string {
	if j.secure {
		return "__Host-" + short
	}
	return short
}

func (j *jar) cookie(short, value string) *http.Cookie {
	return &http.Cookie{
		Name: j.name(short), Value: value, Path: "/", HttpOnly: true, Secure: j.secure, SameSite: http.SameSiteLaxMode,
	}
}

// put seals a value for a time. A value that is too large for a cookie is an error.
func put[T any](w http.ResponseWriter, j *jar, short string, v T, lasts time.Duration) error {
	now := j.now()
	text, err := securecookie.EncodeMulti(j.name(short), sealed[T]{v, now.Add(lasts).Unix(), now.UnixMilli()}, j.keys.codecs...)
	if err != nil {
		return err
	}
	c := j.cookie(short, text)
	c.MaxAge = int(lasts / time.Second)
	http.SetCookie(w, c)
	return nil
}

// take opens the request's cookie; false if there is none of ours that is still valid. made
// is when it was sealed.
func take[T any](r *http.Request, j *jar, short string) (v T, made time.Time, ok bool) {
	c, err := r.Cookie(j.name(short))
	if err != nil {
		return v, made, false
	}
	var held sealed[T]
	if securecookie.DecodeMulti(j.name(short), c.Value, &held, j.keys.codecs...) != nil || j.now().Unix() >= held.Until {
		return v, made, false
	}
	return held.Value, time.UnixMilli(held.Made).UTC(), true
}

// drop makes the browser forget the cookie.
func (j *jar) drop(w http.ResponseWriter, short string) {
	c := j.cookie(short, "")
	c.MaxAge = -1
	http.SetCookie(w, c)
}
