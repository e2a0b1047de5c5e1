package watch

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func at(milliseconds int) time.Duration { return time.Duration(milliseconds) * time.Millisecond }

func TestHolders(t *testing.T) {
	var one, two track
	for i := range 10 {
		one.add(at(i), map[bool]string{true: yes}[i < 4])
		two.add(at(i), map[bool]string{true: yes}[i >= 6])
	}
	got := overlay(map[string]track{"front1": one, "front2": two})
	want := []Span{{at(0), at(4), "front1"}, {at(4), at(6), ""}, {at(6), at(9), "front2"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSilence(t *testing.T) {
	p := &Probes{}
	for i := range 100 {
		p.all = append(p.all, probe{at(5 * i), i != 3 && (i < 20 || i >= 60)})
	}
	if got := p.Silence(0, at(500)); got != at(200) {
		t.Errorf("got %s, want 200ms", got)
	}
	if got := p.Silence(0, at(250)); got != at(150) {
		t.Errorf("silent at the end: got %s, want 150ms", got)
	}
}
