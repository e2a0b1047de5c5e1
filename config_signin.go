package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"time"

	"dailyroster/handlers/web"
	"dailyroster/roster"
	"dailyroster/signin"
)

// The ways to find out who asks.
const (
	signInNone  = "none"
	signInProxy = "proxy"
	signInOIDC  = "oidc"
)

// maxSession is the longest session: what a person may do is asked of the provider no less often.
const maxSession = 30 * 24 * time.Hour

// SignInConfig is who is let in, and who may do what.
type SignInConfig struct {
	SignIn      string   `enum:",none,proxy,oidc" default:"" help:"How people sign in: oidc through an OpenID provider, proxy through a proxy in front of the server, or none, so that everybody can edit. Required if other machines can connect to the address in --listen; otherwise the default is none."`
	Admins      []string `help:"Admins, separated by commas: verified email addresses, or user names as the provider or the proxy gives them. An entry with @ is always an email address. With oidc and proxy, name an admin here or a group in --admin-groups."`
	AdminGroups []string `sep:";" help:"Groups whose members are admins, separated by semicolons."`
	GroupTeams  []string `sep:";" help:"Teams that the members of a group edit: group=team;group=team,team. They always edit the team whose ID is the group's name."`

	ProxyConfig `embed:"" group:"Sign-in through a proxy:"`
	OIDCConfig  `embed:"" group:"Sign-in through an OpenID provider:"`
}

// ProxyConfig is for sign-in by a proxy.
type ProxyConfig struct {
	ProxyFrom         []string `help:"Addresses and networks of the proxies, separated by commas, whose headers are trusted, such as 192.0.2.0/24. Required."`
	ProxyUserHeader   string   `default:"Remote-User" help:"Header with the user name of the person."`
	ProxyNameHeader   string   `default:"Remote-Name" help:"Header with the name of the person."`
	ProxyEmailHeader  string   `default:"Remote-Email" help:"Header with the email address of the person."`
	ProxyGroupsHeader string   `default:"Remote-Groups" help:"Header with the groups of the person, separated by commas."`
}

// OIDCConfig is for sign-in by an OpenID provider.
type OIDCConfig struct {
	OIDCIssuer           string        `name:"oidc-issuer" help:"Issuer URL of the provider. Required."`
	OIDCClientID         string        `name:"oidc-client-id" help:"Client ID of the site at the provider. Required."`
	OIDCClientSecretFile string        `name:"oidc-client-secret-file" type:"path" help:"File with the client secret, which can also come from the environment variable ROSTER_OIDC_CLIENT_SECRET. A public client has no secret."`
	OIDCScopes           []string      `name:"oidc-scopes" default:"profile,email" help:"Scopes to request in addition to openid, separated by commas."`
	OIDCGroupsClaim      string        `name:"oidc-groups-claim" default:"groups" help:"Claim that lists the groups of the person. Dots lead into objects."`
	SessionKeysFile      string        `type:"path" help:"File with the session keys, one per line and the same for every instance, which can also come from the environment variable ROSTER_SESSION_KEYS. The first key seals sessions, and all keys open them. Required, in one way or the other."`
	SessionTime          time.Duration `default:"12h" help:"Time after which people sign in again, however active they are. At most 720h."`

	// Read from the environment, never from the command line, where others can see them.
	clientSecret secret
	sessionKeys  secret
}

// secret is a text that no log or message shows: what is printed of a pointer is where it
// points to. A method String would not do, as fmt calls none for fields that are not
// exported.
type secret struct{ text *string }

// secrets are the environment variables with secrets. What each holds can also stand in a
// file, named by the variable or flag that ends with _FILE or -file.
func (c *OIDCConfig) secrets() map[string]*secret {
	return map[string]*secret{"ROSTER_OIDC_CLIENT_SECRET": &c.clientSecret, "ROSTER_SESSION_KEYS": &c.sessionKeys}
}

