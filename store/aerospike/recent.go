package aerospike

import "sync"

// recent remembers at least the last n values put into it, and never more than 2n.
type recent[K comparable, V any] struct {
	mu       sync.Mutex
	n        int
	now, old map[K]V
}

func newRecent[K comparable, V any](n int) *recent[K, V] {
	return &recent[K, V]{n: n, now: map[K]V{}}
}

func (r *recent[K, V]) get(k K) (V, bool) {
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

func (r *recent[K, V]) put(k K, v V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.set(k, v)
}

// add puts what value gives, unless there is one.
func (r *recent[K, V]) add(k K, value func() V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.now[k]; !ok {
		r.set(k, value())
	}
}

func (r *recent[K, V]) set(k K, v V) {
	if _, ok := r.now[k]; !ok && len(r.now) == r.n {
		r.old, r.now = r.now, make(map[K]V, r.n)
	}
	r.now[k] = v
}
