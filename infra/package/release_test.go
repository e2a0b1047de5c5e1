package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"dailyroster/check/testreport"
)

// inRepository works in the project's folder, if there is time to make something of a commit, and one.
func inRepository(t *testing.T, what string) {
	t.Helper()
	inProject(t)
	if testing.Short() {
		testreport.Skip(t, what, "not in a short run")
	}
	if err := exec.CommandContext(t.Context(), "git", "log", "-1").Run(); err != nil {
		testreport.Skip(t, what, "there is no git repository here")
	}
}

// release makes a release of this commit, and gives the sums that it says of its files.
func release(t *testing.T) map[string]string {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), "go", "tool", "task", "release", "--", "--snapshot").CombinedOutput(); err != nil {
		t.Fatalf("task release: %v\n%s", err, out)
	}
	text, err := os.ReadFile("bin/release/checksums.txt")
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		sums[name] = sum
	}
	return sums
}

// A release has the program for each machine, packages, and what each is made of; its sums are right,
// and when it is made again they are the same.
func TestRelease(t *testing.T) {
	const what = "a release, made twice"
	inRepository(t, what)
	sums := release(t)
	machines := []string{"linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"}
	for _, machine := range machines {
		of := func(end string) string {
			for name := range sums {
				if strings.HasSuffix(name, machine+end) {
					return filepath.Join("bin", "release", name)
				}
			}
			t.Fatalf("%s: got no %s among %v", machine, end, sums)
			return ""
		}
		system, arch, _ := strings.Cut(machine, "_")
		wantProgram(t, of(".tar.gz"), system, arch)
		wantDocument(t, of(".tar.gz.spdx.json"))
	}
	if want := 2*len(machines) + 4; len(sums) != want { // and four packages
		t.Errorf("got %d files, want %d: %v", len(sums), want, sums)
	}
	for name, want := range sums {
		data, err := os.ReadFile(filepath.Join("bin", "release", name))
		if errors.Is(err, os.ErrNotExist) {
			data, err = os.ReadFile(filepath.Join("bin", "packages", name))
		}
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != want {
			t.Errorf("%s has another sum than checksums.txt says", name)
		}
	}
	for name, sum := range release(t) {
		if sums[name] != sum {
			t.Errorf("%s, made twice: got other bytes, want the same", name)
		}
	}
	testreport.Ran(t, what)
}

// wantProgram looks into an archive for the program and what goes with it.
func wantProgram(t *testing.T, path, system, arch string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	unzipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	var program []byte
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
		if header.Name == "roster" {
			if program, err = io.ReadAll(archive); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, want := range []string{"CHANGELOG.md", "LICENSE", "README.md", "roster"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s has %v, want %s too", path, names, want)
		}
	}
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	if settings["GOOS"] != system || settings["GOARCH"] != arch || settings["-trimpath"] != "true" || settings["CGO_ENABLED"] != "0" {
		t.Errorf("%s: got a program for %s/%s, -trimpath %s, CGO_ENABLED %s", path, settings["GOOS"], settings["GOARCH"], settings["-trimpath"], settings["CGO_ENABLED"])
	}
	if system != "linux" {
		return
	}
	object, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	if slices.ContainsFunc(object.Progs, func(p *elf.Prog) bool { return p.Type == elf.PT_INTERP }) {
		t.Errorf("%s: the program needs libraries of the machine, want none", path)
	}
	if system == runtime.GOOS && arch == runtime.GOARCH {
		here := filepath.Join(t.TempDir(), "roster")
		if err := os.WriteFile(here, program, 0o700); err != nil {
			t.Fatal(err)
		}
		commit, err := exec.CommandContext(t.Context(), "git", "rev-parse", "--short", "HEAD").Output()
		if err != nil {
			t.Fatal(err)
		}
		said, err := exec.CommandContext(t.Context(), here, "version").Output()
		if err != nil || !bytes.Contains(said, bytes.TrimSpace(commit)) {
			t.Errorf("roster version: got %q, %v, want the commit %s", said, err, commit)
		}
	}
}

// wantDocument looks into an SPDX document for what the program is made of.
func wantDocument(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	type part struct {
		Name    string `json:"name"`
		Version string `json:"versionInfo"`
	}
	var document struct {
		Version  string `json:"spdxVersion"`
		Packages []part `json:"packages"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if document.Version != "SPDX-2.3" {
		t.Errorf("%s: got %q, want SPDX-2.3", path, document.Version)
	}
	for _, name := range []string{"stdlib", "go.etcd.io/bbolt", "github.com/gorilla/mux", "github.com/aerospike/aerospike-client-go/v7"} {
		i := slices.IndexFunc(document.Packages, func(p part) bool { return p.Name == name })
		if i < 0 || document.Packages[i].Version == "" {
			t.Errorf("%s: got no %s with its version among %d packages", path, name, len(document.Packages))
		}
	}
}
