package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

const (
	sessionCookie = "roster-session"
	flowCookie    = "roster-signin"
	// flowTime is how long a person may take at the provider.
	flowTime = 10 * time.Minute
	// providerTime limits the requests to the provider for one person.
	providerTime = 8 * time.Second
)

// CallbackPath is where the provider sends people back to, below the site's public URL.
const CallbackPath = "/signin/callback"

// ErrInterrupted: what the browser came back with does not belong to a sign-in that it
// began here a few minutes ago.
var ErrInterrupted = errors.New("this sign-in was not begun here, or too long ago")

// RefusedError says that the provider did not sign the person in, or that what it said
// cannot be believed.
type RefusedError struct {
	Reason string // for the person
	Err    error  // for the log; nil if the reason says it all
}

func (e *RefusedError) Error() string {
	if e.Err == nil {
		return e.Reason
	}
	return e.Reason + ": " + e.Err.Error()
}

// Unwrap gives what is behind it.
func (e *RefusedError) Unwrap() error { return e.Err }

// UnreachableError says that the provider does not answer.
type UnreachableError struct{ Err error }

func (e *UnreachableError) Error() string {
	return "the sign-in provider does not answer: " + e.Err.Error()
}

// Unwrap gives what went wrong.
func (e *UnreachableError) Unwrap() error { return e.Err }

// OIDCConfig is what OIDC works with. All but ClientSecret and Client must be set.
type OIDCConfig struct {
	Issuer   string // the provider's issuer identifier, an https URL
	ClientID string
	// ClientSecret is "" for a public client; PKCE is used in any case.
	ClientSecret string
	PublicURL    *url.URL // of this site
	Scopes       []string // beside openid
	// GroupsClaim is the claim that lists the person's groups; dots lead into objects.
	GroupsClaim string
	Keys        Keys
	SessionTime time.Duration // after which people sign in again
	Now         func() time.Time
	Client      *http.Client // for asking the provider; nil is a client of its own
}

// OIDC signs people in by the authorization code flow of OpenID Connect Core 1.0 with
// PKCE (RFC 7636), state and nonce. A session is a sealed cookie and nothing else. So any
// instance with the same keys accepts it, and a provider that is down affects nobody who
// is signed in.
type OIDC struct {
	cfg OIDCConfig
	jar jar

	mu       sync.Mutex
	provider *oidc.Provider // nil until it has answered
}

var _ Door = (*OIDC)(nil)

// NewOIDC makes the method. The provider is asked when the first person signs in.
func NewOIDC(cfg OIDCConfig) *OIDC {
	if cfg.Client == nil {
		cfg.Client = &http.Client{Timeout: providerTime}
	}
	return &OIDC{cfg: cfg, jar: jar{keys: cfg.Keys, secure: cfg.PublicURL.Scheme == "https", now: cfg.Now}}
}

// Who implements Method.
func (o *OIDC) Who(r *http.Request) (Identity, bool) {
	i, made, ok := take[Identity](r, &o.jar, sessionCookie)
	// No session is longer than the settings say now, whatever they said when it began.
	if !ok || o.cfg.Now().Sub(made) >= o.cfg.SessionTime {
		return Identity{}, false
	}
	i.At = made
	return i, true
}

// End implements Door. The provider is not told: the person stays signed in there.
func (o *OIDC) End(w http.ResponseWriter) { o.jar.drop(w, sessionCookie) }

