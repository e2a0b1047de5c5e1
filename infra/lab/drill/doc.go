// Package drill does to a running lab what happens to machines, under load from
// outside, and holds what came of it against what was promised.
//
// A drill is a script (drills.go): the load starts, something is broken, it is healed,
// the load ends, and checks look at the history of everything that was asked and
// answered (history.go). They know nothing but that history, and what the site says of
// its own past afterwards: each edit writes a note that no other edit writes, so that
// by its note every state of a day is told from every other.
package drill
