//go:build race

package corpus

// raceDetector: the tests run with it.
const raceDetector = true