// method makes what the settings ask for; nil is no sign-in. listen is where the program
// listens, publicURL the one at which people reach the site, if that is set.
func (c *SignInConfig) method(listen, publicURL string) (signin.Method, error) {
	switch c.SignIn {
	case signInNone:
		return nil, nil
	case "":
		if !onLoopback(listen) {
			return nil, fmt.Errorf("sign-in: others can reach %s, so say how people sign in: --sign-in=oidc or --sign-in=proxy, or --sign-in=none to let whoever reaches it edit", listen)
		}
		return nil, nil
	}
	if len(c.Admins) == 0 && len(c.AdminGroups) == 0 {
		return nil, errors.New("admins: nobody would be an admin; name somebody in --admins, or a group in --admin-groups")
	}
	if c.SignIn == signInProxy {
		return c.proxy()
	}
	return c.oidc(publicURL)
}

func (c *ProxyConfig) proxy() (signin.Method, error) {
	from, err := signin.ParsePrefixes(c.ProxyFrom)
	if err != nil {
		return nil, fmt.Errorf("proxy-from: %w", err)
	}
	if len(from) == 0 {
		return nil, errors.New("proxy-from: name the addresses of the proxies whose headers are believed")
	}
	if c.ProxyUserHeader == "" {
		return nil, errors.New("proxy-user-header: without it nobody is known")
	}
	return &signin.Proxy{From: from, Headers: signin.ProxyHeaders{
		User: c.ProxyUserHeader, Name: c.ProxyNameHeader, Email: c.ProxyEmailHeader, Groups: c.ProxyGroupsHeader,
	}}, nil
}

func (c *OIDCConfig) oidc(publicURL string) (signin.Method, error) {
	public, err := siteURL(publicURL)
	if err != nil {
		return nil, fmt.Errorf("public-url: %w", err)
	}
	issuer, err := url.Parse(c.OIDCIssuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && (issuer.Scheme != "http" || !onLoopback(issuer.Host)) {
		return nil, fmt.Errorf("oidc-issuer: %q is not an https URL", c.OIDCIssuer)
	}
	if c.OIDCClientID == "" {
		return nil, errors.New("oidc-client-id: it is missing; the provider gives one when this site is registered there")
	}
	if c.SessionTime < time.Minute || c.SessionTime > maxSession {
		return nil, errors.New("session-time: a session lasts at least a minute and at most 720h")
	}
	clientSecret, err := c.clientSecret.orFile(c.OIDCClientSecretFile)
	if err != nil {
		return nil, fmt.Errorf("oidc-client-secret-file: %w", err)
	}
	text, err := c.sessionKeys.orFile(c.SessionKeysFile)
	if err != nil {
		return nil, fmt.Errorf("session-keys-file: %w", err)
	}
	keys, err := signin.ParseKeys(text)
	if err != nil {
		return nil, fmt.Errorf("session-keys: %w", err)
	}
	return signin.NewOIDC(signin.OIDCConfig{
		Issuer: c.OIDCIssuer, ClientID: c.OIDCClientID, ClientSecret: strings.TrimSpace(clientSecret), PublicURL: public,
		Scopes: c.OIDCScopes, GroupsClaim: c.OIDCGroupsClaim, Keys: keys, SessionTime: c.SessionTime, Now: time.Now,
	}), nil
}

// orFile is the secret, or where there is none what the file has, if one is named.
func (s secret) orFile(path string) (string, error) {
	if s.text != nil {
		return *s.text, nil
	}
	if path == "" {
		return "", nil
	}
	text, err := os.ReadFile(path)
	return string(text), err
}

// onLoopback reports whether nothing but this machine can connect to an address.
func onLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// access says who has which rights.
func (c *SignInConfig) access() (web.Access, error) {
	a := web.Access{Admins: c.Admins, AdminGroups: c.AdminGroups, GroupTeams: map[string][]roster.TeamID{}}
	for _, entry := range c.GroupTeams {
		last := strings.LastIndex(entry, "=") // names of groups in directories have some too
		if last <= 0 {
			return a, fmt.Errorf("group-teams: %q is not written like group=team", entry)
		}
		group, teams := entry[:last], entry[last+1:]
		for text := range strings.SplitSeq(teams, ",") {
			team, err := roster.ParseTeamID(strings.TrimSpace(text))
			if err != nil {
				return a, fmt.Errorf("group-teams: %w", err)
			}
			a.GroupTeams[group] = append(a.GroupTeams[group], team)
		}
	}
	return a, nil
}
