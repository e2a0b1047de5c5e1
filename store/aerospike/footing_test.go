package aerospike

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"
)

// views has a fence hear what nodes say, as "a1 K1, a2 K1, a3 -": "-" while a node is between
// two clusters, and "!" where no process is.
type views struct {
	*fence
	conns map[string]*infoConn
}

func newViews() *views {
	f := newFence(slog.New(slog.DiscardHandler), time.Now)
	v := &views{f, map[string]*infoConn{}}
	for _, node := range []string{"a1", "a2", "a3"} {
		f.views[node] = view{at: time.Now(), member: true, key: "K1"}
		f.heard[node] = word{}
		v.conns[node] = &infoConn{address: node, opened: time.Now()}
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
				on, err := v.ready(ctx)
				took := time.Since(begun)
				cancel()
				wg.Wait()
				var nodes []string
				for _, n := range []string{"a1", "a2", "a3"} {
					if on.nodes[n] {
						nodes = append(nodes, n)
					}
				}
				if c.within == 0 {
					if err == nil {
						t.Errorf("a write may be sent, in %s; want none", on.key)
					}
					return
				}
				if err != nil || on.key != c.key || strings.Join(nodes, " ") != c.nodes {
					t.Errorf("got %q with %v, %v, want %q with %s", on.key, nodes, err, c.key, c.nodes)
				}
				if took < c.within-time.Millisecond || took > c.within+2*roundTime {
					t.Errorf("a write may be sent after %s, want %s", took, c.within)
				}
				if on.at.Before(begun) {
					t.Errorf("it goes by what was said %s before", begun.Sub(on.at))
				}
			})
		})
	}
}

// What was said before a write was asked for does for a moment.
func TestFootingIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		v := newViews()
		v.say("a1 K1, a2 K1, a3 K1")
		said := time.Now()
		time.Sleep(footingAge)
		if on, err := v.ready(t.Context()); err != nil || !on.at.Equal(said) {
			t.Errorf("%s later: got what was said %s ago, %v, want that", footingAge, time.Since(on.at), err)
		}
		time.Sleep(time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if on, err := v.ready(ctx); err == nil {
			t.Errorf("later than that: got what was said %s ago, want to wait", time.Since(on.at))
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
			{"a2", "K1", errUnsettled},
			{"a1", "K1", errUnsettled},
		} {
			if err := v.outlived(t.Context(), c.node, c.cluster, from, from.Add(time.Millisecond)); !errors.Is(err, c.want) {
				t.Errorf("%s in %s: got %v, want %v", c.node, c.cluster, err, c.want)
			}
		}
	})
}

// The client's error says that no process is at an address.
func TestRefusedIsTold(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	conn := &infoConn{address: address}
	_, err = conn.ask(askNode)
	if _, ok := errors.AsType[as.Error](err); !ok || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("got %v, want the client's error that says so", err)
	}
}
