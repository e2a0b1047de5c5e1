package store

import "sync"

// Recent remembers at least the last n values put into it, and never more than 2n. It is safe
// for use by many goroutines.
type Recent[K comparable, V any] struct {
	mu       sync.Mutex
	n        int
	now, old map[K]V
}

// NewRecent makes a Recent that has nothing yet.
func NewRecent[K comparable, V any](n int) *Recent[K, V] {
	return &Recent[K, V]{n: n, now: map[K]V{}}
}

// Get is what was put last, if that is remembered. What is asked for stays longer.
func (r *Recent[K, V]) Get(k K) (V, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.now[k]
	if !ok {
		if v, ok = r.old[k]; ok {
			r.set(k, v) // so that what is used stays
		}
	}
	return v, ok
}

// Put remembers a value.
func (r *Recent[K, V]) Put(k K, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.set(k, v)
}

// Add puts what value gives, unless there is one.
func (r *Recent[K, V]) Add(k K, value func() V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.now[k]; !ok {
		r.set(k, value())
	}
}

// Forget drops a value.
func (r *Recent[K, V]) Forget(k K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.now, k)
	delete(r.old, k)
}

func (r *Recent[K, V]) set(k K, v V) {
	if _, ok := r.now[k]; !ok && len(r.now) == r.n {
		r.old, r.now = r.now, make(map[K]V, r.n)
	}
	r.now[k] = v
}
