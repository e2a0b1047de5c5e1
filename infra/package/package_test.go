package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// inProject works in the project's folder, where the program is run.
func inProject(t *testing.T) {
	t.Helper()
	t.Chdir(filepath.Join("..", ".."))
}

func TestUnitOf(t *testing.T) {
	inProject(t)
	template, err := os.ReadFile(unitTemplate)
	if err != nil {
		t.Fatal(err)
	}
	defaults, err := os.ReadFile(unitDefaults)
	if err != nil {
		t.Fatal(err)
	}
	unit, err := unitOf(string(template), string(defaults))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"EnvironmentFile=/etc/roster/roster.env\n", "ExecStart=/usr/bin/roster serve\n", "MemoryMax=1G\n", "DynamicUser=yes\n"} {
		if !strings.Contains(unit, line) {
			t.Errorf("the unit: got no %q in\n%s", line, unit)
		}
	}
	if _, err := unitOf(string(template)+"{{ roster_unheard_of }}", string(defaults)); err == nil {
		t.Error("a variable without a value: got no error, want one")
	}
}

// A package sorts before the release that it leads to, and after those of earlier commits.
func TestNumbers(t *testing.T) {
	date := time.Date(2026, 11, 29, 10, 52, 45, 0, time.FixedZone("", 3600))
	for version, want := range map[string]string{
		"v0.1.0":                 "0.1.0",
		"v0.1.0-3-gabc1234":      "0.1.0~20261129095245.v0.1.0.3.gabc1234",
		"abc1234-dirty":          "0.1.0~20261129095245.abc1234.dirty",
		"v1.20.3-rc1":            "0.1.0~20261129095245.v1.20.3.rc1",
		"unversioned":            "0.1.0~20261129095245.unversioned",
		"v2.0.1":                 "2.0.1",
		"v2.0.1.4":               "0.1.0~20261129095245.v2.0.1.4",
		"feature/names-abc-dirt": "0.1.0~20261129095245.feature.names.abc.dirt",
	} {
		got, before := options{version: version, date: date}.numbers()
		if before != "" {
			got += "~" + before
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", version, got, want)
		}
	}
}

// packages makes packages for this kind of machine.
func packages(t *testing.T) string {
	t.Helper()
	into := t.TempDir()
	if err := run(t.Context(), []string{"-version", "v0.1.0", "-commit", "6d644a5", "-date", "2026-11-29T09:52:45Z", "-arch", runtime.GOARCH, "-into", into}); err != nil {
		t.Fatal(err)
	}
	return into
}

func TestPackages(t *testing.T) {
	inProject(t)
	first, second := packages(t), packages(t)
	made, err := filepath.Glob(filepath.Join(first, "*"))
	if err != nil || len(made) != 2 {
		t.Fatalf("got %v, %v, want a .deb and a .rpm", made, err)
	}
	for _, path := range made {
		a, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(filepath.Join(second, filepath.Base(path))); err != nil || !bytes.Equal(a, b) {
			t.Errorf("%s, made twice: got other bytes, or %v, want the same", filepath.Base(path), err)
		}
	}
	t.Run("contents", func(t *testing.T) { wantContents(t, made) })
	t.Run("install", func(t *testing.T) {
		tryInFreshTree(t, made[slices.IndexFunc(made, func(p string) bool { return strings.HasSuffix(p, ".deb") })])
	})
}

// files are those that both kinds of package have.
func files() []string {
	return []string{
		"/usr/bin/roster", "/usr/lib/systemd/system/roster.service", "/etc/roster/roster.env", "/usr/share/man/man1/roster.1.gz",
		"/usr/share/bash-completion/completions/roster", "/usr/share/fish/vendor_completions.d/roster.fish", "/usr/share/doc/roster/copyright",
	}
}

