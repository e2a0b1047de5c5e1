// Package report makes a page of what came of the drills: a row for each with bounds
// and measured values, and a plot of what the load saw against what was done.
package report

import (
	"bytes"
	"cmp"
	_ "embed" // the page's template
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dailyroster/infra/lab/drill"
)

// Report is a run of drills.
type Report struct {
	Begun    time.Time      `json:"begun"`
	Took     time.Duration  `json:"took"`
	Edge     string         `json:"edge"`
	Machine  string         `json:"machine"`
	Load     string         `json:"load"` // what it was, in words
	Versions []Version      `json:"versions"`
	Drills   []drill.Result `json:"drills"`
}

// Version is that of a program that took part.
type Version struct {
	Of string `json:"of"`
	Is string `json:"is"`
}

// Add adds what came of some drills, until now.
func (r *Report) Add(results ...drill.Result) {
	r.Drills = append(r.Drills, results...)
	slices.SortStableFunc(r.Drills, func(a, b drill.Result) int { return cmp.Compare(a.Number, b.Number) })
	r.Took = time.Since(r.Begun)
}

// Passed is how many drills passed.
func (r *Report) Passed() int {
	n := 0
	for i := range r.Drills {
		if r.Drills[i].Passed {
			n++
		}
	}
	return n
}

// Failures says of each drill that did not pass, in a line or some, what did not hold, or what kept
// it from being done.
func (r *Report) Failures() []string {
	var all []string
	for i := range r.Drills {
		d := &r.Drills[i]
		if d.Error != "" {
			all = append(all, fmt.Sprintf("drill %d could not be done: %s", d.Number, d.Error))
		}
		for _, v := range d.Verdicts {
			if !v.OK {
				all = append(all, fmt.Sprintf("drill %d: %s: %s, and it had to be %s", d.Number, v.What, v.Measured, v.Bound))
			}
		}
	}
	return all
}

// Requests is how many the load made in all.
func (r *Report) Requests() int {
	n := 0
	for i := range r.Drills {
		n += r.Drills[i].Figures.Requests
	}
	return n
}

// The files of a report.
const (
	PageFile = "index.html"
	JSONFile = "report.json"
)

// Write makes both files in a folder.
func (r *Report) Write(folder string) error {
	page, err := r.page()
	if err != nil {
		return err
	}
	data, err := json.Marshal(r)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return errors.Join(
		os.WriteFile(filepath.Join(folder, PageFile), page, 0o644),
		os.WriteFile(filepath.Join(folder, JSONFile), append(data, '\n'), 0o644),
	)
}

// Read reads the JSON of a report.
func Read(folder string) (*Report, error) {
	data, err := os.ReadFile(filepath.Join(folder, JSONFile))
	if err != nil {
		return nil, err
	}
	r := &Report{}
	return r, json.Unmarshal(data, r)
}

//go:embed page.html
var pageText string

func (r *Report) page() ([]byte, error) {
	page, err := template.New(PageFile).Funcs(template.FuncMap{
		"short":    drill.Short,
		"minutes":  func(d time.Duration) string { return fmt.Sprintf("%.0f min", d.Minutes()) },
		"seconds":  func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) },
		"thousand": thousand,
		"plot":     func(d drill.Result) template.HTML { return template.HTML(plot(&d)) }, // escapes what it is given
		"bounded":  bounded,
	}).Parse(pageText)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = page.Execute(&out, r)
	return out.Bytes(), err
}

// bounded are the verdicts with a bound, or those without.
func bounded(all []drill.Verdict, with bool) []drill.Verdict {
	var some []drill.Verdict
	for _, v := range all {
		if (v.Bound != "") == with {
			some = append(some, v)
		}
	}
	return some
}

// thousand writes a number with a thin space between the thousands.
func thousand(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u2009" + text[i:]
	}
	return text
}
