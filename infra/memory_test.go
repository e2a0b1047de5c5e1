package infra

import (
	"strings"
	"testing"
)

// The program has a bound on its memory wherever it runs, and knows of one that is below.
func TestMemoryIsBounded(t *testing.T) {
	for file, want := range map[string]string{
		"roles/roster/templates/roster.service.j2": "MemoryMax={{ roster_memory_max }}\n",
		"roles/roster/templates/roster.env.j2":     "GOMEMLIMIT={{ roster_memory_soft_limit }}\n",
		"roles/roster/defaults/main.yml":           "roster_memory_max: 1G\nroster_memory_soft_limit: 768MiB\n",
		"Dockerfile":                               "ENV GOMEMLIMIT=768MiB\n",
		"compose.yaml":                             "  mem_limit: 1g\n",
	} {
		if !strings.Contains(read(t, file), want) {
			t.Errorf("%s: want %q in it", file, want)
		}
	}
}
