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
//	{"signout":{"id":"subject:ana", …}}
//	{"channel":{"id":"01j…","team":"ops","way":"webhook","address":"", …}}
//	{"notice":{"id":"mzxw6…","day":"2026-11-23","state":"sent", …}}
//	{"month":{"team":"ops","month":"2026-11","version":3,"days":[…],"changes":[…]}}
//	{"end":{"counts":{"changes":2,"days":1,"months":1,"people":1,"teams":1,"tokens":0},"sha256":"9f86d0…"}}
//
// People, teams, tokens and sign-outs are the JSON of roster.Person, roster.Team, credential.Token
// and credential.SignOut, removed ones included. Of a token's text only the hash is kept, so nobody can use a token
// from an export. Channels, which are notice.Channel, have neither address nor secret in an
// export: both let in whoever knows them. Copy carries them from one store to another. Of what is
// known of notices, each a notice.Record, there are those of the last day with any and of the two
// days before it, so that nobody is told again what they were told before; they are without the
// secrets of the links in them. A month has the days that have ever been edited, with their revisions;
// the number of its edits as version; and its history, in the order in which the changes
// took effect. The number of a change is its place in the whole history of its team, oldest
// first. Between months that order is the order of the changes' times.
//
// The order of the lines is that of the kinds above and of their ids. So two stores that
// hold the same give the same lines, and the same checksum: the SHA-256, in hexadecimal,
// of all lines between the first and the last, line feeds included.
//
// The version is 1; 2 where a team has hours or rates; and 3 where there are channels or notices,
// or somebody has chosen which notices they want. Programs from before these cannot restore
// them. A reader of version 3 restores all three. It refuses another version, a kind of line, or a
// member that it does not know, so that nothing is lost unnoticed.
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"time"

	"dailyroster/roster"
)

const (
	format = "daily-roster"
	// first is the version of exports that every program can restore, withHours of those with
	// hours or rates, and version of those with anything about notices.
	first     = 1
	withHours = 2
	version   = 3
)

// header is the first line.
type header struct {
	Format  string    `json:"format"`
	Version int       `json:"version"`
	Made    time.Time `json:"made"`
	By      string    `json:"by"`
}

// Summary is the counts of an export, and a checksum. Two equal summaries are of the same
// roster.
type Summary struct {
	// Counts is how many there are of each kind: people, teams, months, days, changes.
	Counts map[string]int `json:"counts"`
	SHA256 string         `json:"sha256"`
}

// Equal reports whether both are of the same roster.
func (s Summary) Equal(o Summary) bool { return s.SHA256 == o.SHA256 && maps.Equal(s.Counts, o.Counts) }

// Progress is called after each step, with how many of all are done.
type Progress func(done, total int)

// None shows no progress.
func None(int, int) {}

// tally counts items and sums up their lines.
type tally struct {
	counts map[string]int
	digest hash.Hash
}

func newTally() *tally {
	t := &tally{counts: map[string]int{"days": 0, "changes": 0}, digest: sha256.New()}
	for _, k := range kinds() {
		if !k.younger {
			t.counts[k.plural] = 0
		}
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
	data, err := roster.Record(map[string]any{kind: value})
	if err != nil {
		return nil, fmt.Errorf("a line of the export: %w", err)
	}
	return append(data, '\n'), nil
}
