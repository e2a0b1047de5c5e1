// Package scale measures what a company of ten thousand people costs beside one of fifty, on the
// embedded store and on three Aerospike nodes, and prints it as Markdown. go tool task bench --
// company runs it in full; without -large it measures two small companies briefly, so that the
// measuring itself is tested.
package scale

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/bolt"
	"dailyroster/store/storetest/company"
)

// settings are the flags.
type settings struct {
	large   bool
	people  int
	teams   int
	budget  time.Duration
	load    time.Duration
	soak    time.Duration
	out     string
	cluster bool
	bolt    bool
	only    string
}

var set settings

func init() {
	flag.BoolVar(&set.large, "large", false, "measure the largest company that the default limits allow, and load the real program")
	flag.IntVar(&set.people, "people", 0, "how many people the large company has, if not 10,000")
	flag.IntVar(&set.teams, "teams", 0, "how many teams it has, if not 1,000; ten people each at least")
	flag.DurationVar(&set.budget, "budget", 2*time.Second, "how long each request is measured, at least three times")
	flag.DurationVar(&set.load, "load", 10*time.Second, "how long each run of wrk takes")
	flag.DurationVar(&set.soak, "soak", time.Minute, "for how long memory is watched after the load")
	flag.StringVar(&set.out, "out", "", "file for the tables, beside standard output")
	flag.BoolVar(&set.bolt, "bolt", true, "measure on the embedded store")
	flag.BoolVar(&set.cluster, "cluster", true, "measure on three Aerospike nodes, where asd is found")
	flag.StringVar(&set.only, "only", "", "regular expression: measure only what has such a name")
}

// chosen reports whether to measure what has the name.
func chosen(name string) bool { return regexp.MustCompile(set.only).MatchString(name) }

// sizes are the two companies that are compared.
func sizes() (small, large company.Size) {
	small, large = company.Small(), company.Large()
	if set.people > 0 {
		large.People = set.people
	}
	if set.teams > 0 {
		large.Teams, large.Tokens = set.teams, min(large.Tokens, 4*set.teams)
	}
	if !set.large {
		small.Months, large = 4, company.Size{People: 200, Teams: 20, Months: 4, Absences: 6, Tokens: 8}
		set.budget = 20 * time.Millisecond
	}
	return small, large
}

func TestScale(t *testing.T) {
	small, large := sizes()
	out := &report{commit: commit(), small: small, large: large}
	var stores []string
	if set.bolt {
		stores = append(stores, onBolt)
	}
	if set.large && set.cluster {
		if asdtest.Binary() != "" {
			stores = append(stores, onNodes)
		} else {
			out.skip("three Aerospike nodes: there is no asd on the PATH or in ASD")
		}
	}
	for _, kind := range stores {
		for _, size := range []company.Size{small, large} {
			t.Run(fmt.Sprintf("%s, %d people", kind, size.People), func(t *testing.T) {
				p := prepare(t, kind, size)
				out.add(kind, size, p.loaded, p.measureAll(t))
				p.end()
				if set.large {
					loadProgram(t, p, out)
				}
			})
		}
	}
	text := out.markdown()
	fmt.Println(text)
	if set.out != "" {
		if err := os.WriteFile(set.out, []byte(text), 0o600); err != nil {
			t.Error(err)
		}
	}
	for _, missing := range out.missing() {
		t.Errorf("not measured: %s", missing)
	}
}

// The stores.
const (
	onBolt  = "bolt"
	onNodes = "three nodes"
)

// place is a store that has a company.
type place struct {
	kind     string
	company  *company.Company
	location string        // of the store, as the program's setting
	loaded   time.Duration // what writing the company took
	store    store.Store
	trips    func() int64 // exchanges with the cluster so far
	end      func()       // closes the store
}

func prepare(t *testing.T, kind string, size company.Size) *place {
	t.Helper()
	c, err := company.New(size, roster.DateOf(time.Now().UTC()))
	if err != nil {
		t.Fatal(err)
	}
	p := &place{kind: kind, company: c, trips: func() int64 { return 0 }}
	begun := time.Now()
	if kind == onBolt {
		path := filepath.Join(t.TempDir(), "roster.db")
		if err := c.InFile(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		s, err := bolt.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		p.store, p.location = s, "bolt:"+path
	} else {
		nodes := asdtest.Start(t, 3, "what a company costs on Aerospike", asdtest.FileSize("4G"))
		where, err := aerospike.ParseURL(nodes.URL())
		if err != nil {
			t.Fatal(err)
		}
		s, err := aerospike.Open(t.Context(), where, aerospike.Deps{Log: silent(), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.WriteTo(t.Context(), s, 64); err != nil {
			t.Fatal(err)
		}
		p.store, p.location = s, nodes.URL()
		p.trips = func() int64 { n := s.RoundTrips(); return n.Reads + n.Writes }
	}
	p.loaded = time.Since(begun)
	closed := false
	p.end = func() {
		if !closed {
			closed = true
			_ = p.store.Close()
		}
	}
	t.Cleanup(p.end)
	return p
}

func silent() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// within gives a context that ends soon after the test should have.
func within(t *testing.T, most time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), most)
	t.Cleanup(cancel)
	return ctx
}
