// Package smtptest runs a real mail server on loopback for tests: Exim from Debian, which takes
// mails with STARTTLS or TLS and a password, and puts them into a folder that a test reads.
//
// OpenSMTPD would be smaller, but that of Debian 12 fails every TLS handshake with OpenSSL 3
// (https://github.com/OpenSMTPD/OpenSMTPD/issues/1171).
package smtptest

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	_ "embed"
	"encoding/pem"
	"fmt"
	"maps"
	"math/big"
	"net"
	netmail "net/mail"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"

	"dailyroster/check/testreport"
)

// Who may send.
const (
	User     = "roster"
	Password = "correct-horse-battery"
)

// Domain is the one for which mails are taken. Addresses of others are refused for good, as is
// Refused, and Later is refused for now.
const (
	Domain  = "example.org"
	Refused = "refused@" + Domain
	Later   = "later@" + Domain
)

const (
	binary = "/usr/sbin/exim4"
	host   = "localhost" // in the certificate
)

//go:embed exim.conf.tmpl
var confTemplate string

// A Server is a mail server. Its methods fail the test that started it.
type Server struct {
	STARTTLS string // where it takes mails after STARTTLS and a password, host:port
	TLS      string // the same with TLS from the start
	Plain    string // and without encryption or a password
	RootCAs  *x509.CertPool
	CertFile string // of who vouches for it, in PEM

	t    testing.TB
	dir  string
	mu   sync.Mutex
	seen map[string]mail // by path
	log  *bytes.Buffer
	cmd  *exec.Cmd
	gone chan struct{}
}

// Start starts a server, which ends with the test. Where there is none the test is skipped:
// promises names what is not checked then.
func Start(t testing.TB, promises string) *Server {
	t.Helper()
	if why := missing(); why != "" {
		_, _ = fmt.Fprintf(os.Stderr, "\n*** NOT CHECKED, as %s: %s: %s\n\n", why, t.Name(), promises)
		testreport.Skip(t, promises, why)
	}
	t.Cleanup(func() {
		if !t.Failed() {
			testreport.Ran(t, promises)
		}
	})
	s := &Server{t: t, dir: t.TempDir(), seen: map[string]mail{}}
	for dir := s.dir; strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) { // it runs as a user of its own
		s.must(os.Chmod(dir, 0o755))
	}
	s.certify()
	for _, dir := range []string{"mail", "spool", "log"} {
		s.must(os.Mkdir(filepath.Join(s.dir, dir), 0o700))
	}
	exim, err := user.Lookup(eximUser)
	s.must(err)
	uid, err := strconv.Atoi(exim.Uid)
	s.must(err)
	gid, err := strconv.Atoi(exim.Gid)
	s.must(err)
	for _, name := range []string{"mail", "spool", "log", "key.pem", "cert.pem"} {
		s.must(os.Chown(filepath.Join(s.dir, name), uid, gid))
	}
	ports := freePorts(t, 3)
	s.STARTTLS, s.TLS, s.Plain = net.JoinHostPort(host, ports[0]), net.JoinHostPort(host, ports[1]), net.JoinHostPort(host, ports[2])
	var conf bytes.Buffer
	s.must(template.Must(template.New("").Parse(confTemplate)).Execute(&conf, map[string]any{
		"Dir": s.dir, "User": eximUser, "Domain": Domain, "Name": User, "Password": Password, "PerConnection": perConnection,
		"STARTTLS": ports[0], "TLS": ports[1], "Plain": ports[2],
	}))
	s.must(os.WriteFile(filepath.Join(s.dir, "exim.conf"), conf.Bytes(), 0o644)) // it reads it anew as its own user
	t.Cleanup(func() {
		s.Stop()
		if t.Failed() {
			for _, name := range []string{"main", "reject", "panic"} {
				text, err := os.ReadFile(filepath.Join(s.dir, "log", name))
				if err == nil {
					t.Logf("the end of the %s log of the mail server:\n%s", name, text[max(0, len(text)-4000):])
				}
			}
		}
	})
	s.Restart()
	return s
}

const (
	eximUser      = "Debian-exim"
	perConnection = 100 // mails, as many servers have a limit
)

