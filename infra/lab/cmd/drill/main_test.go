package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dailyroster/infra/lab/drill"
	"dailyroster/infra/lab/drill/report"
)

func TestList(t *testing.T) {
	for args, want := range map[string]int{"--list": 25, "--list 5 11": 2, "--list --part 2/2": 12, "--list --brief --part 1/3 3 4 5 6": 2} {
		var out bytes.Buffer
		if err := run(t.Context(), strings.Fields(args), &out); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "\n"); got != want {
			t.Errorf("%s: got %d lines, want %d:\n%s", args, got, want, &out)
		}
	}
}

func TestPart(t *testing.T) {
	all := drill.Drills()
	var numbers []int
	for _, text := range []string{"1/3", "2/3", "3/3"} {
		var p part
		if err := p.UnmarshalText([]byte(text)); err != nil || p.String() != text {
			t.Fatalf("%s: got %v, %v", text, p, err)
		}
		for _, d := range p.of(all) {
			numbers = append(numbers, d.Number)
		}
	}
	slices.Sort(numbers)
	if once := slices.Compact(slices.Clone(numbers)); len(numbers) != len(all) || len(once) != len(all) {
		t.Errorf("three parts: got drills %v, want each once", numbers)
	}
	for _, text := range []string{"", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/-1"} {
		if err := new(part).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken for a part", text)
		}
	}
}

// TestOwnLabs has a lab with the usual names, and further ones that share nothing with it.
func TestOwnLabs(t *testing.T) {
	one := (&command{Report: "r"}).ownLabs()
	if want := []ownLab{{"drills", "/run/daily-roster-drills/control.sock", "r", part{}}}; !slices.Equal(one, want) {
		t.Errorf("one: got %v, want %v", one, want)
	}
	two := (&command{Report: "r", Labs: 2}).ownLabs()
	if want := []ownLab{
		{"drills", "/run/daily-roster-drills/control.sock", "r/part1", part{1, 2}},
		{"drills2", "/run/daily-roster-drills2/control.sock", "r/part2", part{2, 2}},
	}; !slices.Equal(two, want) {
		t.Errorf("two: got %v, want %v", two, want)
	}
}

func TestMerged(t *testing.T) {
	labs := (&command{Report: t.TempDir(), Labs: 2}).ownLabs()
	if _, err := merged(labs); err == nil {
		t.Error("without reports: got nil, want an error")
	}
	for i, numbers := range [][]int{{1, 3}, {2}} {
		r := &report.Report{Begun: time.Now().UTC(), Machine: "2 cores"}
		for _, n := range numbers {
			result := drill.Result{Number: n, Passed: n != 3}
			if !result.Passed {
				result.Verdicts = []drill.Verdict{{What: "stale reads", Bound: "0", Measured: "7"}}
			}
			r.Add(result)
		}
		if err := r.Write(labs[i].report); err != nil {
			t.Fatal(err)
		}
	}
	whole, err := merged(labs)
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for _, d := range whole.Drills {
		numbers = append(numbers, d.Number)
	}
	if !slices.Equal(numbers, []int{1, 2, 3}) || whole.Passed() != 2 || whole.Machine != "2 cores, with 2 labs side by side" {
		t.Errorf("got drills %v on %s, %d passed, want 1 to 3, of which 2", numbers, whole.Machine, whole.Passed())
	}
	var out bytes.Buffer
	if err := (&command{Report: "r"}).conclude(whole, &out); err == nil ||
		out.String() != "drill 3: stale reads: 7, and it had to be 0\n2 of 3 passed; the report is r/index.html\n" {
		t.Errorf("got %v and %q, want that drill 3 failed, and why", err, &out)
	}
}

// TestSpeaker has two who speak at once, in pieces that are no lines.
func TestSpeaker(t *testing.T) {
	var (
		out bytes.Buffer
		mu  sync.Mutex
		wg  sync.WaitGroup
	)
	for _, name := range []string{"one", "two"} {
		s := &speaker{name: name, out: &out, mu: &mu}
		wg.Go(func() {
			for _, piece := range []string{"a", "b\nc", "d", "\n\ne", "f\n"} {
				if n, err := s.Write([]byte(piece)); n != len(piece) || err != nil {
					t.Errorf("%s: got %d, %v", piece, n, err)
				}
			}
		})
	}
	wg.Wait()
	for _, name := range []string{"one", "two"} {
		var said []string
		for line := range strings.Lines(out.String()) {
			if rest, ok := strings.CutPrefix(line, fmt.Sprintf("%-8s ", name)); ok {
				said = append(said, rest)
			}
		}
		if want := []string{"ab\n", "cd\n", "\n", "ef\n"}; !slices.Equal(said, want) {
			t.Errorf("%s: got %q, want %q", name, said, want)
		}
	}
}

func TestChoose(t *testing.T) {
	chosen, err := choose(drill.Drills(), []int{11, 2})
	if err != nil || len(chosen) != 2 || chosen[0].Number != 11 || chosen[1].Number != 2 {
		t.Errorf("got %v, %v, want drills 11 and 2", chosen, err)
	}
	if _, err := choose(drill.Drills(), []int{99}); err == nil || !strings.Contains(err.Error(), "no drill 99") {
		t.Errorf("drill 99: got %v, want that there is none", err)
	}
}

func TestNumbers(t *testing.T) {
	if numbers, soak, err := numbersOf([]string{"3", "soak"}); !slices.Equal(numbers, []int{3, 22}) || !soak || err != nil {
		t.Errorf("got %v, %v, %v, want drills 3 and 22, and a soak", numbers, soak, err)
	}
	if _, _, err := numbersOf([]string{"all"}); err == nil {
		t.Error("\"all\" was taken for a drill")
	}
}

func TestNoLab(t *testing.T) {
	err := run(t.Context(), []string{"--socket", t.TempDir() + "/none"}, &bytes.Buffer{})
	if err == nil || !strings.Contains(err.Error(), "no lab answers") {
		t.Errorf("without a lab: got %v, want that none answers", err)
	}
	if err := run(t.Context(), []string{"--set", "a=b", "--lab", t.TempDir() + "/none"}, &bytes.Buffer{}); err == nil {
		t.Error("without a program that is a lab: got nil, want an error")
	}
}
