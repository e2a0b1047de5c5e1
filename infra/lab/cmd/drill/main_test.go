package main

import (
	"bytes"
	"strings"
	"testing"

	"dailyroster/infra/lab/drill"
)

func TestList(t *testing.T) {
	for args, want := range map[string]int{"--list": 20, "--list 5 11": 2} {
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
	if _, err := choose(drill.Drills(), []int{16}); err == nil || !strings.Contains(err.Error(), "no drill 16") {
		t.Errorf("drill 16: got %v, want that there is none", err)
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
