package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
)

// version is set by the build.
var version = "dev"

// versionCmd prints which version of the program this is, what it was built from, and by what.
type versionCmd struct{}

func (versionCmd) run(stdout io.Writer) error {
	if _, err := fmt.Fprintln(stdout, version); err != nil {
		return err
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		if commit := commitOf(info.Settings); commit != "" {
			if _, err := fmt.Fprintln(stdout, commit); err != nil {
				return err
			}
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
	commit := noted["vcs.revision"]
	if commit == "" {
		return ""
	}
	text := fmt.Sprintf("commit %s of %s", commit, noted["vcs.time"])
	if noted["vcs.modified"] == "true" {
		text += ", with changes"
	}
	return text
}
