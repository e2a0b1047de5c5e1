package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dailyroster/check/testreport"
)

// tool runs one of those that make a release.
func tool(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"tool", "-modfile=tools/release.mod"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// base serves an image that has nothing but a file, for two kinds of machine, from a registry on this
// one: the usual base is on the internet.
func base(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	crane := tool(t, "-n", "crane") // the program itself, so that it ends with the test
	registry := exec.CommandContext(t.Context(), crane, "registry", "serve", "--address", address)
	if err := registry.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = registry.Wait() })
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			break
		}
		if time.Since(begun) > time.Minute {
			t.Fatal("the registry does not listen")
		}
	}
	layer := filepath.Join(t.TempDir(), "layer.tar")
	var archive bytes.Buffer
	files := tar.NewWriter(&archive)
	const passwd = "nonroot:x:65532:65532::/:/sbin/nologin\n"
	if err := files.WriteHeader(&tar.Header{Name: "etc/passwd", Mode: 0o644, Size: int64(len(passwd))}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(files, passwd); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(files.Close(), os.WriteFile(layer, archive.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	args := []string{"crane", "index", "append", "--tag", address + "/base:latest"}
	for _, arch := range []string{"amd64", "arm64"} {
		name := address + "/base:" + arch
		tool(t, "crane", "append", "--oci-empty-base", "--new_layer", layer, "--new_tag", name)
		tool(t, "crane", "mutate", "--set-platform", "linux/"+arch, "--user", "65532", "--tag", name, name)
		args = append(args, "--manifest", name)
	}
	tool(t, args...)
	return address + "/base:latest"
}

// descriptor names a part of an image, see https://github.com/opencontainers/image-spec.
type descriptor struct {
	Digest   string `json:"digest"`
	Platform struct {
		Architecture string `json:"architecture"`
	} `json:"platform"`
}

func (d descriptor) read(t *testing.T, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("bin", "image", "blobs", strings.Replace(d.Digest, ":", "/", 1)))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// The image has the program for both kinds of machine, runs it as nobody in particular, and is the
// same when it is made again.
func TestImage(t *testing.T) {
	const what = "a container image, made twice"
	inRepository(t, what)
	t.Setenv("KO_DEFAULTBASEIMAGE", base(t))
	make := func() (index struct {
		Manifests []descriptor `json:"manifests"`
	},
	) {
		t.Helper()
		if out, err := exec.CommandContext(t.Context(), "go", "tool", "task", "image").CombinedOutput(); err != nil {
			t.Fatalf("task image: %v\n%s", err, out)
		}
		text, err := os.ReadFile("bin/image/index.json")
		if err == nil {
			err = json.Unmarshal(text, &index)
		}
		if err != nil || len(index.Manifests) != 1 {
			t.Fatalf("bin/image/index.json: got %s, %v, want one image", text, err)
		}
		return index
	}
	first := make()
	var kinds struct {
		Manifests []descriptor `json:"manifests"`
	}
	first.Manifests[0].read(t, &kinds)
	var arches []string
	for _, kind := range kinds.Manifests {
		arches = append(arches, kind.Platform.Architecture)
		var manifest struct {
			Config descriptor   `json:"config"`
			Layers []descriptor `json:"layers"`
		}
		kind.read(t, &manifest)
		var config struct {
			Architecture string
			Config       struct {
				User       string
				Entrypoint []string
			}
		}
		manifest.Config.read(t, &config)
		if config.Architecture != kind.Platform.Architecture || config.Config.User != "65532" || len(config.Config.Entrypoint) != 1 {
			t.Errorf("%s: got %+v, want its kind, the user of the base, and the program", kind.Platform.Architecture, config)
			continue
		}
		if kind.Platform.Architecture == runtime.GOARCH {
			tryImage(t, manifest.Layers, config.Config.Entrypoint[0])
		}
	}
	if !slices.Contains(arches, "amd64") || !slices.Contains(arches, "arm64") {
		t.Errorf("got images for %v, want amd64 and arm64", arches)
	}
	if second := make(); second.Manifests[0].Digest != first.Manifests[0].Digest {
		t.Errorf("made twice: got %s and %s, want the same", first.Manifests[0].Digest, second.Manifests[0].Digest)
	}
	testreport.Ran(t, what)
}

// tryImage unpacks an image and runs what it runs, with nothing else of the machine to be seen.
func tryImage(t *testing.T, layers []descriptor, program string) {
	t.Helper()
	root := t.TempDir()
	for _, layer := range layers {
		file, err := os.Open(filepath.Join("bin", "image", "blobs", strings.Replace(layer.Digest, ":", "/", 1)))
		if err != nil {
			t.Fatal(err)
		}
		unpack(t, file, root)
		_ = file.Close()
	}
	if os.Geteuid() != 0 {
		testreport.Skip(t, "the image runs", "only root may show a program nothing of the machine")
	}
	cmd := exec.CommandContext(t.Context(), program, "version")
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532}}
	if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("go1.")) {
		t.Errorf("%s version, in the image: got %q, %v", program, out, err)
	}
	testreport.Ran(t, "the image runs")
}

func unpack(t *testing.T, zipped io.Reader, root string) {
	t.Helper()
	unzipped, err := gzip.NewReader(zipped)
	if err != nil {
		t.Fatal(err)
	}
	for archive := tar.NewReader(unzipped); ; {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(root, filepath.Clean("/"+header.Name))
		if header.Typeflag == tar.TypeDir {
			err = os.MkdirAll(path, 0o755)
		} else if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			var data []byte
			if data, err = io.ReadAll(archive); err == nil {
				err = os.WriteFile(path, data, header.FileInfo().Mode())
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
