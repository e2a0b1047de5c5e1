package words

import (
	"context"
	"strings"
	"testing"
	"time"
)

func german(t *testing.T) *Language {
	t.Helper()
	l := Pick("de-AT,de;q=0.9,en;q=0.8")
	if l.Tag() != "de" {
		t.Fatalf("got the language %q, want de", l.Tag())
	}
	return l
}

func TestPick(t *testing.T) {
	for accept, want := range map[string]string{
		"":                                      "en",
		"de":                                    "de",
		"DE-ch":                                 "de",
		"en-GB,en;q=0.9,de;q=0.8":               "en",
		"de;q=0.4,en;q=0.9":                     "en",
		"ja":                                    "en",
		"*":                                     "en",
		"\x00\xff;;;":                           "en",
		strings.Repeat("de,", 500):              "en", // longer than any wish that is meant
		"tlh,de;q=0.1":                          "de",
		"en-US,en;q=0.9":                        "en-US",
		"en":                                    "en",
		"en-AU":                                 "en",
		strings.Repeat("a", 100) + ",de;q=nope": "en",
	} {
		if got := Pick(accept).Tag(); got != want {
			t.Errorf("Pick(%.40q): got %q, want %q", accept, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	de := german(t)
	at := time.Date(2026, time.May, 5, 9, 30, 0, 0, time.UTC)
	for layout, want := range map[string][2]string{
		"Mon 2 Jan":             {"Tue 5 May", "Di 5. Mai"},
		"Monday 2 January 2006": {"Tuesday 5 May 2026", "Dienstag, 5. Mai 2026"},
		"Mon 15:04":             {"Tue 09:30", "Di 09:30"},
		"2006-01-02":            {"2026-05-05", "2026-05-05"},
		"January":               {"May", "Mai"},
	} {
		if got := English().Date(at, layout); got != want[0] {
			t.Errorf("%q in English: got %q, want %q", layout, got, want[0])
		}
		if got := de.Date(at, layout); got != want[1] {
			t.Errorf("%q in German: got %q, want %q", layout, got, want[1])
		}
	}
}

// TestCounting has a language of its own, so that it does not hang on what a file says.
func TestCounting(t *testing.T) {
	one, err := readText([]byte(`{"one": "eine Lücke", "other": "%d Lücken"}`))
	if err != nil {
		t.Fatal(err)
	}
	l := *german(t)
	l.texts = map[string]text{"%d gaps": one}
	for n, want := range map[int][2]string{
		0: {"0 gaps", "0 Lücken"}, 1: {"1 gap", "eine Lücke"}, 2: {"2 gaps", "2 Lücken"}, 12345: {"12,345 gaps", "12.345 Lücken"},
	} {
		if got := English().N(n, "%d gap", "%d gaps"); got != want[0] {
			t.Errorf("%d in English: got %q, want %q", n, got, want[0])
		}
		if got := l.N(n, "%d gap", "%d gaps"); got != want[1] {
			t.Errorf("%d in German: got %q, want %q", n, got, want[1])
		}
	}
	if _, err := readText([]byte(`{"one": "eine Lücke"}`)); err == nil {
		t.Error("a text without other: got no error")
	}
	if _, err := readText([]byte(`{"some": "x", "other": "y"}`)); err == nil {
		t.Error("an unknown plural form: got no error")
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		n             float64
		least, most   int
		english, ours string
	}{
		{17.5, 1, 1, "17.5", "17,5"}, {8, 0, 2, "8", "8"}, {8, 2, 2, "8.00", "8,00"}, {1234.25, 0, 2, "1234.25", "1234,25"}, {0.127, 0, 2, "0.13", "0,13"},
	} {
		if got := Number(context.Background(), c.n, c.least, c.most); got != c.english {
			t.Errorf("%v: got %q, want %q", c.n, got, c.english)
		}
		if got := Number(With(context.Background(), german(t)), c.n, c.least, c.most); got != c.ours {
			t.Errorf("%v in German: got %q, want %q", c.n, got, c.ours)
		}
	}
}

// TestWithText holds the short way of T against the long one.
func TestWithText(t *testing.T) {
	for format, values := range map[string][]any{
		"%s is on call": {"Ana"}, "%s and %s": {"Ana", "Bo"}, "%[2]s, %[1]s": {"Ana", "Bo"}, "%d days": {3}, "100%% of %s": {"it"}, "%s at 5%%": {"x"}, "%s%s": {"%s", "%d"},
	} {
		want := English().printer.Sprintf(format, values...)
		if got := English().T(format, values...); got != want {
			t.Errorf("%q: got %q, want %q", format, got, want)
		}
	}
}

func TestContext(t *testing.T) {
	ctx := context.Background()
	if got := Of(ctx).Tag(); got != "en" {
		t.Errorf("without a language: got %q, want en", got)
	}
	if got := Of(With(ctx, german(t))).Tag(); got != "de" {
		t.Errorf("with German: got %q, want de", got)
	}
	if got := T(ctx, "%s is on call", "Ana"); got != "Ana is on call" {
		t.Errorf("a text with a value: got %q", got)
	}
}
