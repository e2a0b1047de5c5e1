//go:build race

package corpus

// RaceDetector tells whether the tests run with it. It multiplies times and sizes.
const RaceDetector = true
