package fence

import (
	"fmt"
	"log/slog"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dailyroster/store/aerospike/info"
)

func TestOutsiders(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	in := func(key string) view { return view{at: now, member: true, key: key} }
	orphan := view{at: now, member: false, key: "K1"}
	of := func(key string, size int) view { return view{since: now, at: now, member: true, key: key, size: size} }
	early := view{at: now.Add(-time.Millisecond), member: true, key: "K1", size: 2}
	silent := view{at: now.Add(-memory), member: true, key: "K1"}
	for _, c := range []struct {
		name   string
		views  map[string]view
		out    string
		agreed bool
	}{
		{"nobody answered yet", nil, "", false},
		{"all well", map[string]view{"a1": in("K1"), "a2": in("K1"), "a3": in("K1")}, "", true},
		{"one alone", map[string]view{"a1": in("K1")}, "", true},
		{"one silent", map[string]view{"a1": silent, "a2": in("K1"), "a3": in("K1")}, "a1", true},
		{"one an orphan", map[string]view{"a1": in("K1"), "a2": in("K1"), "a3": orphan}, "a3", true},
		{"one still in the old cluster", map[string]view{"a1": in("K1"), "a2": in("K2"), "a3": in("K2")}, "a1", true},
		{"two silent", map[string]view{"a1": silent, "a2": silent, "a3": in("K1")}, "", false},
		{"each in another cluster", map[string]view{"a1": in("K1"), "a2": in("K2"), "a3": in("K3")}, "", false},
		{"one cut off from one, the third unheard of", map[string]view{"a1": of("K1", 3), "a3": of("K2", 2)}, "a1", false},
		{"one cut off from one, the third silent", map[string]view{"a1": of("K1", 3), "a2": silent, "a3": of("K2", 2)}, "a1", false},
		{"one cut off that has noticed", map[string]view{"a1": orphan, "a2": silent, "a3": of("K2", 2)}, "a1", false},
		{"one cut off that has noticed, alone", map[string]view{"a1": orphan, "a2": silent, "a3": silent}, "", false},
		{"one was asked before there was a new cluster", map[string]view{"a1": early, "a2": of("K2", 3)}, "", false},
		{"both are about to agree", map[string]view{"a1": of("K1", 3), "a2": silent, "a3": of("K2", 3)}, "", false},
		{"two against two", map[string]view{"a1": in("K1"), "a2": in("K1"), "a3": in("K2"), "a4": in("K2")}, "", false},
	} {
		out, agreed := outsiders(c.views, now)
		if got := strings.Join(slices.Sorted(maps.Keys(out)), " "); got != c.out || agreed != c.agreed {
			t.Errorf("%s: got %q outside, agreed %t, want %q, %t", c.name, got, agreed, c.out, c.agreed)
		}
	}
}

// The first to notice that the node is gone which led the cluster is believed, as there is no majority
// without it; one that was cut off is not.
func TestIndispensable(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	before, after := now.Add(-200*time.Millisecond), now.Add(-100*time.Millisecond) // that a1 was found gone
	gone := view{at: before, asked: before, member: true, key: "K1", size: 3, gone: now.Add(-150 * time.Millisecond)}
	frozen := view{at: before, asked: before, member: true, key: "K1", size: 3}
	orphan := view{at: now, asked: now, key: "K1", size: 3}
	said := func(at time.Time, key string) view { return view{at: at, asked: at, member: true, key: key, size: 3} }
	for _, c := range []struct {
		name  string
		views map[string]view
		want  bool
	}{
		{"one is gone, and the other has not noticed", map[string]view{"a1": gone, "a2": orphan, "a3": said(after, "K1")}, true},
		{"one is frozen, and the other has not noticed", map[string]view{"a1": frozen, "a2": orphan, "a3": said(after, "K1")}, false},
		{"the other was not asked since", map[string]view{"a1": gone, "a2": orphan, "a3": said(before, "K1")}, false},
		{"the other was in another cluster with the one that went", map[string]view{"a1": gone, "a2": orphan, "a3": said(after, "K2")}, false},
		{"the other is silent", map[string]view{"a1": gone, "a2": orphan, "a3": said(now.Add(-memory), "K1")}, false},
		{"both others are gone", map[string]view{"a1": gone, "a2": orphan, "a3": gone}, true},
		{"it is gone itself", map[string]view{"a1": said(after, "K1"), "a2": gone, "a3": said(after, "K1")}, false},
		{"of five, three others are left", map[string]view{"a1": gone, "a2": orphan, "a3": said(after, "K1"), "a4": said(after, "K1"), "a5": said(after, "K1")}, false},
		{"of five, two others are left", map[string]view{"a1": gone, "a2": orphan, "a3": said(after, "K1"), "a4": said(after, "K1"), "a5": gone}, true},
		{"nothing is known", nil, false},
	} {
		f := New(slog.New(slog.DiscardHandler), func() time.Time { return now })
		f.views = c.views
		if got := indispensable(c.views, "a2", now); got != c.want {
			t.Errorf("%s: got %t", c.name, got)
		}
		f.decide(now)
		if c.want && f.Outside("a2") {
			t.Errorf("%s: it is not believed", c.name)
		}
	}
}