func wantContents(t *testing.T, made []string) {
	for _, path := range made {
		list := []string{"dpkg-deb", "--contents", path}
		if strings.HasSuffix(path, ".rpm") {
			list = []string{"rpm", "-qlp", path}
		}
		if _, err := exec.LookPath(list[0]); err != nil {
			t.Skipf("not tried, that a package has its files: %s is not installed", list[0])
		}
		out, err := exec.CommandContext(t.Context(), list[0], list[1:]...).Output()
		if err != nil {
			t.Fatalf("%v: %v", list, err)
		}
		for _, file := range files() {
			if !strings.Contains(string(out), file+"\n") {
				t.Errorf("%s: got no %s in\n%s", filepath.Base(path), file, out)
			}
		}
	}
}

// tryInFreshTree installs the package in a new Debian, which debootstrap makes, starts the program
// there with the settings of the package, and removes it again.
func tryInFreshTree(t *testing.T, deb string) {
	debootstrap, err := exec.LookPath("debootstrap")
	if err != nil || os.Geteuid() != 0 {
		t.Skip("not tried, that the package installs and starts in a new Debian: that needs root and debootstrap")
	}
	tree := filepath.Join(t.TempDir(), "tree")
	do := func(name string, args ...string) string {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s %v: %v:\n%.2000s", name, args, err, out)
		}
		return string(out)
	}
	if out, err := exec.CommandContext(t.Context(), debootstrap, "--variant=minbase", "stable", tree).CombinedOutput(); err != nil {
		t.Skipf("not tried, that the package installs and starts in a new Debian: debootstrap made none: %v:\n%.1000s", err, out)
	}
	in := func(args ...string) string { t.Helper(); return do("chroot", append([]string{tree}, args...)...) }
	do("cp", deb, filepath.Join(tree, "tmp", "roster.deb"))
	in("dpkg", "--install", "/tmp/roster.deb")
	if got := in("roster", "version"); !strings.HasPrefix(got, "v0.1.0\ncommit ") || !strings.Contains(got, " of 20") {
		t.Errorf("roster version: got %q, want v0.1.0 first, and the commit and its date", got)
	}
	wantServing(t, tree)
	in("sh", "-c", "echo ROSTER_ZONE=Europe/Berlin >> /etc/roster/roster.env")
	in("dpkg", "--install", "/tmp/roster.deb")
	settings, err := os.ReadFile(filepath.Join(tree, "etc", "roster", "roster.env"))
	if err != nil || !strings.Contains(string(settings), "Europe/Berlin") {
		t.Errorf("the settings after an upgrade: got %q, %v, want what was changed", settings, err)
	}
	in("dpkg", "--remove", "roster")
	if _, err := os.Stat(filepath.Join(tree, "usr", "bin", "roster")); err == nil {
		t.Error("the program after its removal: got it, want it gone")
	}
	if _, err := os.Stat(filepath.Join(tree, "etc", "roster", "roster.env")); err != nil {
		t.Errorf("the settings after a removal: got %v, want them kept", err)
	}
}

// wantServing starts the program as its unit would, on another port, and wants its page.
func wantServing(t *testing.T, tree string) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	cmd := exec.CommandContext(ctx, "chroot", tree, "sh", "-c",
		"mkdir -p /var/lib/roster && cd /var/lib/roster && set -a && . /etc/roster/roster.env && ROSTER_LISTEN="+address+" exec roster serve")
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	page, err := "", error(nil)
	for begun := time.Now(); time.Since(begun) < 20*time.Second; time.Sleep(50 * time.Millisecond) {
		if page, err = read(t.Context(), "http://"+address+"/"); err == nil {
			break
		}
	}
	stop()
	_ = cmd.Wait() // it was interrupted
	if err != nil || !strings.Contains(page, "Daily Roster") {
		t.Errorf("the page of the installed program: got %v and %.200q, want it\n%.2000s", err, page, said.String())
	}
	if _, err := os.Stat(filepath.Join(tree, "var", "lib", "roster", "roster.db")); err != nil {
		t.Errorf("the store of the installed program: got %v, want it below /var/lib/roster", err)
	}
}

func read(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return string(body), err
}
