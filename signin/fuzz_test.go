package signin

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http/httpguts"

	"dailyroster/check/corpus"
)

// price is the most that it may cost to read what a browser, a provider or a proxy says.
var price = corpus.Price{Bytes: corpus.Line{Base: 1 << 20, Each: 64}, Allocs: corpus.Line{Base: 5000, Each: 1}}

// fuzzOIDC is a method whose keys are always the same, so that a finding is one again.
func fuzzOIDC(f *testing.F) *OIDC {
	f.Helper()
	keys, err := ParseKeys(strings.Repeat("A", 43) + "=\n" + strings.Repeat("B", 42) + "A=")
	if err != nil {
		f.Fatal(err)
	}
	return NewOIDC(OIDCConfig{
		Issuer: "http://127.0.0.1:1", ClientID: "roster", PublicURL: &url.URL{Scheme: "https", Host: "roster.example.org"},
		GroupsClaim: "groups", Keys: keys, SessionTime: time.Hour, Now: func() time.Time { return time.Unix(1_800_000_000, 0) },
	})
}

// No cookie that was not sealed here is anybody's, and a sealed one is who it was sealed
// for or nobody.
func FuzzCookies(f *testing.F) {
	o := fuzzOIDC(f)
	sealed := httptest.NewRecorder()
	if err := o.Remember(sealed, Identity{Subject: "ana", Groups: []string{"ops"}}, func(string) bool { return true }); err != nil {
		f.Fatal(err)
	}
	good := sealed.Result().Cookies()[0].String()
	for _, s := range []string{good, "__Host-roster-session=", "__Host-roster-session=" + strings.Repeat("A", 200), "roster-session=x; __Host-roster-signin=MTIz|x", "=", ";;", `a="`} {
		f.Add(s, "state=x&code=y", "ana", "Ana", "ops")
	}
	f.Add("", "state=&error=%zz&iss=x", "\x00", strings.Repeat("x", 5000), strings.Repeat("g", 4000))
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, cookies, query, subject, name, group string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, CallbackPath, http.NoBody)
		r.URL.RawQuery = query
		r.Header.Set("Cookie", cookies)
		price.Of(t, len(cookies)+len(query), func() uint64 {
			o.Who(r)
			_, _, _ = o.Finish(httptest.NewRecorder(), r, func(string) bool { return true })
			return 0
		})
		// Nobody can seal but with the keys, so whatever opens is what was sealed above.
		if who, ok := o.Who(r); ok && who.Subject != "ana" {
			t.Errorf("the cookies %q: got %v", cookies, who)
		}
		if who, back, err := o.Finish(httptest.NewRecorder(), r, func(string) bool { return true }); err == nil || back != "/" {
			t.Errorf("a sign-in that nobody began: got %v, %q", who, back)
		}

		is := Identity{Subject: subject, Name: name, Groups: []string{group}}
		w := httptest.NewRecorder()
		if o.Remember(w, is, func(string) bool { return true }) != nil {
			return // too large
		}
		again := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		for _, c := range w.Result().Cookies() {
			again.AddCookie(c)
		}
		var want Identity // what JSON keeps of it
		text, err := json.Marshal(is)
		if err == nil {
			err = json.Unmarshal(text, &want)
		}
		who, ok := o.Who(again)
		who.At = time.Time{}
		if err != nil || !ok || !reflect.DeepEqual(who, want) {
			t.Errorf("the session of %+v: got %+v, %v, %v", is, who, ok, err)
		}
	})
}

// The path to come back to leads nowhere else.
func FuzzBack(f *testing.F) {
	for _, s := range []string{"/", "/teams/ops?days=7", "//elsewhere.example", `/\elsewhere.example`, "https://elsewhere.example", "/\t/elsewhere.example", "", "/%2f/x", "/" + strings.Repeat("x", 1001)} {
		f.Add(s)
	}
	site := &url.URL{Scheme: "https", Host: "roster.example.org", Path: "/"}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		corpus.Each(t, price, s, func(s string) { Back(s) })
		back := Back(s)
		u, err := url.Parse(back)
		if err != nil {
			return // a browser goes nowhere with it, and http.Redirect sends it escaped
		}
		if to := site.ResolveReference(u); to.Host != site.Host || to.Scheme != site.Scheme {
			t.Errorf("Back(%q): leads to %s", s, to)
		}
	})
}

// What a provider says of a person.
func FuzzClaims(f *testing.F) {
	for _, s := range []string{
		`{"name":"Ana","email":"a@example.org","email_verified":true,"groups":["ops"]}`, `{"email":"a@example.org","email_verified":"true","groups":"ops"}`,
		`{"realm":{"roles":["a",1,null,{}]}}`, `{"groups":{"a":1}}`, `{"name":7,"email":[]}`, `{}`, `{"realm":{"roles":{"roles":[]}}}`,
	} {
		f.Add("ana", s, "groups")
		f.Add("ana", s, "realm.roles")
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, subject, data, groupsClaim string) {
		price.Of(t, len(data)+len(groupsClaim), func() uint64 {
			claims := map[string]json.RawMessage{}
			if json.Unmarshal([]byte(data), &claims) == nil {
				_, _ = identityOf(subject, claims, groupsClaim)
			}
			return 0
		})
		claims := map[string]json.RawMessage{}
		if json.Unmarshal([]byte(data), &claims) != nil {
			return
		}
		who, err := identityOf(subject, claims, groupsClaim)
		if err != nil {
			return
		}
		for _, text := range append([]string{who.Subject}, who.Groups...) {
			if !readable(text) {
				t.Errorf("the claims %s: got %+v", data, who)
			}
		}
		if verified := string(claims["email_verified"]); who.Email != "" && verified != "true" && verified != `"true"` {
			t.Errorf("the claims %s: got the email %q, which nobody verified", data, who.Email)
		}
	})
}

// What a proxy says, and what the settings say of proxies and keys.
func FuzzProxy(f *testing.F) {
	f.Add("192.0.2.1:1", "192.0.2.0/24", "ana", "Ana", "a@example.org", "ops, dba")
	f.Add("[2001:db8::1%eth0]:1", "2001:db8::/32", "ana", "", "", ",,")
	f.Add("[::ffff:192.0.2.1]:1", "192.0.2.1", "\xff", "x", "y", "z")
	f.Add("nowhere", "0.0.0.0/0", "ana", "", "", "")
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, remote, from, user, name, email, groups string) {
		corpus.Each(t, price, user, func(user string) { _, _ = ParseKeys(user) }) // must not panic
		prefixes, err := ParsePrefixes([]string{from})
		if err != nil {
			return
		}
		p := Proxy{From: prefixes, Headers: ProxyHeaders{"Remote-User", "Remote-Name", "Remote-Email", "Remote-Groups"}}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
		r.RemoteAddr = remote
		for header, value := range map[string]string{"Remote-User": user, "Remote-Name": name, "Remote-Email": email, "Remote-Groups": groups} {
			if httpguts.ValidHeaderFieldValue(value) {
				r.Header.Set(header, value)
			}
		}
		price.Of(t, len(user)+len(name)+len(email)+len(groups), func() uint64 { p.Who(r); return 0 })
		if who, ok := p.Who(r); ok && (!p.trusts(remote) || !readable(who.Subject) || who.Subject != user) {
			t.Errorf("%q from %q: got %+v", user, remote, who)
		}
	})
}
