package handlers_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"syscall"
	"testing"
	"time"
)

// spent is what a request took.
type spent struct {
	status int
	// processor is the time that the whole process had of the processors meanwhile, the
	// collector of garbage included. Nothing else runs in it. Unlike the time on a clock it
	// does not grow when other programs want the processors too.
	processor, clock time.Duration
	// peak is how much more memory the program had from the system than before.
	peak uint64
	sent int64 // bytes of the answer, compressed
}

func (s spent) String() string {
	return fmt.Sprintf("%d in %4d ms of processor, %4d ms by the clock, %3d MB, %d kB sent", s.status, s.processor.Milliseconds(), s.clock.Milliseconds(), s.peak>>20, s.sent>>10)
}

// spare is how much less than the bound the program is told to stay in: its collector keeps
// to that roughly.
const spare = 4 << 20

// spentOn serves a request and says what that took. The program is told that it has only so
// much memory more than it has now, as with GOMEMLIMIT: it then collects garbage when it has
// to, and pays for that in processor time. What is more than that at the peak was in use.
//
// If leave is set, the caller leaves after so many bytes of the answer.
func spentOn(t *testing.T, h http.Handler, r *http.Request, memory uint64, leave int64) spent {
	t.Helper()
	ctx, end := context.WithCancel(r.Context())
	defer end()
	w := &drain{header: http.Header{}, leave: end, after: cmp.Or(leave, math.MaxInt64)}
	if r.Header.Get("Accept") == "text/event-stream" {
		w.after = 1
	}
	debug.FreeOSMemory()
	before := inUse()
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(int64(before + memory - spare)))
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	peak := watch(before)
	used, begun := processorTime(t), time.Now()
	func() {
		defer func() {
			what := recover()
			if err, is := what.(error); what != nil && (leave == 0 || !is || !errors.Is(err, http.ErrAbortHandler)) {
				panic(what)
			}
		}()
		h.ServeHTTP(w, r.WithContext(ctx))
	}()
	s := spent{status: w.status, clock: time.Since(begun), processor: processorTime(t) - used, sent: w.sent}
	s.peak = peak()
	return s
}

// watch looks every millisecond at how much memory is in use, until it is asked how much
// more that was at most than before.
func watch(before uint64) (peak func() uint64) {
	var most uint64
	var watching sync.WaitGroup
	stop := make(chan struct{})
	watching.Go(func() {
		for tick := time.NewTicker(time.Millisecond); ; {
			most = max(most, inUse())
			select {
			case <-stop:
				tick.Stop()
				return
			case <-tick.C:
			}
		}
	})
	return func() uint64 {
		close(stop)
		watching.Wait()
		return max(most, inUse(), before) - before
	}
}

// inUse is the memory that the runtime has from the system and did not give back.
func inUse() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return samples[0].Value.Uint64() - samples[1].Value.Uint64()
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// drain is a caller who takes the answer and keeps none of it.
type drain struct {
	header      http.Header
	status      int
	sent, after int64
	leave       func() // called once so many bytes were sent as after says
}

func (d *drain) Header() http.Header { return d.header }

func (d *drain) WriteHeader(status int) {
	if d.status == 0 {
		d.status = status
	}
}

func (d *drain) Write(b []byte) (int, error) {
	d.WriteHeader(http.StatusOK)
	d.sent += int64(len(b))
	if d.sent < d.after {
		return len(b), nil
	}
	d.leave()
	return 0, io.ErrClosedPipe
}

// Flush implements http.Flusher.
func (d *drain) Flush() {}
