package scale

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/storetest/company"
)

// room is what a company takes, in bytes.
type room struct {
	file   float64 // on disk: of the file, or of one node
	memory float64 // of the program, when it has read all people and teams, and months of each team
}

func (r room) less(o room, by int) room {
	return room{(r.file - o.file) / float64(by), (r.memory - o.memory) / float64(by)}
}

// TestUnits measures what one more person, team and month takes: the figures of docs/scale.md.
// Without -large it measures small companies, which shows only that it can.
func TestUnits(t *testing.T) {
	size := company.Size{People: 10_000, Teams: 200, Months: 12}
	stores := []string{onBolt}
	if !set.large {
		size = company.Size{People: 200, Teams: 10, Months: 2}
	} else if set.cluster && asdtest.Binary() != "" {
		stores = append(stores, onNodes)
	}
	morePeople, moreTeams, moreMonths := size, size, size
	morePeople.People *= 2
	moreTeams.Teams *= 2
	moreMonths.Months *= 2
	var out strings.Builder
	for _, kind := range stores {
		base := roomOf(t, kind, size, 1)
		person := roomOf(t, kind, morePeople, 1).less(base, size.People)
		month := roomOf(t, kind, moreMonths, 1).less(base, size.Teams*size.Months)
		month.memory = roomOf(t, kind, size, size.Months).less(base, size.Teams*(size.Months-1)).memory
		team := roomOf(t, kind, moreTeams, 1).less(base, size.Teams)
		team.file, team.memory = team.file-float64(size.Months)*month.file, team.memory-month.memory
		for _, unit := range []struct {
			name string
			room
		}{{"a person", person}, {"a team, without its months", team}, {"a month of a team, with its history", month}} {
			_, _ = fmt.Fprintf(&out, "| %s | %s | %.0f | %.0f |\n", unit.name, kind, unit.file, unit.memory)
		}
		if person.file <= 0 || month.file <= 0 || set.large && (person.memory <= 0 || month.memory <= 0) { // what is small is lost in memory
			t.Errorf("%s: got %+v for a person and %+v for a month, want both to take something", kind, person, month)
		}
	}
	fmt.Printf("| one more | store | bytes stored | bytes in memory |\n|---|---|---:|---:|\n%s", out.String())
}

// roomOf makes a company and says what it takes, with so many months of each team read.
func roomOf(t *testing.T, kind string, size company.Size, months int) (r room) {
	t.Run(fmt.Sprintf("%s, %d people, %d teams, %d months, %d read", kind, size.People, size.Teams, size.Months, months), func(t *testing.T) {
		p := prepare(t, kind, size)
		before := heap()
		site := p.site(t)
		ask := func(path string) {
			answer := httptest.NewRecorder()
			site.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost"+path, http.NoBody))
			if answer.Code != http.StatusOK {
				t.Fatalf("%s: got %d", path, answer.Code)
			}
		}
		ask("/people")
		first := p.company.Today.AddDays(-30 * size.Months / 2).InMonth()
		for _, team := range p.company.Teams() {
			month := first
			for range months {
				ask(fmt.Sprintf("/api/v1/teams/%s/days?from=%s&to=%s", team.ID, month.First(), month.Last()))
				month = month.Next()
			}
		}
		r.memory = heap() - before
		runtime.KeepAlive(site)
		r.file = p.stored(t)
	})
	return r
}

// heap is how many bytes are in use.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what the first leaves to finalizers and pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

// stored is how many bytes the company takes in the file, whose pages may be half full, or on
// the node that has most. It closes a file.
func (p *place) stored(t *testing.T) float64 {
	t.Helper()
	most := int64(0)
	if nodes, are := p.store.(store.Clustered); are {
		time.Sleep(2 * time.Second) // until the last has been written
		for _, n := range nodes.Cluster(t.Context()).Nodes {
			most = max(most, n.Namespace.DataUsed)
		}
		return float64(most)
	}
	p.end()
	file, err := bbolt.Open(strings.TrimPrefix(p.location, "bolt:"), 0o600, &bbolt.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	err = file.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			used := b.Stats()
			most += int64(used.BranchAlloc + used.LeafAlloc)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return float64(most)
}
