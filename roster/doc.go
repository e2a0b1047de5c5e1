// Package roster is the domain of Daily Roster: people, teams, days, shifts and
// hours. It is pure: no I/O, no clock of its own; every instant and every day comes in as an
// argument.
package roster
