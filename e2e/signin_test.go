package e2e

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dailyroster/check/testreport"
)

const signInPromises = "signing in at a real OpenID provider, through a real nginx with TLS"

// freeAddress is a loopback address that nobody listens on now.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

// run starts a program that is killed when the test ends.
func run(t *testing.T, cmd *exec.Cmd) *lockedBuffer {
	t.Helper()
	log := &lockedBuffer{}
	cmd.Stderr = log
	cmd.WaitDelay = 5 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("the end of what %s said:\n%s", filepath.Base(cmd.Path), log.tail(2000))
		}
	})
	return log
}

// startProvider runs the OpenID provider for a site, and gives its issuer.
func startProvider(t *testing.T, site string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "provider")
	if out, err := exec.Command("go", "build", "-o", path, "./provider").CombinedOutput(); err != nil {
		t.Fatalf("building the provider: %v\n%s", err, out)
	}
	cmd := exec.Command(path)
	out, says := io.Pipe()
	cmd.Stdin, cmd.Stdout = strings.NewReader(site+"/signin/callback\n"), says
	run(t, cmd)
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	return strings.TrimSpace(issuer)
}

// startNginx runs nginx with the settings of the installation in containers, which are
// those of the role, but for addresses, files and a certificate of its own.
func startNginx(t *testing.T, address string, apps [2]string) {
	t.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			testreport.Skip(t, signInPromises, "there is no nginx")
		}
	}
	dir := t.TempDir()
	certificate, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	writeCertificate(t, certificate, key)
	text, err := os.ReadFile("../infra/compose/nginx.conf")
	if err != nil {
		t.Fatal(err)
	}
	conf := string(text)
	for old, now := range map[string]string{
		"192.168.64.22:8080":        apps[0],
		"192.168.64.23:8080":        apps[1],
		"listen 80 default_server;": fmt.Sprintf("listen %s ssl;\n ssl_certificate %s;\n ssl_certificate_key %s;", address, certificate, key),
		"access_log /dev/stdout":    fmt.Sprintf("client_body_temp_path %s/body;\n proxy_temp_path %s/proxy;\n access_log %s/access.log", dir, dir, dir),
	} {
		if !strings.Contains(conf, old) {
			t.Fatalf("infra/compose/nginx.conf has no %q", old)
		}
		conf = strings.ReplaceAll(conf, old, now)
	}
	if os.Geteuid() == 0 {
		conf = "user root;\n" + conf // whose folder it is
	}
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(conf), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, exec.Command(program, "-p", dir, "-e", "stderr", "-c", file, "-g", "daemon off; master_process off; pid "+dir+"/nginx.pid;"))
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			_ = connection.Close()
			return
		}
		if time.Now().After(end) {
			t.Fatalf("nginx does not listen: %v", err)
		}
	}
}

