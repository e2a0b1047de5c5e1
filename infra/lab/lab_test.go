//go:build linux

package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"dailyroster/check/testreport"
	"dailyroster/infra/lab/control"
)

// running is a lab under test: the real program as a process.
type running struct {
	*control.Client
	name string
	cmd  *exec.Cmd
	log  string
	lab  string // its program
}

// programs are built once.
var programs struct {
	sync.Once
	folder string
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if programs.folder != "" {
		_ = os.RemoveAll(programs.folder)
	}
	os.Exit(code)
}

func build(t *testing.T) (lab, roster string) {
	t.Helper()
	programs.Do(func() {
		if programs.folder, programs.err = os.MkdirTemp("", "lab-test-"); programs.err != nil {
			return
		}
		for name, pkg := range map[string]string{"lab": ".", "roster": "../.."} {
			cmd := exec.Command("go", "build", "-o", filepath.Join(programs.folder, name), pkg)
			if out, err := cmd.CombinedOutput(); err != nil {
				programs.err = fmt.Errorf("build %s: %w: %s", pkg, err, out)
			}
		}
	})
	if programs.err != nil {
		t.Fatal(programs.err)
	}
	return filepath.Join(programs.folder, "lab"), filepath.Join(programs.folder, "roster")
}

// up builds a lab, which ends with the test, or skips the test for what is missing.
func up(t *testing.T, name, what string, needed []need, args ...string) *running {
	t.Helper()
	if testing.Short() {
		testreport.Skip(t, what, "not in a short run")
	}
	if err := needRoot(); err != nil {
		testreport.Skip(t, what, "only root may make network namespaces")
	}
	if err := missing(needed); err != nil {
		testreport.Skip(t, what, strings.ReplaceAll(err.Error(), "\n", " "))
	}
	lab, roster := build(t)
	name = fmt.Sprintf("%s%d", name, os.Getpid())
	r := &running{name: name, lab: lab, log: filepath.Join(t.TempDir(), "lab.log"), Client: control.NewClient(runFolder(name) + "/control.sock")}
	log, err := os.Create(r.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	r.cmd = exec.Command(lab, append([]string{"--name", name, "up", "--roster", roster, "--page", "127.0.0.1:0"}, args...)...)
	r.cmd.Stdout, r.cmd.Stderr = log, log
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var how error
	go func() {
		how = r.cmd.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		_ = r.cmd.Process.Signal(syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(30 * time.Second):
			t.Error("the lab did not end")
			_ = r.cmd.Process.Kill()
		}
		if out, err := exec.Command(lab, "--name", name, "down").CombinedOutput(); err != nil {
			t.Errorf("down: %v: %s", err, out)
		}
		if t.Failed() {
			text, _ := os.ReadFile(r.log)
			t.Logf("what the lab said:\n%s", text)
		}
	})
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if _, err := r.State(t.Context()); err == nil {
			testreport.Ran(t, what)
			return r
		}
		select {
		case <-ended:
			t.Fatalf("the lab ended: %v", how)
		default:
		}
	}
	t.Fatal("the lab was not up after two minutes")
	return nil
}

func (r *running) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *running) state(t *testing.T) control.State {
	t.Helper()
	s, err := r.State(t.Context())
	r.must(t, err)
	return s
}

// enter runs a program on a host and gives what it printed.
func (r *running) enter(t *testing.T, host string, argv ...string) (string, error) {
	t.Helper()
	out, err := exec.Command(r.lab, append([]string{"--name", r.name, "enter", host}, argv...)...).CombinedOutput()
	return string(out), err
}

// request asks the virtual IP from the client's side, on a connection of its own.
func (r *running) request(ctx context.Context, most time.Duration, method, path, body string) (int, string, http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	var conn net.Conn
	var err error
	enterErr := inNamespace(r.name+"-client", func() { conn, err = net.DialTimeout("tcp4", "192.168.64.100:80", most) })
	if err := errors.Join(enterErr, err); err != nil {
		return 0, "", nil, err
	}
	defer conn.Close()
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://192.168.64.100"+path, strings.NewReader(body))
	if err != nil {
		return 0, "", nil, err
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return 0, "", nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), res.Header, err
}