// What nobody listens at any more is gone, until it speaks again.
func TestGone(t *testing.T) {
	f := New(slog.New(slog.DiscardHandler), time.Now)
	conn := &info.Conn{Address: "192.0.2.1:3000"}
	said := view{at: time.Now(), member: true, key: "K1"}
	isGone := func() bool { return !f.views["a1"].gone.IsZero() }
	f.note("a1", said)
	f.hear(conn, map[string]string{askNode: "a1", askStable: "K1"}, nil, time.Now())
	f.hear(conn, nil, os.ErrDeadlineExceeded, time.Now())
	if isGone() {
		t.Error("a node that is silent counts as gone")
	}
	refused := &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	f.hear(conn, nil, refused, time.Now())
	f.hear(conn, nil, refused, time.Now())
	if !isGone() {
		t.Error("a node that refuses connections does not count as gone")
	}
	f.note("a1", said)
	if isGone() {
		t.Error("a node that answers again counts as gone")
	}
}

func TestFenceLost(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	f := New(slog.New(slog.DiscardHandler), func() time.Time { return now })
	want := func(when string, want bool) {
		t.Helper()
		f.decide(now)
		if got := f.Lost(); got != want {
			t.Errorf("%s: got lost %t, want %t", when, got, want)
		}
	}
	want("at first", false)
	now = now.Add(lostAfter + time.Millisecond)
	want("when nobody ever answered", true)
	for _, n := range []string{"a1", "a2", "a3"} {
		f.views[n] = view{at: now, member: true, key: "K1"}
	}
	want("when all answer", false)
	now = now.Add(memory + lostAfter/2)
	want("soon after they fell silent", false)
	now = now.Add(lostAfter)
	want("long after they fell silent", true)
	now = now.Add(forgets)
	f.decide(now)
	if len(f.views) != 0 {
		t.Errorf("nodes silent for over %s: got %d remembered, want 0", forgets, len(f.views))
	}
}

// What a node acknowledged counts when it and others, more than half, lived on and were
// in one cluster then.
func TestUpheld(t *testing.T) {
	at := func(ms int) time.Time { return time.Unix(1_700_000_000, 0).Add(time.Duration(ms) * time.Millisecond) }
	const acknowledged, settled = 100, 105
	said := func(node, key string) word { return word{node: node, opened: at(0), sent: at(106), key: key} }
	early, young := said("a1", "K1"), said("a1", "K1")
	early.sent, young.opened = at(104), at(101)
	for _, c := range []struct {
		name         string
		words        []word
		upheld, gone bool
	}{
		{"nobody answers", nil, false, true},
		{"all agree", []word{said("a1", "K1"), said("a2", "K1"), said("a3", "K1")}, true, false},
		{"one is dead", []word{said("a1", "K1"), said("a2", "K1")}, true, false},
		{"it alone answers", []word{said("a1", "K1")}, false, false},
		{"it has two addresses", []word{said("a1", "K1"), said("a1", "K1")}, false, false},
		{"it is still in the old cluster", []word{said("a1", "K1"), said("a2", "K2"), said("a3", "K2")}, false, false},
		{"the third is", []word{said("a1", "K2"), said("a2", "K2"), said("a3", "K1")}, true, false},
		{"all are between two clusters", []word{said("a1", ""), said("a2", ""), said("a3", "")}, false, false},
		{"it is dead", []word{said("a2", "K2"), said("a3", "K2")}, false, true},
		{"it was started again", []word{young, said("a2", "K1"), said("a3", "K1")}, false, true},
		{"it did not answer since", []word{early, said("a2", "K1"), said("a3", "K1")}, false, false},
	} {
		f := New(slog.New(slog.DiscardHandler), time.Now)
		for i, w := range c.words {
			f.heard[fmt.Sprint(i)] = w
		}
		for _, n := range []string{"a1", "a2", "a3"} {
			f.views[n] = view{}
		}
		in, yes := f.upheld("a1", at(acknowledged), at(settled))
		upheld, gone := in != "" && yes, f.gone("a1", at(acknowledged))
		if upheld != c.upheld || gone != c.gone {
			t.Errorf("%s: got upheld %t, gone %t, want %t, %t", c.name, upheld, gone, c.upheld, c.gone)
		}
	}
}
