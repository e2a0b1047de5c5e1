package main

// The Go code of the views is generated from their .templ files and committed.
//
//go:generate go tool -modfile=tools/go.mod templ generate -path views
