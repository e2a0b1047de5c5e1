package main

import (
	"fmt"
	"io"
)

// version is set by the build.
var version = "dev"

// versionCmd prints which version of the program this is.
type versionCmd struct{}

func (versionCmd) run(stdout io.Writer) error {
	_, err := fmt.Fprintln(stdout, version)
	return err
}
