package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// What the build sets: the version, and the commit and its date (RFC 3339), where it knows them.
var (
	version      = "dev"
	commit, date string //nolint:gochecknoglobals // the linker sets them, as it does the version
)

// versionCmd prints which version of the program this is, what it was built from, and by what.
type versionCmd struct{}

func (versionCmd) run(stdout io.Writer) error {
	if _, err := fmt.Fprintln(stdout, version); err != nil {
		return err
	}
	from := ""
	if info, ok := debug.ReadBuildInfo(); ok {
		from = commitOf(info.Settings)
	}
	if from == "" && commit != "" {
		from = fmt.Sprintf("commit %s of %s", commit, date)
	}
	if from != "" {
		if _, err := fmt.Fprintln(stdout, from); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(stdout, "%s, %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// commitOf says which commit a build was made from, when that was made (UTC), and whether files
// were changed since, as the Go command has noted it; "" where it has not, as outside a repository.
func commitOf(settings []debug.BuildSetting) string {
	noted := map[string]string{}
	for _, s := range settings {
		noted[s.Key] = s.Value
	}
	revision := noted["vcs.revision"]
	if revision == "" {
		return ""
	}
	text := fmt.Sprintf("commit %s of %s", revision, noted["vcs.time"])
	if noted["vcs.modified"] == "true" {
		text += ", with changes"
	}
	return text
}
