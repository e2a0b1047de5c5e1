package main

import (
	"context"
	"errors"
	"fmt"
)

// checkDocs holds the Markdown pages to markdownlint's rules and to those of check/docs, and
// their words and those of the templ files to misspell's lists. It goes on after a failure, so
// that whoever writes sees everything at once.
func checkDocs(ctx context.Context, s *step) error {
	texts, err := filesNamed(".md", ".templ")
	if err != nil {
		return err
	}
	var failures []error
	for _, c := range []struct {
		says    string
		command []string
	}{
		{"markdownlint found something", []string{"node", "node_modules/markdownlint-cli2/markdownlint-cli2-bin.mjs"}},
		// color is a word of CSS.
		{"misspell found something", append([]string{"go", "tool", "-modfile=lint/go.mod", "misspell", "-error", "-locale=UK", "-i=color"}, texts...)},
		{"a page breaks a rule of check/docs", []string{"go", "test", "./check/docs"}},
	} {
		if err := s.command(ctx, c.command[0], c.command[1:]...).Run(); err != nil {
			failures = append(failures, fmt.Errorf("%s: %w", c.says, err))
		}
	}
	return errors.Join(failures...)
}
