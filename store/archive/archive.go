// Package archive writes everything that a store keeps as lines of JSON, and restores it
// into another store, on either backend, with every revision and every entry of the
// history as they were.
//
// # Format
//
// Each line is a JSON object with one member, which says what the line is:
//
//	{"export":{"format":"daily-roster","version":1,"made":"2026-11-23T09:00:00Z","by":"Daily Roster 1.0"}}
//	{"person":{"id":"ana-ruiz","name":"Ana Ruiz", …}}
//	{"team":{"id":"ops","name":"Ops", …}}
//	{"month":{"team":"ops","month":"2026-11","version":3,"days":[…],"changes":[…]}}
//	{"end":{"counts":{"changes":2,"days":1,"months":1,"people":1,"teams":1,"tokens":0},"sha256":"9f86d0…"}}
//
// People and teams are as roster.Person and roster.Team are written in JSON, removed ones
// too, and so are tokens: of a token's text only the hash is kept, so nobody can use what
// an export says of it. A month has the days that were ever touched, with their revisions, the number of
// its edits as version, and its history in order of taking effect; the number of a change
// is its place in the whole history of its team, oldest first. Between months that order
// is the one of the changes' times.
//
// The order of the lines is that of the kinds above and of their ids. So two stores that
// hold the same give the same lines, and the same checksum: the SHA-256, in hexadecimal,
// of all lines between the first and the last, line feeds included.
//
// A reader refuses a version, a kind of line, or a member that it does not know, rather
// than lose what it says.
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"maps"
	"time"
)

const (
	format  = "daily-roster"
	version = 1
)

// header is the first line.
type header struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Made    time.Time `json:"made"`
	By      string    `json:"by"`
}

// Summary says how much an export holds, and what in one number. Two that are equal are
// of the same roster.
type Summary struct {
	// Counts is how many there are of each kind: people, teams, months, days, changes.
	Counts map[string]int `json:"counts"`
	SHA256 string         `json:"sha256"`
}

// Equal reports whether both are of the same.
func (s Summary) Equal(o Summary) bool { return s.SHA256 == o.SHA256 && maps.Equal(s.Counts, o.Counts) }

// Progress is told, as often as something is done, how much of all is.
type Progress func(done, total int)

// None is for whoever does not want to know.
func None(int, int) {}

// tally counts items and sums up their lines.
type tally struct {
	counts map[string]int
	digest hash.Hash
}

func newTally() *tally {
	t := &tally{counts: map[string]int{"days": 0, "changes": 0}, digest: sha256.New()}
	for _, k := range kinds() {
		t.counts[k.plural] = 0
	}
	return t
}

func (t *tally) add(it item, line []byte) {
	t.counts[it.kind.plural]++
	for what, n := range it.within {
		t.counts[what] += n
	}
	_, _ = t.digest.Write(line) // a hash never fails to take
}

func (t *tally) summary() Summary {
	return Summary{Counts: t.counts, SHA256: hex.EncodeToString(t.digest.Sum(nil))}
}

// encode is a line: {"kind":value} and a line feed.
func encode(kind string, value any) ([]byte, error) {
	data, err := json.Marshal(map[string]any{kind: value})
	if err != nil {
		return nil, fmt.Errorf("a line of the export: %w", err)
	}
	return append(data, '\n'), nil
}
