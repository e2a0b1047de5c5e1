// Package nginxtest runs a real nginx for a test, with the settings that hosts or containers
// have.
package nginxtest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// places are the lines that say who nginx is on a host, and where it writes.
var places = regexp.MustCompile(`(?m)^(user|pid|error_log) .*\n|^ +(client_body_temp_path|proxy_temp_path|access_log) .*\n`)

// Start runs the program until the test ends, with the settings, in which it replaces port 80
// and all places that nginx writes to. It gives the URL at which nginx answers.
func Start(t *testing.T, program, settings string) (url string) {
	t.Helper()
	folder := t.TempDir()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	settings = strings.NewReplacer(
		"listen 80 default_server", "listen "+address,
		"http {", fmt.Sprintf("http {\nclient_body_temp_path %[1]s/b;\nproxy_temp_path %[1]s/p;\nfastcgi_temp_path %[1]s/f;\nuwsgi_temp_path %[1]s/u;\nscgi_temp_path %[1]s/s;\n", folder),
	).Replace(places.ReplaceAllString(settings, "")) + fmt.Sprintf("\npid %[1]s/nginx.pid;\nerror_log %[1]s/error.log;\ndaemon off;\n", folder)
	file := filepath.Join(folder, "nginx.conf")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatal(err)
	}
	nginx := exec.CommandContext(t.Context(), program, "-c", file, "-p", folder, "-e", folder+"/error.log")
	nginx.Cancel = func() error { return nginx.Process.Signal(os.Interrupt) }
	nginx.Stderr = os.Stderr
	if err := nginx.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nginx.Wait() })
	for range 100 {
		if conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address); err == nil {
			_ = conn.Close()
			return "http://" + address
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("nginx does not listen")
	return ""
}
