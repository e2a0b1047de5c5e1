// Package corpus keeps what the fuzz targets have found worth looking at, in a file for
// each target: every run of the tests looks at it again, and the next fuzzing begins
// with it.
//
// The file testdata/<target>.corpus has the inputs one after the other, each in the
// format of Go's own corpus files ("go test fuzz v1" and a line for each value), which
// the go command keeps in a cache that is not part of the module.
package corpus

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

const header = "go test fuzz v1\n"

// What is kept of each target: the shortest inputs first, until this is full.
const (
	maxInput = 2 << 10
	maxFile  = 48 << 10
)

// Add gives the kept inputs of a fuzz target to it.
func Add(f *testing.F) {
	f.Helper()
	inputs, err := read(Path(".", f.Name()))
	if err != nil {
		f.Fatal(err)
	}
	for _, input := range inputs {
		values, err := parse(input)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(values...)
	}
}

// Path is where the inputs of a target in a folder are kept.
func Path(dir, target string) string { return filepath.Join(dir, "testdata", target+".corpus") }

// Keep adds to the file what the go command has found and keeps in the folder found,
// each input in a file. It gives how many inputs the file has then.
func Keep(path, found string) (int, error) {
	inputs, err := read(path)
	if err != nil {
		return 0, err
	}
	files, err := os.ReadDir(found)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join(found, file.Name()))
		if err != nil {
			return 0, err
		}
		input, is := strings.CutPrefix(string(text), header)
		if !is || len(input) > maxInput {
			continue
		}
		if _, err := parse(input); err != nil {
			return 0, fmt.Errorf("%s: %w", file.Name(), err)
		}
		inputs = append(inputs, input)
	}
	slices.SortFunc(inputs, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	inputs = slices.Compact(inputs)
	var text bytes.Buffer
	for i, input := range inputs {
		if text.Len()+len(header)+len(input) > maxFile {
			inputs = inputs[:i]
			break
		}
		text.WriteString(header + input)
	}
	if len(inputs) == 0 {
		return 0, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, err
	}
	return len(inputs), os.WriteFile(path, text.Bytes(), 0o644)
}

// read gives the inputs in a file, without the headers; none if there is no file.
func read(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	inputs := strings.Split(string(text), header)
	if inputs[0] != "" {
		return nil, fmt.Errorf("%s does not begin with %q", path, header)
	}
	return inputs[1:], nil
}

// parse gives the values of an input: as they are kept, a line of Go for each.
func parse(input string) ([]any, error) {
	var values []any
	for line := range strings.Lines(input) {
		value, err := parseValue(strings.TrimSuffix(line, "\n"))
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		values = append(values, value)
	}
	return values, nil
}

// parseValue parses what the targets here take: a string, bytes, or one byte.
func parseValue(line string) (any, error) {
	expr, err := parser.ParseExpr(line)
	if err != nil {
		return nil, err
	}
	call, _ := expr.(*ast.CallExpr)
	if call == nil || len(call.Args) != 1 {
		return nil, errors.New("not the conversion of one value")
	}
	literal, _ := call.Args[0].(*ast.BasicLit)
	if literal == nil || literal.Kind != token.STRING && literal.Kind != token.CHAR {
		return nil, errors.New("not the conversion of a literal")
	}
	text, err := strconv.Unquote(literal.Value)
	if err != nil {
		return nil, err
	}
	switch to := line[:call.Lparen-1]; to {
	case "string":
		return text, nil
	case "[]byte":
		return []byte(text), nil
	case "byte":
		if r, _ := utf8.DecodeRuneInString(text); r <= 0xff {
			return byte(r), nil
		}
		return nil, errors.New("more than a byte")
	default:
		return nil, fmt.Errorf("%s is not known here", to)
	}
}
