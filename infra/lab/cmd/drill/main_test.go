package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"dailyroster/infra/lab/drill"
)

func TestList(t *testing.T) {
	for args, want := range map[string]int{"--list": 25, "--list 5 11": 2} {
		var out bytes.Buffer
		if err := run(t.Context(), strings.Fields(args), &out); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "\n"); got != want {
			t.Errorf("%s: got %d lines, want %d:\n%s", args, got, want, &out)
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
