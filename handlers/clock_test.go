package handlers_test

import (
	"sync/atomic"
	"time"
)

// clock is a test's time, which stands still until the test moves it. Servers read it
// from goroutines of their own, also after they have answered.
type clock struct{ at atomic.Pointer[time.Time] }

func newClock(at time.Time) *clock {
	c := &clock{}
	c.set(at)
	return c
}

func (c *clock) now() time.Time          { return *c.at.Load() }
func (c *clock) set(at time.Time)        { c.at.Store(&at) }
func (c *clock) advance(d time.Duration) { c.set(c.now().Add(d)) }
