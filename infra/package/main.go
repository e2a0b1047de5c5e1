// Command package makes the packages of a release, .deb and .rpm for amd64 and arm64: the program,
// its systemd unit (the one of the Ansible role), its settings, the manual page, and what shells read
// to complete its commands. The same commit gives the same bytes.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// nextRelease is what the packages of a commit without a tag come before.
const nextRelease = "0.1.0"

// unitTemplate is the role's unit, for Ansible, and unitDefaults has the values of its variables.
const (
	unitTemplate = "infra/roles/roster/templates/roster.service.j2"
	unitDefaults = "infra/roles/roster/defaults/main.yml"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	do, args := run, os.Args[1:]
	if len(args) > 0 && args[0] == "sbom" {
		do, args = sbom, args[1:]
	}
	err := do(ctx, args)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "package:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	var o options
	flags := flag.NewFlagSet("package", flag.ContinueOnError)
	flags.StringVar(&o.version, "version", "", "what git describe says")
	flags.StringVar(&o.commit, "commit", "", "the commit, whole")
	flags.StringVar(&o.into, "into", "bin/packages", "the folder for the packages")
	arches := flags.String("arch", "amd64,arm64", "for which machines")
	flags.Func("date", "of the commit, RFC 3339", func(text string) (err error) {
		o.date, err = time.Parse(time.RFC3339, text)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if o.date.IsZero() || o.version == "" {
		return fmt.Errorf("-version and -date say what the packages are of")
	}
	files, err := os.MkdirTemp("", "roster-package-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(files) }()
	if err := o.fill(ctx, files); err != nil {
		return err
	}
	if err := os.MkdirAll(o.into, 0o755); err != nil {
		return err
	}
	for arch := range strings.SplitSeq(*arches, ",") {
		if err := o.make(ctx, files, arch); err != nil {
			return fmt.Errorf("%s: %w", arch, err)
		}
	}
	return nil
}

// options say what the packages are of, and where they go.
type options struct {
	version string // as git describe says it: v0.1.0, v0.1.0-3-gabc1234 or abc1234
	commit  string
	date    time.Time // of the commit; every file in a package has it
	into    string
}

// numbers are the version as packages have it, which sorts before the release that comes next.
func (o options) numbers() (version, prerelease string) {
	if tag := regexp.MustCompile(`^v(\d+\.\d+\.\d+)$`).FindStringSubmatch(o.version); tag != nil {
		return tag[1], ""
	}
	return nextRelease, o.date.UTC().Format("20060102150405") + "." + strings.NewReplacer("-", ".", "/", ".").Replace(o.version)
}

// make makes the packages for one kind of machine, of the program and what is in the folder.
func (o options) make(ctx context.Context, files, arch string) error {
	if err := o.build(ctx, filepath.Join(files, "roster"), "linux", arch); err != nil {
		return err
	}
	template, err := os.ReadFile("infra/package/nfpm.yaml")
	if err != nil {
		return err
	}
	version, prerelease := o.numbers()
	config := filepath.Join(files, "nfpm.yaml")
	text := os.Expand(string(template), func(name string) string {
		return map[string]string{"ARCH": arch, "VERSION": version, "PRERELEASE": prerelease, "FILES": files, "DATE": o.date.UTC().Format(time.RFC3339)}[name]
	})
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	for _, kind := range []string{"deb", "rpm"} {
		cmd := exec.CommandContext(ctx, "go", "tool", "-modfile=tools/package.mod", "nfpm", "package",
			"--config", config, "--packager", kind, "--target", o.into)
		cmd.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", o.date.Unix()))
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("nfpm: %w", err)
		}
	}
	return nil
}

// build makes the program, static and without paths of this machine.
func (o options) build(ctx context.Context, path, system, arch string) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", strings.Join([]string{
		"-s -w -X main.version=" + o.version, "-X main.commit=" + o.commit, "-X main.date=" + o.date.UTC().Format(time.RFC3339),
	}, " "), "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// fill makes what goes with the program, on whatever machine, into the folder. What the program says
// of itself comes from one that runs here.
func (o options) fill(ctx context.Context, files string) error {
	template, err := os.ReadFile(unitTemplate)
	if err != nil {
		return err
	}
	defaults, err := os.ReadFile(unitDefaults)
	if err != nil {
		return err
	}
	unit, err := unitOf(string(template), string(defaults))
	if err != nil {
		return err
	}
	here := filepath.Join(files, "here")
	if err := o.build(ctx, here, runtime.GOOS, runtime.GOARCH); err != nil {
		return err
	}
	made := map[string][]byte{"roster.service": []byte(unit)}
	for name, args := range map[string][]string{
		"roster.1": {"manual"}, "roster.bash": {"completion", "bash"}, "_roster": {"completion", "zsh"}, "roster.fish": {"completion", "fish"},
	} {
		cmd := exec.CommandContext(ctx, here, args...)
		cmd.Stderr = os.Stderr
		if made[name], err = cmd.Output(); err != nil {
			return fmt.Errorf("roster %s: %w", strings.Join(args, " "), err)
		}
	}
	var zipped bytes.Buffer
	zip, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression) // without a name and a time
	if err != nil {
		return err
	}
	if _, err := zip.Write(made["roster.1"]); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	delete(made, "roster.1")
	made["roster.1.gz"] = zipped.Bytes()
	for name, data := range made {
		if err := os.WriteFile(filepath.Join(files, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// unitOf is the role's unit as a package has it: for the whole host, with the program where packages
// put it.
func unitOf(template, defaults string) (string, error) {
	_, template, _ = strings.Cut(template, "\n") // who wrote it
	pairs := []string{"{{ roster_root }}/usr/local/bin", "/usr/bin", "{{ roster_root }}", ""}
	for line := range strings.Lines(defaults) {
		if name, value, ok := strings.Cut(line, ": "); ok {
			pairs = append(pairs, "{{ "+name+" }}", strings.TrimSpace(value))
		}
	}
	unit := strings.NewReplacer(pairs...).Replace(template)
	if strings.Contains(unit, "{{") {
		return "", fmt.Errorf("%s has a variable that packages know nothing of", unitTemplate)
	}
	return unit, nil
}