// flow is a sign-in that was begun, as the browser keeps it.
type flow struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"p"`
	Back     string `json:"b"`
}

// Begin implements Door.
func (o *OIDC) Begin(w http.ResponseWriter, r *http.Request, back string) error {
	client, err := o.client(r.Context())
	if err != nil {
		return err
	}
	f := flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: Back(back)}
	if err := put(w, &o.jar, flowCookie, f, flowTime); err != nil {
		return err
	}
	http.Redirect(w, r, client.AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), http.StatusSeeOther)
	return nil
}

// Finish implements Door.
func (o *OIDC) Finish(w http.ResponseWriter, r *http.Request, matters func(string) bool) (who Identity, back string, err error) {
	f, _, ok := take[flow](r, &o.jar, flowCookie)
	q := r.URL.Query()
	if !ok || subtle.ConstantTimeCompare([]byte(q.Get("state")), []byte(f.State)) != 1 {
		return who, "/", ErrInterrupted
	}
	o.jar.drop(w, flowCookie)
	if issuer := q.Get("iss"); issuer != "" && issuer != o.cfg.Issuer { // RFC 9207
		return who, f.Back, &RefusedError{Reason: "the answer came from another sign-in provider"}
	}
	if code := q.Get("error"); code != "" {
		return who, f.Back, &RefusedError{Reason: "the sign-in provider did not sign you in", Err: fmt.Errorf("%.100q", code)}
	}
	if who, err = o.exchange(r.Context(), q.Get("code"), f); err != nil {
		return who, f.Back, err
	}
	return who, f.Back, o.Remember(w, who, matters)
}

// Remember keeps the person in the answer's cookies, until the session is over. If there
// are too many groups to keep all, it keeps those that matter.
func (o *OIDC) Remember(w http.ResponseWriter, who Identity, matters func(group string) bool) error {
	if put(w, &o.jar, sessionCookie, who, o.cfg.SessionTime) == nil {
		return nil
	}
	who.Groups = slices.DeleteFunc(slices.Clone(who.Groups), func(g string) bool { return !matters(g) })
	if err := put(w, &o.jar, sessionCookie, who, o.cfg.SessionTime); err != nil {
		return &RefusedError{"you are in more groups than can be remembered", err}
	}
	return nil
}

// client is what asks the provider, whose addresses are found out first (OpenID Connect
// Discovery 1.0).
func (o *OIDC) client(ctx context.Context) (*oauth2.Config, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.provider == nil {
		ctx, cancel := context.WithTimeout(ctx, providerTime)
		defer cancel()
		p, err := oidc.NewProvider(oidc.ClientContext(ctx, o.cfg.Client), o.cfg.Issuer)
		if err != nil {
			return nil, &UnreachableError{err}
		}
		o.provider = p
	}
	return &oauth2.Config{
		ClientID: o.cfg.ClientID, ClientSecret: o.cfg.ClientSecret, Endpoint: o.provider.Endpoint(),
		RedirectURL: o.cfg.PublicURL.JoinPath(CallbackPath).String(), Scopes: append([]string{oidc.ScopeOpenID}, o.cfg.Scopes...),
	}, nil
}

// exchange trades the code for tokens and finds out whose they are.
func (o *OIDC) exchange(ctx context.Context, code string, f flow) (Identity, error) {
	client, err := o.client(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx, cancel := context.WithTimeout(oidc.ClientContext(ctx, o.cfg.Client), providerTime)
	defer cancel()
	tokens, err := client.Exchange(ctx, code, oauth2.VerifierOption(f.Verifier))
	if err != nil {
		if refused, is := errors.AsType[*oauth2.RetrieveError](err); is && refused.Response != nil {
			// Its own text holds the whole answer, which may repeat the request.
			err = fmt.Errorf("%s %.100q", refused.Response.Status, refused.ErrorCode)
			if refused.Response.StatusCode < http.StatusInternalServerError {
				return Identity{}, &RefusedError{"the sign-in provider did not take what it gave", err}
			}
		}
		return Identity{}, &UnreachableError{err}
	}
	raw, _ := tokens.Extra("id_token").(string)
	verifier := o.provider.VerifierContext(ctx, &oidc.Config{ClientID: o.cfg.ClientID, Now: o.cfg.Now})
	id, err := verifier.Verify(ctx, raw)
	if err != nil {
		return Identity{}, &RefusedError{"the sign-in provider's answer cannot be believed", err}
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(f.Nonce)) != 1 {
		return Identity{}, &RefusedError{Reason: "the sign-in provider's answer is to another question"}
	}
	claims := map[string]json.RawMessage{}
	if err := id.Claims(&claims); err != nil {
		return Identity{}, &RefusedError{"the sign-in provider's answer cannot be read", err}
	}
	if o.provider.UserInfoEndpoint() != "" {
		if err := o.addUserInfo(ctx, tokens, id.Subject, claims); err != nil {
			return Identity{}, err
		}
	}
	return identityOf(id.Subject, claims, o.cfg.GroupsClaim)
}

// addUserInfo adds the claims that the provider gives only when it is asked again.
func (o *OIDC) addUserInfo(ctx context.Context, tokens *oauth2.Token, subject string, claims map[string]json.RawMessage) error {
	info, err := o.provider.UserInfo(ctx, oauth2.StaticTokenSource(tokens))
	if err != nil {
		return &UnreachableError{err}
	}
	more := map[string]json.RawMessage{}
	if err := info.Claims(&more); err != nil || info.Subject != subject {
		return &RefusedError{"the sign-in provider's answers do not agree", err}
	}
	for name, value := range more {
		if _, known := claims[name]; !known {
			claims[name] = value
		}
	}
	return nil
}

// identityOf reads the claims. An email counts only if the provider has verified it:
// elsewhere people can set theirs to somebody else's.
func identityOf(subject string, claims map[string]json.RawMessage, groupsClaim string) (Identity, error) {
	who := Identity{Subject: subject}
	if !readable(subject) {
		return who, &RefusedError{Reason: "the sign-in provider has no usable name for you"}
	}
	for _, name := range []string{"name", "preferred_username", "email"} {
		if text := stringOf(claims[name]); who.Name == "" && readable(text) {
			who.Name = text
		}
	}
	verified := string(claims["email_verified"])
	if email := stringOf(claims["email"]); readable(email) && (verified == "true" || verified == `"true"`) {
		who.Email = email
	}
	for _, g := range groupsOf(claims, groupsClaim) {
		if readable(g) {
			who.Groups = append(who.Groups, g)
		}
	}
	return who, nil
}

func stringOf(data json.RawMessage) string {
	var text string
	_ = json.Unmarshal(data, &text) // what is no text is none
	return text
}

// groupsOf reads a list of texts, or a single one, under the claim's name or the path that
// its dots make.
func groupsOf(claims map[string]json.RawMessage, claim string) []string {
	data, found := claims[claim]
	for !found {
		first, rest, deeper := strings.Cut(claim, ".")
		inner := map[string]json.RawMessage{}
		if !deeper || json.Unmarshal(claims[first], &inner) != nil {
			return nil
		}
		claims, claim = inner, rest
		data, found = claims[claim]
	}
	if text := stringOf(data); text != "" {
		return []string{text}
	}
	var mixed []json.RawMessage
	_ = json.Unmarshal(data, &mixed) // what is no list has no groups
	var groups []string
	for _, g := range mixed {
		if text := stringOf(g); text != "" {
			groups = append(groups, text)
		}
	}
	return groups
}
