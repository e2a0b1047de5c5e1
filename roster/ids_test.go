package roster_test

import (
	"strings"
	"testing"
	"time"

	"dailyroster/check/corpus"
	"dailyroster/roster"
)

func TestParseSlug(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a", "0", "-", "ana-lima-2", strings.Repeat("a", 40)} {
		if got, err := roster.ParsePersonID(s); err != nil || string(got) != s {
			t.Errorf("ParsePersonID(%q): got %q, %v, want it back", s, got, err)
		}
	}
	for _, s := range []string{"", strings.Repeat("a", 41), "Ana", "a b", "a/b", "a_b", "ä", "a\x00b", "ana ", "..", "a\n"} {
		if got, err := roster.ParsePersonID(s); err == nil {
			t.Errorf("ParsePersonID(%q): got %q, want an error", s, got)
		}
		if got, err := roster.ParseTeamID(s); err == nil {
			t.Errorf("ParseTeamID(%q): got %q, want an error", s, got)
		}
		if got, err := roster.ParseRoleID(s); err == nil {
			t.Errorf("ParseRoleID(%q): got %q, want an error", s, got)
		}
	}
}

func TestSlug(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Ana Lima":                     "ana-lima",
		"  Ana   LIMA ":                "ana-lima",
		"José Ñandú":                   "jose-nandu",
		"Jose\u0301 N\u0303andu\u0301": "jose-nandu",
		"Groß":                         "gross",
		"İpek":                         "ipek",
		"Ａｎａ":                          "ana",
		"Acme™":                        "acmetm",
		"O’Neill, Anne-Marie (2)":      "o-neill-anne-marie-2",
		"--a--":                        "a",
		strings.Repeat("a", 80):        strings.Repeat("a", 40),
		strings.Repeat("a", 39) + " b": strings.Repeat("a", 39),
	} {
		if got := roster.Slug(name); got != want {
			t.Errorf("Slug(%+q): got %q, want %q", name, got, want)
		}
	}
	hashed := map[string]string{}
	for _, name := range []string{"李小龍", "李小龙", "Ольга", "Ana Ж", "👩\u200d🚒", "👨\u200d🚒", "", "!"} {
		got := roster.Slug(name)
		if _, err := roster.ParsePersonID(got); err != nil || !strings.HasPrefix(got, "x-") || len(got) != 10 {
			t.Errorf("Slug(%q): got %q, %v, want x- and eight characters of a hash", name, got, err)
		}
		if other, taken := hashed[got]; taken {
			t.Errorf("Slug(%q): got %q, which %q has too", name, got, other)
		}
		hashed[got] = name
	}
	if a, b := roster.Slug("Ольга"), roster.Slug(" ОЛЬГА"); a != b {
		t.Errorf("Slug of one name in two spellings: got %q and %q, want the same", a, b)
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Ana Lima", "José", "Groß", "李小龍", "👩\u200d🚒", "", "™", "\xff", strings.Repeat("a ", 50)} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		corpus.Each(t, price, s, func(s string) { roster.Slug(s) })
		slug := roster.Slug(s)
		if _, err := roster.ParsePersonID(slug); err != nil {
			t.Errorf("Slug(%+q): got %q, want an id: %v", s, slug, err)
		}
		if again := roster.Slug(s); again != slug {
			t.Errorf("Slug(%+q) once more: got %q, want %q", s, again, slug)
		}
		if again := roster.Slug(slug); again != slug {
			t.Errorf("Slug of its own %q: got %q, want the same", slug, again)
		}
		if name, err := roster.ParseName(s); err == nil && roster.Slug(name) != slug {
			t.Errorf("Slug of the tidied name %+q: got %q, want as of what was typed, %q", name, roster.Slug(name), slug)
		}
	})
}

func TestNumberedSlug(t *testing.T) {
	t.Parallel()
	tests := []struct {
		slug string
		n    int
		want string
	}{
		{"ana", 1, "ana"},
		{"ana", 2, "ana-2"},
		{"ana", 10, "ana-10"},
		{strings.Repeat("a", 40), 2, strings.Repeat("a", 38) + "-2"},
		{strings.Repeat("a", 37) + "-bc", 2, strings.Repeat("a", 37) + "-2"},
	}
	for _, tt := range tests {
		if got := roster.NumberedSlug(tt.slug, tt.n); got != tt.want {
			t.Errorf("NumberedSlug(%q, %d): got %q, want %q", tt.slug, tt.n, got, tt.want)
		}
	}
}

func TestChangeIDs(t *testing.T) {
	t.Parallel()
	const id = "01KAQZ3M5T0123456789ABCDEF"
	for _, s := range []string{id, strings.ToLower(id)} {
		if got, err := roster.ParseChangeID(s); err != nil || got != id {
			t.Errorf("ParseChangeID(%q): got %q, %v, want %q", s, got, err, id)
		}
	}
	for _, s := range []string{"", id[1:], id + "0", "8" + id[1:], "U" + id[1:], strings.Replace(id, "A", "!", 1), " " + id} {
		if got, err := roster.ParseChangeID(s); err == nil {
			t.Errorf("ParseChangeID(%q): got %q, want an error", s, got)
		}
	}
	got, err := roster.NewChangeID(time.UnixMilli(1469918176385), [10]byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 31})
	if want := roster.ChangeID("01ARYZ6S41000000000000000Z"); err != nil || got != want {
		t.Errorf("NewChangeID: got %q, %v, want %q", got, err, want)
	}
	if got, err := roster.NewChangeID(time.UnixMilli(-1), [10]byte{}); err == nil {
		t.Errorf("NewChangeID before 1970: got %q, want an error", got)
	}
}

// Derived ids are in stored histories: they have to stay what they are.
func TestDeriveChangeID(t *testing.T) {
	t.Parallel()
	// The first half of the SHA-256 of the scope, a zero byte and the key.
	if got, want := roster.DeriveChangeID("ops", "key-1"), roster.ChangeID("7WG5BBMG5RAQ9WVNTZRDR3JDXK"); got != want {
		t.Errorf("DeriveChangeID(ops, key-1): got %s, want %s", got, want)
	}
	seen := map[roster.ChangeID]string{}
	for _, in := range [][2]string{{"ops", "key-1"}, {"ops", "key-2"}, {"web", "key-1"}, {"opsk", "ey-1"}, {"ops", ""}, {"", "ops"}} {
		got := roster.DeriveChangeID(in[0], in[1])
		if parsed, err := roster.ParseChangeID(string(got)); err != nil || parsed != got {
			t.Errorf("ParseChangeID(%s): got %q, %v, want it back", got, parsed, err)
		}
		if other, taken := seen[got]; taken {
			t.Errorf("DeriveChangeID(%q): got %s, which %s has too", in, got, other)
		}
		seen[got] = in[0] + " " + in[1]
	}
}
