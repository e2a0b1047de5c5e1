package lastknown

import (
	"sync"
	"time"
)

// memory keeps values and when they were read, at most limit of them: where one more
// would be too many, any other is forgotten. It is safe for use by many goroutines.
type memory[K comparable, V any] struct {
	limit int
	clone func(V) V

	mu     sync.Mutex
	values map[K]remembered[V]
}

type remembered[V any] struct {
	value V
	at    time.Time
}

func newMemory[K comparable, V any](limit int, clone func(V) V) *memory[K, V] {
	return &memory[K, V]{limit: limit, clone: clone, values: map[K]remembered[V]{}}
}

// get gives a copy of what is remembered and when it was read.
func (m *memory[K, V]) get(key K) (v V, at time.Time, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.values[key]
	if !ok {
		return v, at, false
	}
	return m.clone(r.value), r.at, true
}

// has reports whether anything is remembered.
func (m *memory[K, V]) has(key K) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	_, ok := m.values[key]
	return ok
}

// put remembers a copy.
func (m *memory[K, V]) put(key K, v V, at time.Time) {
	copied := m.clone(v)
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.values[key]; !known && len(m.values) >= m.limit {
		for other := range m.values {
			delete(m.values, other)
			break
		}
	}
	m.values[key] = remembered[V]{copied, at}
}

// change alters what is remembered, if anything is.
func (m *memory[K, V]) change(key K, change func(V) V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.values[key]; ok {
		r.value = change(r.value)
		m.values[key] = r
	}
}

// confirm notes that what is remembered was still so at a later time.
func (m *memory[K, V]) confirm(key K, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.values[key]; ok && r.at.Before(at) {
		r.at = at
		m.values[key] = r
	}
}

// clear drops every value.
func (m *memory[K, V]) clear() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.values)
}

// forget drops a value.
func (m *memory[K, V]) forget(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.values, key)
}