func missing() string {
	if os.Geteuid() != 0 {
		return "a mail server needs root"
	}
	if _, err := exec.LookPath(binary); err != nil {
		return "there is no mail server (Debian: exim4-daemon-light)"
	}
	return ""
}

// Restart starts the server that Stop has stopped.
func (s *Server) Restart() {
	s.t.Helper()
	s.log, s.gone = &bytes.Buffer{}, make(chan struct{})
	s.cmd = exec.CommandContext(context.WithoutCancel(s.t.Context()), binary, "-C", filepath.Join(s.dir, "exim.conf"), "-bdf", "-q2s") // the queue, for what a Stop has interrupted
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s.must(s.cmd.Start())
	cmd, gone := s.cmd, s.gone
	go func() {
		_ = cmd.Wait()
		close(gone)
	}()
	for _, address := range []string{s.STARTTLS, s.TLS, s.Plain} {
		s.await(address)
	}
}

// await waits until the server listens.
func (s *Server) await(address string) {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(s.t.Context(), "tcp", address)
		if err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-s.gone:
			s.t.Fatalf("the mail server ended:\n%s", s.log)
		default:
		}
		if time.Now().After(end) {
			s.t.Fatalf("the mail server does not listen at %s: %v", address, err)
		}
	}
}

// Stop ends the server, if it runs.
func (s *Server) Stop() {
	s.signal(syscall.SIGCONT)
	s.signal(syscall.SIGKILL)
	if s.cmd != nil && s.cmd.Process != nil {
		<-s.gone
	}
	s.cmd = nil
}

// Freeze lets the server hang: connections are taken, and nothing is answered.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

// signal tells the server and all that it has started.
func (s *Server) signal(what syscall.Signal) {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = syscall.Kill(-s.cmd.Process.Pid, what)
	}
}

// A mail is one in the folder.
type mail struct {
	to   string
	text []byte
}

// mails are all in the folder.
func (s *Server) mails() map[string]mail {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	paths, err := filepath.Glob(filepath.Join(s.dir, "mail", "new", "*"))
	s.must(err)
	for _, path := range paths {
		if _, seen := s.seen[path]; seen {
			continue
		}
		text, err := os.ReadFile(path)
		s.must(err)
		parsed, err := netmail.ReadMessage(bytes.NewReader(text))
		s.must(err)
		s.seen[path] = mail{to: parsed.Header.Get("Envelope-To"), text: text}
	}
	return maps.Clone(s.seen)
}

// Mails are those that an address has, as they came, in no order.
func (s *Server) Mails(address string) [][]byte {
	s.t.Helper()
	var texts [][]byte
	for _, each := range s.mails() {
		if each.to == address {
			texts = append(texts, each.text)
		}
	}
	return texts
}

// Counts are how many mails each address has.
func (s *Server) Counts() map[string]int {
	s.t.Helper()
	counts := map[string]int{}
	for _, each := range s.mails() {
		counts[each.to]++
	}
	return counts
}

// Await waits until an address has so many mails: a server takes them first, and delivers them
// then.
func (s *Server) Await(address string, n int) [][]byte {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		mails := s.Mails(address)
		if len(mails) >= n {
			return mails
		}
		if time.Now().After(end) {
			s.t.Fatalf("%s has %d mails, want %d", address, len(mails), n)
		}
	}
}

// certify makes a certificate that vouches for itself.
func (s *Server) certify() {
	s.t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	s.must(err)
	now := time.Now()
	made := &x509.Certificate{
		SerialNumber: big.NewInt(now.UnixNano()), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true, IsCA: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, made, made, &key.PublicKey, key)
	s.must(err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	s.must(err)
	certText := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	s.CertFile = filepath.Join(s.dir, "cert.pem")
	s.must(os.WriteFile(s.CertFile, certText, 0o600))
	s.must(os.WriteFile(filepath.Join(s.dir, "key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	s.RootCAs = x509.NewCertPool()
	s.RootCAs.AppendCertsFromPEM(certText)
}

func (s *Server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// freePorts are ports that nobody listens on.
func freePorts(t testing.TB, n int) []string {
	t.Helper()
	var ports []string
	var listeners []net.Listener
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners = append(listeners, listener)
		_, port, err := net.SplitHostPort(listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, port)
	}
	for _, listener := range listeners {
		_ = listener.Close()
	}
	return ports
}
