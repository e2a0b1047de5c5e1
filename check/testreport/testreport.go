// Package testreport lets a test report to the summary of a whole run what it covered and
// what it could not cover: see ROSTER_TEST_REPORT in package check.
package testreport

import (
	"fmt"
	"os"
	"testing"
)

// Ran notes that the named promise was tested for real.
func Ran(t testing.TB, what string) {
	t.Helper()
	add(t, "ran "+what)
}

// Skip notes that the named promise could not be tested, and why, and skips the test.
func Skip(t testing.TB, what, why string) {
	t.Helper()
	add(t, fmt.Sprintf("skipped %s: %s", what, why))
	t.Skipf("SKIPPED: %s: %s", what, why)
}

func add(t testing.TB, line string) {
	t.Helper()
	path := os.Getenv("ROSTER_TEST_REPORT")
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprintln(f, line); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}