// gap does something to the lab while it asks the virtual IP every 5 ms, each time on a
// new connection, and gives the time from the deed until every answer was right again.
func (r *running) gap(t *testing.T, do func()) time.Duration {
	t.Helper()
	const every, patience, watched = 5 * time.Millisecond, 900 * time.Millisecond, 1500 * time.Millisecond
	var mu sync.Mutex
	var lastBad time.Time
	asked, bad := 0, 0
	var probes sync.WaitGroup
	probe := func() {
		begun := time.Now()
		status, _, _, err := r.request(t.Context(), patience, http.MethodGet, "/livez", "")
		mu.Lock()
		defer mu.Unlock()
		asked++
		if err != nil || status != http.StatusOK {
			bad++
			if begun.After(lastBad) {
				lastBad = begun
			}
		}
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	deed := time.Now().Add(100 * time.Millisecond)
	end := deed.Add(watched)
	var done sync.WaitGroup
	begun := false
	for now := time.Now(); now.Before(end); now = <-ticker.C {
		if !begun && now.After(deed) {
			begun, deed = true, now
			done.Go(do)
		}
		probes.Go(probe)
	}
	probes.Wait()
	done.Wait()
	if asked < 100 {
		t.Errorf("only %d probes in %s prove nothing", asked, watched)
	}
	if bad == 0 {
		return 0
	}
	t.Logf("%d of %d probes failed", bad, asked)
	return lastBad.Sub(deed) + every
}

// oneHolder watches for a while that exactly that host has the virtual IP.
func (r *running) oneHolder(t *testing.T, want string) {
	t.Helper()
	for end := time.Now().Add(500 * time.Millisecond); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if got := r.state(t).Holders(); len(got) != 1 || got[0] != want {
			t.Fatalf("who has the virtual IP: got %q, want %s alone", got, want)
		}
	}
}

func other(holder string) string {
	if holder == "front1" {
		return "front2"
	}
	return "front1"
}

const mostGap = time.Second

func TestFrontHosts(t *testing.T) {
	r := up(t, "tf", "the virtual IP moves when a front host fails (nginx and keepalived in network namespaces)",
		needs(options{Edge: control.Keepalived}), "--store", "bolt")
	holder := r.state(t).Holders()
	if len(holder) != 1 || holder[0] != "front1" {
		t.Fatalf("at the start: got %q with the virtual IP, want front1, which the inventory prefers", holder)
	}

	t.Run("rendered files are valid", r.checkFiles)
	t.Run("a second run of the roles changes nothing", r.checkSecondRun)
	t.Run("Salt writes the same", r.checkSalt)
	t.Run("with a certificate", r.checkTLS)
	t.Run("answers", r.checkAnswers)

	has := "front1"
	for _, c := range []struct {
		name       string
		harm, mend func(host string) error
	}{
		{
			"nginx is stopped",
			func(h string) error { return r.Stop(t.Context(), h, "nginx") },
			func(h string) error { return r.Start(t.Context(), h, "nginx") },
		},
		{
			"nginx is killed",
			func(h string) error { return r.Kill(t.Context(), h, "nginx") },
			func(h string) error { return r.Start(t.Context(), h, "nginx") },
		},
		{
			"the cable is pulled",
			func(h string) error { return r.LinkDown(t.Context(), h) },
			func(h string) error { return r.LinkUp(t.Context(), h) },
		},
		{
			"keepalived is killed",
			func(h string) error { return r.Kill(t.Context(), h, "keepalived") },
			func(h string) error { return r.Start(t.Context(), h, "keepalived") },
		},
		{
			"the host is lost",
			func(h string) error { return r.HostDown(t.Context(), h) },
			func(h string) error { return r.HostUp(t.Context(), h) },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			took := r.gap(t, func() {
				if err := c.harm(has); err != nil {
					t.Error(err)
				}
			})
			t.Logf("the virtual IP answered again after %s", took.Round(time.Millisecond))
			if took > mostGap {
				t.Errorf("the virtual IP answered again after %s, want at most %s", took, mostGap)
			}
			harmed := has
			has = other(has)
			r.oneHolder(t, has)
			took = r.gap(t, func() {
				if err := c.mend(harmed); err != nil {
					t.Error(err)
				}
			})
			if took > 0 {
				t.Errorf("when it is mended: got no answer for %s, want it not to be noticed", took)
			}
			r.oneHolder(t, has)
		})
	}

	t.Run("one program is killed", func(t *testing.T) {
		took := r.gap(t, func() {
			if err := r.Kill(t.Context(), "front2", "roster"); err != nil {
				t.Error(err)
			}
		})
		if took > 0 {
			t.Errorf("got no answer for %s, want it not to be noticed", took)
		}
		r.must(t, r.Start(t.Context(), "front2", "roster"))
	})
}

