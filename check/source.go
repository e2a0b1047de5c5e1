package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// checkNpm installs exactly what the lock file names and puts the browser files in place.
func checkNpm(ctx context.Context, s *step) error {
	// npm never runs the packages' own scripts, so none of them can download a browser.
	if err := s.command(ctx, "npm", "ci", "--ignore-scripts", "--prefer-offline", "--loglevel=error").Run(); err != nil {
		return fmt.Errorf("npm ci: %w", err)
	}
	return s.command(ctx, "go", "tool", "task", "assets").Run()
}

func checkGenerated(ctx context.Context, s *step) error {
	if err := s.command(ctx, "go", "tool", "-modfile=tools/go.mod", "templ", "generate", "-path", "views", "-check", "-log-level=warn").Run(); err != nil {
		return fmt.Errorf("run go tool task generate, and commit what it writes: %w", err)
	}
	return nil
}

func checkVet(ctx context.Context, s *step) error {
	return s.command(ctx, "go", "vet", "./...").Run()
}

// checkLint builds golangci-lint from a module file of its own, so that its many
// dependencies stay out of the program's.
func checkLint(ctx context.Context, s *step) error {
	return s.command(ctx, "go", "tool", "-modfile=lint/go.mod", "golangci-lint", "run").Run()
}

// checkStyle holds the style sheets to stylelint.config.mjs, and what runs in browsers and on
// Node.js to eslint.config.mjs.
func checkStyle(ctx context.Context, s *step) error {
	return errors.Join(
		s.command(ctx, "node", "node_modules/stylelint/bin/stylelint.mjs", "assets/css/*.css").Run(),
		s.command(ctx, "node", "node_modules/eslint/bin/eslint.js", "--max-warnings=0", "assets/js", "check", "*.mjs").Run(),
	)
}

// checkFormat compares each file with what go tool task fmt would make of it.
func checkFormat(ctx context.Context, s *step) error {
	files, err := filesNamed(".go", ".templ")
	if err != nil {
		return err
	}
	bad := 0
	for _, path := range files {
		formatted := format.Source
		switch {
		case strings.HasSuffix(path, "_templ.go"):
			continue
		case strings.HasSuffix(path, ".templ"):
			formatted = func([]byte) ([]byte, error) {
				cmd := s.command(ctx, "go", "tool", "-modfile=tools/go.mod", "templ", "fmt", "-log-level=warn", "-stdout", path)
				cmd.Stdout = nil // Output collects it
				return cmd.Output()
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		want, err := formatted(got)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if !bytes.Equal(got, want) {
			fmt.Fprintln(s.out, path)
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d files are not formatted: run go tool task fmt", bad)
	}
	return nil
}

// filesNamed gives the project's files whose names have one of these endings, without those
// of hidden folders and of packages from elsewhere.
func filesNamed(endings ...string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || strings.HasPrefix(entry.Name(), ".") && path != "."):
			return fs.SkipDir
		case !entry.IsDir() && slices.Contains(endings, filepath.Ext(path)):
			files = append(files, path)
		}
		return nil
	})
	return files, err
}
