package signin

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func newKey() string {
	var b [32]byte
	_, _ = rand.Read(b[:])
	return base64.StdEncoding.EncodeToString(b[:])
}

func mustKeys(t *testing.T, lines ...string) Keys {
	t.Helper()
	keys, err := ParseKeys(strings.Join(lines, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// app is one instance of the program.
func app(t *testing.T, public string, keys Keys, now *time.Time) *OIDC {
	t.Helper()
	site, err := url.Parse(public)
	if err != nil {
		t.Fatal(err)
	}
	return NewOIDC(OIDCConfig{
		Issuer: "https://id.example.org", ClientID: "roster", PublicURL: site, GroupsClaim: "groups", Keys: keys,
		SessionTime: time.Hour, Now: func() time.Time { return *now },
	})
}

func keepAll(string) bool { return true }

// remembered is the cookie that an instance gives, as the browser sends it back.
func remembered(t *testing.T, o *OIDC, i Identity) *http.Cookie {
	t.Helper()
	w := httptest.NewRecorder()
	if err := o.Remember(w, i, keepAll); err != nil {
		t.Fatal(err)
	}
	return w.Result().Cookies()[0]
}

func asking(c *http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
	r.AddCookie(c)
	return r
}

var ana = Identity{Subject: "ana", Name: "Ana Ruiz", Email: "ana@example.org", Groups: []string{"ops"}}

// A session is known to every instance with the key, through a change of keys, until its
// time is over; and to nobody else.
func TestSessions(t *testing.T) {
	now := time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC)
	first, second := newKey(), newKey()
	cookie := remembered(t, app(t, "https://roster.example.org", mustKeys(t, first), &now), ana)
	if !cookie.HttpOnly || !cookie.Secure || cookie.SameSite != http.SameSiteLaxMode || cookie.Name != "__Host-roster-session" || cookie.Path != "/" || cookie.Domain != "" || cookie.MaxAge != 3600 {
		t.Errorf("the cookie: got %+v, want a __Host- cookie, HttpOnly, Secure, SameSite=Lax, for an hour", cookie)
	}
	if strings.Contains(cookie.Value, "ana") || bytes.Contains(decoded(cookie.Value), []byte("ana")) {
		t.Error("the cookie can be read, want it encrypted")
	}
	for what, c := range map[string]struct {
		keys Keys
		want bool
	}{
		"another instance":            {mustKeys(t, first), true},
		"as one line":                 {mustKeys(t, second+" "+first), true},
		"with a new key before it":    {mustKeys(t, second, "# the old one", first), true},
		"when the old key was taken":  {mustKeys(t, second), false},
		"with keys that nobody knows": {mustKeys(t, newKey()), false},
	} {
		got, ok := app(t, "https://roster.example.org", c.keys, &now).Who(asking(cookie))
		if ok != c.want || ok && (got.Subject != "ana" || got.Name != "Ana Ruiz" || got.Email != "ana@example.org" || !slices.Equal(got.Groups, []string{"ops"})) {
			t.Errorf("%s: got %+v, %v, want known: %v", what, got, ok, c.want)
		}
	}
	here := app(t, "https://roster.example.org", mustKeys(t, first), &now)
	for i := range len(cookie.Value) {
		altered := *cookie
		letter := "A"
		if altered.Value[i] == 'A' {
			letter = "B"
		}
		altered.Value = altered.Value[:i] + letter + altered.Value[i+1:]
		if got, ok := here.Who(asking(&altered)); ok && bytes.Equal(decoded(altered.Value), decoded(cookie.Value)) == false {
			t.Fatalf("altered at %d: got %+v, want nobody", i, got)
		}
	}
	swapped := *cookie
	swapped.Name = "__Host-roster-signin"
	if _, ok := take[Identity](asking(&swapped), &here.jar, flowCookie); ok {
		t.Error("a session sent as a sign-in under way: got it taken, want not")
	}
	now = now.Add(time.Hour - time.Second)
	if _, ok := here.Who(asking(cookie)); !ok {
		t.Error("a second before its end the session is over, want not yet")
	}
	now = now.Add(time.Second)
	if _, ok := here.Who(asking(cookie)); ok {
		t.Error("at its end the session holds, want it over")
	}
	w := httptest.NewRecorder()
	here.End(w)
	if ended := w.Result().Cookies()[0]; ended.MaxAge >= 0 || ended.Name != cookie.Name || !ended.Secure {
		t.Errorf("signing out: got %+v, want the cookie dropped", ended)
	}
}

func decoded(value string) []byte {
	data, _ := base64.URLEncoding.DecodeString(value)
	return data
}

func TestPlainHTTP(t *testing.T) {
	now := time.Now()
	cookie := remembered(t, app(t, "http://127.0.0.1:8080", mustKeys(t, newKey()), &now), ana)
	if cookie.Secure || cookie.Name != "roster-session" {
		t.Errorf("without HTTPS: got %+v, want a cookie that browsers send", cookie)
	}
}

// Whoever is in more groups than a cookie holds keeps those that matter.
func TestManyGroups(t *testing.T) {
	now := time.Now()
	o := app(t, "https://roster.example.org", mustKeys(t, newKey()), &now)
	many := Identity{Subject: "ana"}
	for i := range 400 {
		many.Groups = append(many.Groups, fmt.Sprintf("6f9619ff-8b86-d011-b42d-00c04fc9%04d", i))
	}
	w := httptest.NewRecorder()
	if err := o.Remember(w, many, func(g string) bool { return strings.HasSuffix(g, "7") }); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	if got, ok := o.Who(asking(cookie)); !ok || len(got.Groups) != 40 || len(cookie.Name)+len(cookie.Value) > 4000 {
		t.Errorf("got %d groups in a cookie of %d bytes, want the 40 that matter in less than 4000", len(got.Groups), len(cookie.Value))
	}
	if err := o.Remember(httptest.NewRecorder(), many, keepAll); err == nil {
		t.Error("400 groups that matter: got nil, want an error that says it is too many")
	}
}

func TestKeys(t *testing.T) {
	for text, want := range map[string]string{
		"": "there is no key", "# nothing\n\n": "there is no key", "secret": "line 1", newKey() + "\nx": "line 2",
		base64.StdEncoding.EncodeToString(make([]byte, 31)): "line 1",
	} {
		if _, err := ParseKeys(text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("ParseKeys(%q): got %v, want an error that says %s and no key", text, err, want)
		}
	}
}

// A sign-in that was not begun in this browser, or is too old, is not finished.
func TestInterrupted(t *testing.T) {
	now := time.Now()
	o := app(t, "https://roster.example.org", mustKeys(t, newKey()), &now)
	w := httptest.NewRecorder()
	if err := put(w, &o.jar, flowCookie, flow{State: "right", Nonce: "n", Verifier: "v", Back: "/people"}, flowTime); err != nil {
		t.Fatal(err)
	}
	cookie := w.Result().Cookies()[0]
	finish := func(query string, c *http.Cookie) error {
		r := httptest.NewRequest(http.MethodGet, CallbackPath+query, http.NoBody)
		if c != nil {
			r.AddCookie(c)
		}
		_, _, err := o.Finish(httptest.NewRecorder(), r, keepAll)
		return err
	}
	for what, err := range map[string]error{
		"no cookie": finish("?state=right&code=c", nil), "another state": finish("?state=wrong&code=c", cookie), "no state": finish("?code=c", cookie),
		"nothing": finish("", nil),
	} {
		if err != ErrInterrupted { //nolint:errorlint // it is given as it is
			t.Errorf("%s: got %v, want ErrInterrupted", what, err)
		}
	}
	for what, query := range map[string]string{"the provider says no": "?state=right&error=access_denied", "another provider": "?state=right&code=c&iss=https%3A%2F%2Fevil.example"} {
		if err := finish(query, cookie); err == nil || !strings.Contains(fmt.Sprintf("%T", err), "RefusedError") {
			t.Errorf("%s: got %v, want a *RefusedError", what, err)
		}
	}
	now = now.Add(flowTime)
	if err := finish("?state=right&code=c", cookie); err != ErrInterrupted { //nolint:errorlint // it is given as it is
		t.Errorf("after %s: got %v, want ErrInterrupted", flowTime, err)
	}
}

func TestBack(t *testing.T) {
	for text, want := range map[string]string{
		"/teams/ops?from=2026-11-23&days=7": "/teams/ops?from=2026-11-23&days=7", "/": "/", "": "/", "//evil.example": "/", "https://evil.example": "/",
		"/\\evil.example": "/", "/\tx": "/", "/\n/evil.example": "/", "javascript:alert(1)": "/", "/" + strings.Repeat("x", 2000): "/",
	} {
		if got := Back(text); got != want {
			t.Errorf("Back(%.40q): got %q, want %q", text, got, want)
		}
	}
}

func TestProxy(t *testing.T) {
	from, err := ParsePrefixes([]string{"192.0.2.7", " 198.51.100.0/24", "2001:db8::/32"})
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{From: from, Headers: ProxyHeaders{"Remote-User", "Remote-Name", "Remote-Email", "Remote-Groups"}}
	headers := func(pairs ...string) http.Header {
		h := http.Header{}
		for i := 0; i+1 < len(pairs); i += 2 {
			h.Add(pairs[i], pairs[i+1])
		}
		return h
	}
	full := headers("Remote-User", "ana", "Remote-Name", "Ana Ruiz", "Remote-Email", "ana@example.org", "Remote-Groups", "ops, dba,")
	for _, c := range []struct {
		what, remote string
		header       http.Header
		want         string
	}{
		{"an address", "192.0.2.7:50000", full, `{"s":"ana","n":"Ana Ruiz","e":"ana@example.org","g":["ops","dba"]}`},
		{"a network", "198.51.100.200:1", full, `{"s":"ana","n":"Ana Ruiz","e":"ana@example.org","g":["ops","dba"]}`},
		{"IPv6", "[2001:db8::9]:1", headers("Remote-User", "ana"), `{"s":"ana"}`},
		{"IPv4 in IPv6", "[::ffff:192.0.2.7]:1", headers("Remote-User", "ana"), `{"s":"ana"}`},
		{"another address", "192.0.2.8:50000", full, ""},
		{"no address", "@", full, ""},
		{"no user", "192.0.2.7:1", headers("Remote-Name", "Ana Ruiz"), ""},
		{"an empty user", "192.0.2.7:1", headers("Remote-User", ""), ""},
		{"the client's own header beside the proxy's", "192.0.2.7:1", headers("Remote-User", "admin", "Remote-User", "ana"), ""},
		{"groups twice", "192.0.2.7:1", headers("Remote-User", "ana", "Remote-Groups", "admins", "Remote-Groups", "ops"), ""},
		{"an email twice", "192.0.2.7:1", headers("Remote-User", "ana", "Remote-Email", "a@b", "Remote-Email", "c@d"), ""},
		{"a user of control characters", "192.0.2.7:1", headers("Remote-User", "a\x00b"), ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", http.NoBody)
		r.RemoteAddr, r.Header = c.remote, c.header
		i, ok := p.Who(r)
		got := ""
		if ok {
			text, _ := json.Marshal(i)
			got = string(text)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.what, got, c.want)
		}
	}
	for _, bad := range []string{"", "nowhere", "192.0.2.0/33", "192.0.2"} {
		if _, err := ParsePrefixes([]string{bad}); err == nil {
			t.Errorf("ParsePrefixes(%q): got nil, want an error", bad)
		}
	}
}

// What providers call things differs: the claims that are understood.
func TestClaims(t *testing.T) {
	for claims, want := range map[string]string{
		`{"name":"Ana Ruiz","email":"ana@example.org","email_verified":true,"groups":["ops","dba"]}`: `{"s":"sub","n":"Ana Ruiz","e":"ana@example.org","g":["ops","dba"]}`,
		`{"preferred_username":"ana","email":"ana@example.org","email_verified":"true"}`:             `{"s":"sub","n":"ana","e":"ana@example.org"}`,
		`{"email":"boss@example.org","email_verified":false}`:                                        `{"s":"sub","n":"boss@example.org"}`,
		`{"email":"boss@example.org"}`:                                                               `{"s":"sub","n":"boss@example.org"}`,
		`{"groups":"ops"}`:                                                                           `{"s":"sub","g":["ops"]}`,
		`{"groups":{"a":1},"name":7}`:                                                                `{"s":"sub"}`,
		`{"groups":["ops",7,null,"x\u0000"]}`:                                                        `{"s":"sub","g":["ops"]}`,
	} {
		wantIdentity(t, claims, "groups", want)
	}
	wantIdentity(t, `{"realm_access":{"roles":["ops"]}}`, "realm_access.roles", `{"s":"sub","g":["ops"]}`)
	wantIdentity(t, `{"https://example.org/groups":["ops"]}`, "https://example.org/groups", `{"s":"sub","g":["ops"]}`)
	wantIdentity(t, `{"realm_access":7}`, "realm_access.roles", `{"s":"sub"}`)
	wantIdentity(t, `{}`, "a.b.c", `{"s":"sub"}`)
}

func wantIdentity(t *testing.T, text, groupsClaim, want string) {
	t.Helper()
	claims := map[string]json.RawMessage{}
	if err := json.Unmarshal([]byte(text), &claims); err != nil {
		t.Fatal(err)
	}
	i, err := identityOf("sub", claims, groupsClaim)
	if got, _ := json.Marshal(i); err != nil || string(got) != want {
		t.Errorf("%s: got %s, %v, want %s", text, got, err, want)
	}
}

// An entry with an @ is a verified email, and nothing that somebody is called.
func TestIs(t *testing.T) {
	ana := Identity{Subject: "ana", Email: "Ana@example.org"}
	feigned := Identity{Subject: "ana@example.org", Name: "ana@example.org"}
	plain := Identity{Subject: "bo", Email: "ana"} // a proxy may send anything as an email
	for _, c := range []struct {
		who   Identity
		entry string
		want  bool
	}{
		{ana, "ana", true}, {ana, "Ana", false}, {ana, "ana@EXAMPLE.org", true}, {ana, "", false}, {ana, "@", false},
		{feigned, "ana@example.org", false}, {feigned, "", false}, {plain, "ana", false}, {plain, "bo", true},
	} {
		if got := c.who.Is(c.entry); got != c.want {
			t.Errorf("%+v is %q: got %v, want %v", c.who, c.entry, got, c.want)
		}
	}
}
