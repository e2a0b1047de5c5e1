package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// sbom writes what an archive of a release is made of, as an SPDX document (version 2.3, JSON). Syft
// finds it out, and would put a number drawn at random and the time of day into it: the document has
// the archive's name and the time of the commit instead, so that two are the same.
func sbom(ctx context.Context, args []string) error {
	var of, into string
	var date time.Time
	flags := flag.NewFlagSet("sbom", flag.ContinueOnError)
	flags.StringVar(&of, "of", "", "the archive")
	flags.StringVar(&into, "into", "", "the file for the document")
	flags.Func("date", "of the commit, RFC 3339", func(text string) (err error) {
		date, err = time.Parse(time.RFC3339, text)
		return err
	})
	if err := flags.Parse(args); err != nil {
		return err
	}
	if of == "" || into == "" || date.IsZero() {
		return errors.New("sbom: -of, -into and -date say what the document is of, and where it goes")
	}
	cmd := exec.CommandContext(ctx, "go", "tool", "-modfile=tools/release.mod", "syft", "scan", "file:"+of, "--quiet", "--output", "spdx-json")
	cmd.Env = append(os.Environ(), "SYFT_CHECK_FOR_APP_UPDATE=false")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("syft: %w", err)
	}
	var document map[string]any
	if err := json.Unmarshal(out, &document); err != nil {
		return fmt.Errorf("syft: %w", err)
	}
	creation, ok := document["creationInfo"].(map[string]any)
	if !ok {
		return errors.New("syft: the document does not say when it was made")
	}
	creation["created"] = date.UTC().Format(time.RFC3339)
	document["documentNamespace"] = "https://spdx.org/spdxdocs/" + filepath.Base(of)
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(into, append(text, '\n'), 0o644)
}
