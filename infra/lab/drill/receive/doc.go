// Package receive is where the notices of a drill arrive: a mail server and web hooks that note
// what came when and from where, and that can be as bad as real ones.
package receive

import (
	"sync"
	"time"
)

// Arrival is a notice that came, as often as it came.
type Arrival struct {
	// ID is the same each time that one notice is sent: a Message-ID, or a webhook-id.
	ID      string
	To      string // an address, or the path of a web hook
	Subject string // of a mail, or the type of an event
	From    string // the address of the machine that sent it
	Begun   time.Time
	At      time.Time // when it was taken
}

// arrivals collects them.
type arrivals struct {
	mu  sync.Mutex
	all []Arrival
	bad []string // those that were refused for what they are, with the reason
}

func (a *arrivals) add(one Arrival) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.all = append(a.all, one)
}

func (a *arrivals) refuse(why string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.bad = append(a.bad, why)
}

// since gives what came after the first n, and what was refused.
func (a *arrivals) since(n int) (all []Arrival, bad []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]Arrival(nil), a.all[min(n, len(a.all)):]...), append([]string(nil), a.bad...)
}

// Times are the arrivals by their receivers and ids.
func Times(all []Arrival) map[string]map[string][]Arrival {
	by := map[string]map[string][]Arrival{}
	for _, one := range all {
		if by[one.To] == nil {
			by[one.To] = map[string][]Arrival{}
		}
		by[one.To][one.ID] = append(by[one.To][one.ID], one)
	}
	return by
}
