package e2e

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"dailyroster/check/testreport"
)

const documentedPromise = "the commands of docs/api.md, with curl"

// docBlock is code of a page, with its language.
var docBlock = regexp.MustCompile("(?s)```([a-z]+)\n(.*?\n)```\n")

// What differs from run to run: ids of requests, ids of changes, instants and dates.
var (
	docRequest = regexp.MustCompile(`\b[0-9a-f]{32}\b`)
	docULID    = regexp.MustCompile(`\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b`)
	docDate    = regexp.MustCompile(`\b\d{4}-\d\d-\d\d`) // of an instant, too
)

// The commands under "Try it" in docs/api.md, by the letter: each is answered as the page says.
func TestDocumentedCommands(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		testreport.Skip(t, documentedPromise, "there is no curl")
	}
	text, err := os.ReadFile("../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("## Try it\n"))
	text, _, _ = bytes.Cut(text, []byte("\n## "))
	s := startOn(t, "bolt:"+storeFile(t), "app-under-test", "--zone=UTC")

	setup, command, answers := "", "", 0 // setup is the first command, which sets variables for all
	for _, block := range docBlock.FindAllStringSubmatch(string(text), -1) {
		language, code := block[1], block[2]
		switch {
		case language == "sh" && setup == "":
			setup = strings.ReplaceAll(code, "http://127.0.0.1:8080", s.url)
			continue
		case language == "sh":
			command = code
			continue
		}
		answers++
		out, err := exec.Command("sh", "-ec", setup+strings.ReplaceAll(command, "curl ", "curl -sS ")).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: got %v, %s", command, err, out)
		}
		if got, want := masked(string(out)), masked(code); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", command, got, want)
		}
	}
	if answers < 5 {
		t.Errorf("docs/api.md: got %d commands with answers, want at least 5", answers)
	}
	testreport.Ran(t, documentedPromise)
}

// masked is an answer without what differs from run to run, and JSON without its line breaks.
func masked(text string) string {
	var compact bytes.Buffer
	if json.Compact(&compact, []byte(text)) == nil {
		text = compact.String()
	}
	text = docRequest.ReplaceAllString(text, "REQUEST")
	text = docULID.ReplaceAllString(text, "ULID")
	return strings.TrimSpace(strings.ReplaceAll(docDate.ReplaceAllString(text, "DATE"), "\r\n", "\n"))
}
