package fence

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"dailyroster/store/aerospike/info"
)

// views has a fence hear what nodes say, as "a1 K1, a2 K1, a3 -": "-" while a node is between
// two clusters, and "!" where no process is.
type views struct {
	*Fence
	conns map[string]*info.Conn
}

func newViews() *views {
	f := New(slog.New(slog.DiscardHandler), time.Now)
	v := &views{f, map[string]*info.Conn{}}
	for _, node := range []string{"a1", "a2", "a3"} {
		f.views[node] = view{at: time.Now(), member: true, key: "K1"}
		f.heard[node] = word{}
		v.conns[node] = &info.Conn{Address: node, Opened: time.Now()}
	}
	return v
}

func (v *views) say(all string) {
	for one := range strings.SplitSeq(all, ", ") {
		node, key, _ := strings.Cut(one, " ")
		var err error
		switch key {
		case "-":
			key = "ERROR:12:unstable cluster"
		case "!":
			err = fmt.Errorf("dial: %w", syscall.ECONNREFUSED)
		}
		v.hear(v.conns[node], map[string]string{askNode: node, askStable: key}, err, time.Now())
	}
}

// A partial cut between a1 and a2 as it goes: the two lose each other, a2 and a3 form a
// cluster, and a1 has not noticed for a while. What was sent to a1 before that was known may
// still take effect there, and until then nothing may be sent that would be acknowledged.
func TestFootingInPartialCut(t *testing.T) {
	for _, c := range []struct {
		name   string
		after  string // the cut, what the nodes say
		key    string
		nodes  string
		within time.Duration // until a write may be sent; 0: that is not known
	}{
		{"nothing is cut", "a1 K1, a2 K1, a3 K1", "K1", "a1 a2 a3", time.Millisecond},
		{"one is silent", "a2 K1, a3 K1", "K1", "a1 a2 a3", time.Millisecond},
		{"one has not noticed", "a1 K1, a2 K2, a3 K2", "K2", "a2 a3", ripening},
		{"one has noticed", "a1 -, a2 K2, a3 K2", "K2", "a2 a3", ripening},
		{"one is silent, and left out", "a2 K2, a3 K2", "K2", "a2 a3", ripening},
		{"one is dead", "a1 !, a2 K2, a3 K2", "K2", "a2 a3", time.Millisecond},
		{"all have joined", "a1 K2, a2 K2, a3 K2", "K2", "a1 a2 a3", time.Millisecond},
		{"one is in the new cluster", "a1 K1, a2 -, a3 K2", "", "", 0},
		{"all are between two clusters", "a1 -, a2 -, a3 -", "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := newViews()
				v.say("a1 K1, a2 K1, a3 K1")
				time.Sleep(time.Second)
				begun := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				var wg sync.WaitGroup
				wg.Go(func() { // who is asked again says the same
					for ctx.Err() == nil {
						v.say(c.after)
						time.Sleep(time.Millisecond)
					}
				})
				on, err := v.Ready(ctx)
				took := time.Since(begun)
				cancel()
				wg.Wait()
				var nodes []string
				for _, n := range []string{"a1", "a2", "a3"} {
					if on.Nodes[n] {
						nodes = append(nodes, n)
					}
				}
				if c.within == 0 {
					if err == nil {
						t.Errorf("a write may be sent, in %s; want none", on.Key)
					}
					return
				}
				if err != nil || on.Key != c.key || strings.Join(nodes, " ") != c.nodes {
					t.Errorf("got %q with %v, %v, want %q with %s", on.Key, nodes, err, c.key, c.nodes)
				}
				if took < c.within-time.Millisecond || took > c.within+2*roundTime {
					t.Errorf("a write may be sent after %s, want %s", took, c.within)
				}
				if on.At.Before(begun) {
					t.Errorf("it goes by what was said %s before", begun.Sub(on.At))
				}
			})
		})
	}
}

// A reader who cannot tell what counts asks which nodes are in one cluster since it was answered.
func TestTogether(t *testing.T) {
	for _, c := range []struct {
		after string // the answer, what the nodes say
		want  string
		most  time.Duration
	}{
		{"a1 K1, a2 K1, a3 K1", "a1 a2 a3", 2 * time.Millisecond},
		{"a1 K1, a2 K2, a3 K2", "a2 a3", 2 * time.Millisecond},
		{"a1 -, a2 K2, a3 K2", "a2 a3", 2 * time.Millisecond},
		{"a1 !, a2 K2, a3 K2", "a2 a3", 2 * time.Millisecond},
		{"a2 K1, a3 K1", "a2 a3", sayTime}, // what a1 said before does not count
		{"a1 -, a2 -, a3 -", "", sayTime},
	} {
		synctest.Test(t, func(t *testing.T) {
			v := newViews()
			v.say("a1 K1, a2 K1, a3 K1")
			time.Sleep(time.Millisecond)
			answered := time.Now()
			time.AfterFunc(time.Millisecond, func() { v.say(c.after) })
			in := v.Together(t.Context(), answered)
			took := time.Since(answered)
			var nodes []string
			for _, n := range []string{"a1", "a2", "a3"} {
				if in[n] {
					nodes = append(nodes, n)
				}
			}
			if got := strings.Join(nodes, " "); got != c.want || took > c.most {
				t.Errorf("%s: got %q after %s, want %q within %s", c.after, got, took, c.want, c.most)
			}
		})
	}
}

// What was said before a write was asked for does for a moment.
func TestFootingIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newViews()
		v.say("a1 K1, a2 K1, a3 K1")
		said := time.Now()
		time.Sleep(FootingAge)
		if on, err := v.Ready(t.Context()); err != nil || !on.At.Equal(said) {
			t.Errorf("%s later: got what was said %s ago, %v, want that", FootingAge, time.Since(on.At), err)
		}
		time.Sleep(time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if on, err := v.Ready(ctx); err == nil {
			t.Errorf("later than that: got what was said %s ago, want to wait", time.Since(on.At))
		}
	})
}

// A write that was sent in one cluster and is upheld in the next has not settled.
func TestOutlivedInAnotherCluster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newViews()
		time.Sleep(time.Millisecond)
		from := time.Now()
		time.Sleep(2 * time.Millisecond)
		v.say("a1 K1, a2 K2, a3 K2")
		for _, c := range []struct {
			node, cluster string
			want          error
		}{
			{"a2", "K2", nil},
			{"a2", "K1", ErrNotUpheld},
			{"a1", "K1", ErrNotUpheld},
		} {
			if err := v.Outlived(t.Context(), c.node, c.cluster, from, from.Add(time.Millisecond)); !errors.Is(err, c.want) {
				t.Errorf("%s in %s: got %v, want %v", c.node, c.cluster, err, c.want)
			}
		}
	})
}
