package infra

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"dailyroster/check/testreport"
	"dailyroster/infra/nginxtest"
)

// roleSettings is what the role nginx writes on a host, with variables in YAML.
func roleSettings(t *testing.T, variables string) string {
	t.Helper()
	folder := t.TempDir()
	mine := filepath.Join(folder, "mine.yml")
	if err := os.WriteFile(mine, []byte(variables), 0o600); err != nil {
		t.Fatal(err)
	}
	settings := filepath.Join(folder, "nginx.conf")
	ansible(t, "what the role nginx writes", "ansible", "localhost", "--inventory=localhost,", "--connection=local", "--module-name=ansible.builtin.template",
		"--args=src=roles/nginx/templates/nginx.conf.j2 dest="+settings, "--extra-vars=@roles/nginx/defaults/main.yml", "--extra-vars=@"+mine)
	return read(t, settings)
}

// Who signed in is for the named proxies to say, and for nobody else, whatever they send.
func TestWhoMaySayWhoSignedIn(t *testing.T) {
	const what = "whose identity headers nginx passes"
	program, err := exec.LookPath("nginx")
	if err != nil {
		testreport.Skip(t, what, "there is no nginx")
	}
	if _, err := exec.LookPath("ansible"); err != nil {
		testreport.Skip(t, what, "there is no ansible")
	}
	headers := []string{"Remote-User", "Remote-Name", "Remote-Email", "Remote-Groups"}
	instance := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range headers {
			_, _ = fmt.Fprintf(w, "%s%q\n", name, r.Header[name])
		}
	}))
	t.Cleanup(instance.Close)
	const named, network, trusted, stranger = "127.0.0.2", "127.0.7.9", "127.0.0.3", "127.0.0.4"
	start := func(from string) string {
		settings := roleSettings(t, fmt.Sprintf("nginx_worker_processes: \"1\"\nnginx_apps: [%q]\nnginx_trusted_proxies: [%s, %s]\n%s",
			strings.TrimPrefix(instance.URL, "http://"), named, trusted, from))
		return nginxtest.Start(t, program, settings)
	}
	// ask is what reaches the program of a request that says all that there is to say.
	ask := func(site, peer, path string) string {
		t.Helper()
		client := &http.Client{Transport: &http.Transport{
			DisableKeepAlives: true, DialContext: (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(peer)}}).DialContext,
		}}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, site+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range headers {
			r.Header.Set(name, "root")
		}
		r.Header["Remote_User"] = []string{"root"}
		r.Header.Set("X-Forwarded-For", named+", "+named)
		r.Header.Set("X-Real-IP", named)
		r.Header.Set("Forwarded", "for="+named)
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		text, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("from %s: got %d, %v", peer, res.StatusCode, err)
		}
		return string(text)
	}
	const all, none = "Remote-User[\"root\"]\nRemote-Name[\"root\"]\nRemote-Email[\"root\"]\nRemote-Groups[\"root\"]\n", "Remote-User[]\nRemote-Name[]\nRemote-Email[]\nRemote-Groups[]\n"
	site, closed := start("nginx_identity_from: ["+named+", 127.0.7.0/24]"), start("")
	for _, path := range []string{"/", "/teams/ops/events", "/feeds/x.ics"} {
		for peer, want := range map[string]string{named: all, network: all, trusted: none, stranger: none, "127.0.0.1": none} {
			if got := ask(site, peer, path); got != want {
				t.Errorf("%s from %s: got %q, want %q", path, peer, got, want)
			}
		}
		if got := ask(closed, named, path); got != none {
			t.Errorf("%s, where no proxy is named: got %q, want nothing", path, got)
		}
	}
	testreport.Ran(t, what)
}