// checkFiles tries what the roles wrote, with the programs that read it.
func (r *running) checkFiles(t *testing.T) {
	for _, h := range r.state(t).Hosts {
		for _, argv := range [][]string{
			{"nginx", "-t", "-q", "-e", "stderr", "-c", h.Root + "/etc/nginx/nginx.conf"},
			{"keepalived", "--config-test", "-f", h.Root + "/etc/keepalived/keepalived.conf"},
		} {
			program, err := find(argv[0])
			r.must(t, err)
			if out, err := r.enter(t, h.Name, append([]string{program}, argv[1:]...)...); err != nil {
				t.Errorf("%s: %s: %v: %s", h.Name, strings.Join(argv, " "), err, out)
			}
		}
	}
	analyze, err := find("systemd-analyze")
	if err != nil {
		testreport.Skip(t, "the unit of roster is hardened", "there is no systemd-analyze")
	}
	unit := r.state(t).Hosts[0].Root + "/etc/systemd/system/roster.service"
	if out, err := exec.Command(analyze, "verify", unit).CombinedOutput(); err != nil {
		t.Errorf("systemd-analyze verify: %v: %s", err, out)
	}
	out, err := exec.Command(analyze, "security", "--offline=true", "--threshold=15", unit).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze security: %v, want an exposure of at most 1.5:\n%s", err, out)
	}
}

