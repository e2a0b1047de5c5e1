// Package drill breaks a running lab in the ways in which machines fail, under load from
// outside, and compares the result with what is promised.
//
// A drill is a script (drills.go): the load starts, something is broken, it is healed,
// the load ends, and checks look at the history of everything that was asked and
// answered (history.go). They know nothing but that history, and what the site says of
// its own past afterwards: each edit writes a note that no other edit writes, so that
// by its note every state of a day is told from every other.
package drill
