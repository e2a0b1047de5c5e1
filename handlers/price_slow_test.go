//go:build !race

package handlers_test

// slowdown is how much more time everything takes, with what the tests were built for.
const slowdown = 1