func (r *running) ansible(t *testing.T, args ...string) string {
	t.Helper()
	infra, err := infraFolder()
	r.must(t, err)
	a := ansible{infra: infra, folder: runFolder(r.name)}
	nsenter, err := find("nsenter")
	r.must(t, err)
	argv := append([]string{
		nsenter, "--net=" + namespacePath(r.name+"-client"), "--", "ansible-playbook", "-i", a.example(), "-i", a.overlay(),
		"-e", "one_host_at_a_time=100%", "site.yml",
	}, args...)
	out, err := a.command(t.Context(), argv...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v:\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func (r *running) checkSecondRun(t *testing.T) {
	out := r.ansible(t, "--limit", "front1")
	_, recap, _ := strings.Cut(out, "PLAY RECAP")
	if got := regexp.MustCompile(`changed=\d+`).FindAllString(recap, -1); len(got) != 1 || got[0] != "changed=0" {
		t.Errorf("got %q, want changed=0:\n%s", got, out)
	}
}

// checkTLS lets the roles write the other form of nginx.conf, which nginx itself tries
// before it is put in place, into another folder.
func (r *running) checkTLS(t *testing.T) {
	folder := t.TempDir()
	certificate, key := selfSigned(t, folder)
	root := filepath.Join(folder, "root")
	r.must(t, os.Mkdir(root, 0o755))
	r.ansible(t, "--limit", "front1", "-e", "nginx_root="+root, "-e", "keepalived_root="+root, "-e", "roster_root="+root,
		"-e", "nginx_tls_certificate="+certificate, "-e", "nginx_tls_key="+key)
	text, err := os.ReadFile(root + "/etc/nginx/nginx.conf")
	r.must(t, err)
	for _, want := range []string{"listen 443 ssl", "return 308 https://", "add_header Strict-Transport-Security", certificate} {
		if !strings.Contains(string(text), want) {
			t.Errorf("nginx.conf with a certificate: got no %q in it:\n%s", want, text)
		}
	}
}

func selfSigned(t *testing.T, folder string) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "roster.example"}, DNSNames: []string{"roster.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, about, about, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, bytes []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("certificate.pem", "CERTIFICATE", signed), write("key.pem", "PRIVATE KEY", secret)
}

// checkAnswers looks at what a client sees of nginx.
func (r *running) checkAnswers(t *testing.T) {
	status, _, header, err := r.request(t.Context(), 5*time.Second, http.MethodGet, "/teams/daily-roster", "")
	if err != nil || status != http.StatusOK || !strings.HasPrefix(header.Get("X-Served-By"), "front") {
		t.Errorf("the page: got %d from %q, %v, want 200 from a front host", status, header.Get("X-Served-By"), err)
	}
	if status, _, _, err := r.request(t.Context(), 5*time.Second, http.MethodGet, "/metrics", ""); err != nil || status != http.StatusNotFound {
		t.Errorf("/metrics: got %d, %v, want 404", status, err)
	}
	big := strings.Repeat("x", 100<<10)
	status, text, _, err := r.request(t.Context(), 5*time.Second, http.MethodPut, "/api/v1/teams/daily-roster/days/2026-11-23", big)
	if err != nil || status != http.StatusRequestEntityTooLarge || !strings.Contains(text, "urn:") {
		t.Errorf("a body that is too big: got %d %s, %v, want 413 as the program says it", status, text, err)
	}
}

// TestEdgeAndDatabase is the other half: a cluster of three behind HAProxy.
func TestEdgeAndDatabase(t *testing.T) {
	asd := os.Getenv("ASD")
	if asd == "" {
		asd = "asd"
	}
	r := up(t, "te", "the whole lab, with Aerospike behind HAProxy", needs(options{Edge: control.HAProxy, ASD: asd, Store: "aerospike"}), "--edge", "haproxy")
	s := r.state(t)
	if got := s.Holders(); len(got) != 1 || got[0] != "edge" {
		t.Fatalf("who has the virtual IP: got %q, want the edge host", got)
	}
	t.Run("Salt writes the same", r.checkSalt)
	for _, h := range s.Hosts {
		if _, ok := h.Process("asd"); !ok {
			continue
		}
		t.Run(h.Name+" has its settings", func(t *testing.T) {
			got := ""
			for _, what := range []string{"get-config:context=service", "get-config:context=network", "get-config:context=namespace;id=daily_roster"} {
				answer, err := askInfo(h.Namespace, h.Address+":3000", what)
				r.must(t, err)
				got += ";" + answer + ";"
			}
			for _, want := range []string{
				"min-cluster-size=2", "heartbeat.interval=100", "heartbeat.timeout=8", "heartbeat.connect-timeout-ms=250",
				"replication-factor=3", "write-commit-level-override=all", "read-consistency-level-override=all",
				"conflict-resolution-policy=last-update-time", "transaction-pending-limit=0", "default-ttl=0", "nsup-period=0",
				"storage-engine.flush-max-ms=1", "storage-engine.flush-size=4096", "storage-engine.direct-files=true",
			} {
				if !strings.Contains(got, ";"+want+";") {
					t.Errorf("the server's settings: got no %s in %s", want, got)
				}
			}
		})
	}

	put := func(date, name string) int {
		body, err := json.Marshal(map[string]any{"assignments": map[string]string{"primary": name}, "why": "a test of the lab"})
		r.must(t, err)
		status, text, _, err := r.request(t.Context(), 10*time.Second, http.MethodPut, "/api/v1/teams/daily-roster/days/"+date, string(body))
		if err != nil || status != http.StatusOK {
			t.Errorf("edit %s: got %d %s, %v, want 200", date, status, text, err)
		}
		return status
	}
	sees := func(date, name string) {
		t.Helper()
		served := map[string]bool{}
		for range 8 {
			_, text, header, err := r.request(t.Context(), 5*time.Second, http.MethodGet, "/api/v1/teams/daily-roster/days/"+date, "")
			if err != nil || !strings.Contains(text, name) {
				t.Errorf("%s at %s: got %s, %v, want %s", date, header.Get("X-Served-By"), text, err, name)
			}
			served[header.Get("X-Served-By")] = true
		}
		if len(served) != 2 {
			t.Errorf("who answered: got %v, want both programs", served)
		}
	}
	put("2026-11-23", "Ana Ruiz")
	sees("2026-11-23", "Ana Ruiz")

	t.Run("a browser's stream of events comes through at once", r.checkEvents)

	t.Run("one nginx is lost", func(t *testing.T) {
		took := r.gap(t, func() { r.must(t, r.Kill(t.Context(), "front1", "nginx")) })
		t.Logf("every request was answered again after %s", took)
		if took > mostGap {
			t.Errorf("got no answer for %s, want at most %s", took, mostGap)
		}
		r.must(t, r.Start(t.Context(), "front1", "nginx"))
	})
	t.Run("one database node is lost", func(t *testing.T) {
		r.must(t, r.Kill(t.Context(), "db2", "asd"))
		put("2026-11-24", "Bo Chen")
		sees("2026-11-24", "Bo Chen")
	})
	t.Run("a lab that crashed is removed", r.checkCrash)
}

// checkEvents edits while a stream is open.
func (r *running) checkEvents(t *testing.T) {
	var conn net.Conn
	var err error
	r.must(t, inNamespace(r.name+"-client", func() { conn, err = net.DialTimeout("tcp4", "192.168.64.100:80", time.Second) }))
	r.must(t, err)
	defer conn.Close()
	r.must(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = fmt.Fprintf(conn, "GET /teams/daily-roster/events HTTP/1.1\r\nHost: 192.168.64.100\r\nAccept: text/event-stream\r\n\r\n")
	r.must(t, err)
	lines := bufio.NewScanner(conn)
	first := true
	begun := time.Now()
	for lines.Scan() {
		line := lines.Text()
		if first {
			if !strings.Contains(line, "200") {
				t.Fatalf("the stream: got %q, want 200", line)
			}
			first = false
			go func() {
				time.Sleep(300 * time.Millisecond)
				_, _, _, _ = r.request(context.Background(), 5*time.Second, http.MethodPut,
					"/api/v1/teams/daily-roster/days/"+time.Now().UTC().Format(time.DateOnly), `{"note":"seen at once"}`)
			}()
		}
		if strings.HasPrefix(line, "data:") && strings.Contains(line, time.Now().UTC().Format(time.DateOnly)) {
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("the edit was seen after %s, want at most 2 s", took)
			}
			return
		}
	}
	t.Errorf("the stream ended without the edit: %v", lines.Err())
}

// checkCrash kills the lab itself; then nothing of it runs any more, and what it made
// can be removed.
func (r *running) checkCrash(t *testing.T) {
	s := r.state(t)
	r.must(t, r.cmd.Process.Kill())
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		var alive []string
		for _, h := range s.Hosts {
			for _, p := range h.Processes {
				if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.PID)); p.PID != 0 && err == nil && !strings.Contains(string(stat), ") Z ") {
					alive = append(alive, h.Name+"/"+p.Name)
				}
			}
		}
		if len(alive) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("5 s after the lab was killed there still run %q", alive)
		}
	}
	if out, err := exec.Command(r.lab, "--name", r.name, "down").CombinedOutput(); err != nil {
		t.Fatalf("down: %v: %s", err, out)
	}
	left, err := filepath.Glob("/run/netns/" + r.name + "-*")
	r.must(t, err)
	for _, folder := range []string{runFolder(r.name), hostsFolder(r.name)} {
		if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
			left = append(left, folder)
		}
	}
	if len(left) > 0 {
		t.Errorf("after down there is still %q", left)
	}
}
