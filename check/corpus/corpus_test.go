package corpus

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestKeep(t *testing.T) {
	found, path := t.TempDir(), Path(t.TempDir(), "FuzzIt")
	write(t, filepath.Join(found, "a"), header+"string(\"longer\")\nbyte('\\x05')\n")
	write(t, filepath.Join(found, "b"), header+"string(\"x\")\nbyte('ÿ')\n")
	write(t, filepath.Join(found, "large"), header+"string(\""+strings.Repeat("x", maxInput)+"\")\n")
	for range 2 { // what is kept stays, and is there once
		if n, err := Keep(path, found); n != 2 || err != nil {
			t.Fatalf("got %d inputs, %v, want the two small ones", n, err)
		}
	}
	write(t, filepath.Join(found, "c"), header+"string(\"\")\nbyte('\\u0080')\n")
	if n, err := Keep(path, found); n != 3 || err != nil {
		t.Fatalf("got %d inputs, %v, want one more", n, err)
	}
	inputs, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	var got [][]any
	for _, input := range inputs {
		values, err := parse(input)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, values)
	}
	want := [][]any{{"x", byte(0xff)}, {"", byte(0x80)}, {"longer", byte(5)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestKeepIsLimited(t *testing.T) {
	found, path := t.TempDir(), Path(t.TempDir(), "FuzzIt")
	for i := range 100 {
		write(t, filepath.Join(found, strings.Repeat("f", i+1)), header+"[]byte(\""+strings.Repeat("y", 1000+i)+"\")\n")
	}
	n, err := Keep(path, found)
	if err != nil || n < 40 || n > 50 {
		t.Errorf("got %d inputs, %v, want what fits into %d bytes", n, err, maxFile)
	}
}

func TestNothingToKeep(t *testing.T) {
	path := Path(t.TempDir(), "FuzzIt")
	if n, err := Keep(path, filepath.Join(t.TempDir(), "none")); n != 0 || err != nil {
		t.Errorf("got %d, %v, want nothing", n, err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a file was made for nothing")
	}
}

func TestParseRefuses(t *testing.T) {
	for _, line := range []string{"", "x", "string(1)", `string("a", "b")`, `int("1")`, "byte('Ā')", `string("`} {
		if got, err := parseValue(line); err == nil {
			t.Errorf("%q: got %v, want it refused", line, got)
		}
	}
}