// writeCertificate makes a certificate for loopback that nobody vouches for.
func writeCertificate(t *testing.T, certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "roster under test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	privateDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: privateDER}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// company is a provider, nginx, and two programs that share the keys of sessions and
// nothing else: each has a file of its own, so what moves between them is the session, and
// only one of them runs while something is edited.
type company struct {
	url   string
	apps  [2]*server
	files [2]string
	more  [2][]string // flags that start a program as it was
}

func startCompany(t *testing.T) *company {
	t.Helper()
	front := freeAddress(t)
	c := &company{url: "https://" + front}
	issuer := startProvider(t, c.url)
	keys, secret := filepath.Join(t.TempDir(), "keys"), filepath.Join(t.TempDir(), "secret")
	var random [32]byte
	_, _ = rand.Read(random[:])
	for file, text := range map[string]string{keys: base64.StdEncoding.EncodeToString(random[:]), secret: "of-the-test\n"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var addresses [2]string
	for i := range c.apps {
		addresses[i] = freeAddress(t)
		c.more[i] = []string{
			"--listen=" + addresses[i], "--sign-in=oidc", "--public-url=" + c.url, "--oidc-issuer=" + issuer, "--oidc-client-id=roster",
			"--oidc-client-secret-file=" + secret, "--session-keys-file=" + keys, "--admins=boss@example.org,id-root",
		}
		c.files[i] = storeFile(t)
	}
	startNginx(t, front, addresses)
	c.start(t, 0)
	return c
}

// start starts a program, for the first time or as it was.
func (c *company) start(t *testing.T, i int) {
	t.Helper()
	c.apps[i] = startOn(t, "bolt:"+c.files[i], []string{"app-one", "app-two"}[i], c.more[i]...)
}

// waitServed waits until nginx, which leaves a program alone for a while that did not
// answer, asks it again.
func (c *company) waitServed(t *testing.T, instance string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if _, by, _ := c.answer(t, "GET", "/livez", ""); by == instance {
			return
		}
	}
	t.Fatalf("nginx did not come to ask %s", instance)
}

// call sends a request from outside, as a program would.
func (c *company) call(t *testing.T, method, path, body string, header ...string) (int, string) {
	t.Helper()
	status, _, text := c.answer(t, method, path, body, header...)
	return status, text
}

// answer is call that also tells who answered.
func (c *company) answer(t *testing.T, method, path, body string, header ...string) (status int, by, text string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, c.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // it is the test's own
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("X-Served-By"), string(all)
}

// signIn fills in the provider's form, on which the tab already is.
func (tb *tab) signIn(user string) {
	tb.t.Helper()
	tb.waitUntil("document.querySelector('#username') !== null")
	tb.setField("#username", user)
	tb.setField("#password", user)
	tb.do(chromedp.SendKeys(chromedp.CSS("#password"), kb.Enter))
}

func TestSignInAtProvider(t *testing.T) {
	browsers := openOwnBrowser(t, chromedp.Flag("ignore-certificate-errors", true))
	c := startCompany(t)
	testreport.Ran(t, signInPromises)
	page := browsers.newTab(t)
	today := inDays(t, 0)

	// To the page that was asked for, by way of the provider.
	page.open(c.url + "/teams/daily-roster?from=" + today + "&days=7")
	page.keep("provider")
	page.signIn("ana")
	page.waitFor(".account", "Ana Ruiz")
	page.waitUntil("location.pathname + location.search === '/teams/daily-roster?from=" + today + "&days=7'")
	page.keep("signed-in")
	cookies, err := chromedp.Call(page.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{c.url}})
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, cookie := range cookies.Cookies {
		if cookie.Name == "__Host-roster-session" {
			found = cookie.HTTPOnly && cookie.Secure && cookie.SameSite == "Lax"
		} else if strings.Contains(cookie.Name, "roster") {
			t.Errorf("the cookie %s is still there", cookie.Name)
		}
	}
	if !found {
		t.Errorf("the session: got %+v, want a cookie that is HttpOnly, Secure and SameSite=Lax", cookies.Cookies)
	}

	// A group makes her an editor, and the history has her name.
	page.click(cell(today, 1))
	page.waitUntil(fmt.Sprintf("document.activeElement.id === 'primary-%s'", today))
	page.keys("Ana Ruiz", kb.Enter)
	page.waitFor(cell(today, 1), "Ana Ruiz")
	page.open(c.url + "/teams/daily-roster/history")
	page.waitFor(".acts > li:first-of-type .did b", "Ana Ruiz")

	// The program dies and comes back, the other one takes over, and she stays signed in.
	c.apps[0].kill()
	c.start(t, 0)
	c.waitServed(t, "app-one")
	page.open(c.url + "/people")
	page.waitFor(".account", "Ana Ruiz")
	for i, name := range []string{"app-two", "app-one"} {
		c.start(t, 1-i)
		c.waitServed(t, name)
		c.apps[i].kill()
		page.open(c.url + "/people")
		page.waitFor(".account", "Ana Ruiz")
		page.waitFor(".foot", name)
		page.keep("moved-to-" + name)
	}

	// A program with a token of hers, and an open page that hears of what it does.
	page.open(c.url + "/tokens")
	page.setField("#f-name", "Rota bot")
	page.do(chromedp.SetValue(chromedp.CSS("#f-scope"), "edit"))
	page.click("main form .primary")
	page.waitUntil("document.querySelector('#token-text') !== null")
	token := page.value("document.querySelector('#token-text').value")
	page.keep("token")
	page.open(c.url + "/teams/daily-roster")
	page.waitFor(cell(today, 1), "Ana Ruiz")
	put := "/api/v1/teams/daily-roster/days/" + today
	if status, body := c.call(t, "PUT", put, `{"note":"by the bot"}`, "Authorization", "Bearer "+token); status != http.StatusOK {
		t.Errorf("PUT with the token: got %d %s, want 200", status, body)
	}
	page.waitFor(cell(today, 3), "by the bot")
	if status, body := c.call(t, "PUT", put, `{"note":"x"}`, "Remote-User", "id-root", "Remote-Email", "boss@example.org"); status != http.StatusUnauthorized {
		t.Errorf("PUT with headers that only a proxy may send: got %d %s, want 401", status, body)
	}
	page.open(c.url + "/tokens")
	page.waitFor("main tbody", "less than a minute ago")
	page.click("main tbody button")
	page.waitFor("main tbody", "revoked by Ana Ruiz")
	if status, body := c.call(t, "GET", put, "", "Authorization", "Bearer "+token); status != http.StatusUnauthorized {
		t.Errorf("GET with the revoked token: got %d %s, want 401", status, body)
	}

	// Out, and somebody else in.
	page.click(`.site form[action="/signout"] button`)
	page.waitFor("h1", "You are signed out")
	page.keep("signed-out")
	page.open(c.url + "/teams/daily-roster")
	page.signIn("bo")
	page.waitFor(".account", "Bo Chen")
	page.waitFor(cell(today, 3), "by the bot")
	if got := page.value("document.querySelectorAll('.edit, main form[method=post], [hx-get*=\"/edit\"]').length"); got != "0" {
		t.Errorf("a reader is offered %s ways to edit, want none", got)
	}
	page.keep("reader")
	page.value(fmt.Sprintf("void fetch(%q, {method: 'PUT', body: '{}'}).then(r => window.answered = r.status)", put))
	page.waitUntil("window.answered === 403")

	// An email that the provider has not verified makes nobody an admin.
	page.click(`.site form[action="/signout"] button`)
	page.waitFor("h1", "You are signed out")
	page.click("main a")
	page.signIn("mallory")
	page.waitFor(".account", "Mallory M")
	page.open(c.url + "/teams")
	page.waitFor("h1", "Teams")
	if got := page.value("document.querySelectorAll('form[action=\"/teams\"]').length"); got != "0" {
		t.Error("who claims the admin's email unverified may make teams")
	}
	page.open(c.url + "/signin/callback?code=stolen&state=" + url.QueryEscape("made up"))
	page.waitUntil("location.pathname === '/'") // she is signed in, and goes on

	for i, s := range c.apps {
		for _, hidden := range []string{token, "of-the-test", "roster-session"} {
			if strings.Contains(s.log.tail(1<<20), hidden) {
				t.Errorf("the log of program %d has a secret", i)
			}
		}
	}
}
