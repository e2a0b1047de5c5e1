package main

import (
	"bytes"
	"fmt"
	"io"
	"sync"
)

// speaker is one of several who say something to the same reader at the same time. What it is given
// comes out line by line, each with its name. The mutex is that of all of them.
type speaker struct {
	name string
	out  io.Writer
	mu   *sync.Mutex
	rest []byte // of a line whose end is to come
}

func (s *speaker) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rest = append(s.rest, text...)
	for {
		line, rest, whole := bytes.Cut(s.rest, []byte("\n"))
		if !whole {
			return len(text), nil
		}
		if _, err := fmt.Fprintf(s.out, "%-8s %s\n", s.name, line); err != nil {
			return 0, err
		}
		s.rest = rest
	}
}
