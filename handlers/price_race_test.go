//go:build race

package handlers_test

// slowdown is how much more time everything takes under the race detector, which says 2 to
// 20 times. The check of prices runs without it.
const slowdown = 15
