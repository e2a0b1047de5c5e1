package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"testing"
)

var testKey = base64.StdEncoding.EncodeToString(make([]byte, 32))

// What cannot work is said before anything is opened, by the setting's name.
func TestSignInSettings(t *testing.T) {
	oidc := map[string]string{
		"ROSTER_SIGN_IN": "oidc", "ROSTER_ADMINS": "ana@example.org", "ROSTER_PUBLIC_URL": "https://roster.example.org",
		"ROSTER_OIDC_ISSUER": "https://id.example.org", "ROSTER_OIDC_CLIENT_ID": "roster", "ROSTER_SESSION_KEYS": testKey,
	}
	proxy := map[string]string{"ROSTER_SIGN_IN": "proxy", "ROSTER_ADMINS": "ana", "ROSTER_PROXY_FROM": "192.0.2.0/24,::1"}
	for _, c := range []struct {
		base   map[string]string
		change string // NAME=value
		want   string
	}{
		{nil, "ROSTER_LISTEN=0.0.0.0:0", "sign-in: others can reach"},
		{nil, "ROSTER_LISTEN=:0", "sign-in: others can reach"},
		{nil, "ROSTER_HOSTS=https://roster.example.org", "hosts: "},
		{nil, "ROSTER_PUBLIC_URL=roster.example.org", "public-url: "},
		{nil, "ROSTER_SIGN_IN=ldap", "--sign-in must be one of"},
		{proxy, "ROSTER_ADMINS=", "admins: nobody would be an admin"},
		{proxy, "ROSTER_PROXY_FROM=", "proxy-from: name the addresses"},
		{proxy, "ROSTER_PROXY_FROM=everywhere", `proxy-from: "everywhere" is neither`},
		{proxy, "ROSTER_GROUP_TEAMS=staff", `group-teams: "staff" is not written like group=team`},
		{proxy, "ROSTER_GROUP_TEAMS=staff=Not A Team", "group-teams:"},
		{oidc, "ROSTER_PUBLIC_URL=roster.example.org", "public-url:"},
		{oidc, "ROSTER_PUBLIC_URL=https://roster.example.org/below", "public-url:"},
		{oidc, "ROSTER_OIDC_ISSUER=http://id.example.org", "oidc-issuer:"},
		{oidc, "ROSTER_OIDC_CLIENT_ID=", "oidc-client-id:"},
		{oidc, "ROSTER_SESSION_KEYS=", "session-keys: there is no key"},
		{oidc, "ROSTER_SESSION_KEYS=c2hvcnQ=", "session-keys: the key in line 1 is not"},
		{oidc, "ROSTER_SESSION_TIME=1s", "session-time:"},
		{oidc, "ROSTER_SESSION_TIME=721h", "session-time:"},
		{oidc, "ROSTER_SESSION_TIME=720h", "token-owner-seen: it is at least a day longer"},
		{proxy, "ROSTER_TOKEN_OWNER_SEEN=47h", "token-owner-seen: it is at least 48h"},
	} {
		name, value, _ := strings.Cut(c.change, "=")
		err := run(t.Context(), []string{"serve"}, func(asked string) string {
			switch asked {
			case name:
				return value
			case "ROSTER_STORE":
				return "bolt://" + t.TempDir() + "/roster.db"
			}
			return c.base[asked]
		}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.change, err, c.want)
		}
	}
}

// The secrets of the settings are in no text that is made of them.
func TestSecretsAreNotShown(t *testing.T) {
	var c Config
	c.readSecrets(func(name string) string { return "hidden-" + name })
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(form, c); strings.Contains(text, "hidden-") {
			t.Errorf("%s of the settings shows a secret: %s", form, text)
		}
	}
}

func TestAccessSettings(t *testing.T) {
	c := SignInConfig{GroupTeams: []string{"staff=ops", "CN=DBA,OU=x=db, ops"}}
	a, err := c.access()
	if err != nil || fmt.Sprint(a.GroupTeams) != "map[CN=DBA,OU=x:[db ops] staff:[ops]]" {
		t.Errorf("access: got %v, %v, want both groups with their teams", a.GroupTeams, err)
	}
}

func TestOnLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:8080": true, "127.8.9.10:1": true, "[::1]:8080": true, "localhost:8080": true, "[::ffff:127.0.0.1]:80": true,
		"0.0.0.0:8080": false, ":8080": false, "[::]:8080": false, "192.0.2.1:8080": false, "localhost.example.org:80": false,
	} {
		if got := onLoopback(address); got != want {
			t.Errorf("onLoopback(%s): got %v, want %v", address, got, want)
		}
	}
}
