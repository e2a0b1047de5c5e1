//go:build !race

package handlers_test

// raced tells whether the tests run under the race detector, which multiplies times and sizes.
const raced = false
