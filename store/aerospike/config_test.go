package aerospike

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseURL(t *testing.T) {
	for raw, want := range map[string]Config{
		"aerospike://192.168.64.19:3000,192.168.64.20:3001,192.168.64.21/daily_roster": {
			Seeds: []string{"192.168.64.19:3000", "192.168.64.20:3001", "192.168.64.21:3000"}, Namespace: "daily_roster", ClusterName: "roster",
		},
		"aerospike://db1/ns?cluster=other":            {Seeds: []string{"db1:3000"}, Namespace: "ns", ClusterName: "other"},
		"aerospike://[fd00::1]:3000,[fd00::2]/roster": {Seeds: []string{"[fd00::1]:3000", "[fd00::2]:3000"}, Namespace: "roster", ClusterName: "roster"},
	} {
		got, err := ParseURL(raw)
		if err != nil {
			t.Errorf("ParseURL(%q): got %v, want nil", raw, err)
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("ParseURL(%q) (-want +got):\n%s", raw, d)
		}
	}
	for raw, want := range map[string]string{
		"bolt:///var/lib/roster.db":      "begins with aerospike://",
		"aerospike:///ns":                "empty",
		"aerospike://a:3000,,b/ns":       "empty",
		"aerospike://a:0/ns":             "not a port",
		"aerospike://a:x/ns":             "not a port",
		"aerospike://a:99999/ns":         "not a port",
		"aerospike://u@a:3000/ns":        "not host:port",
		"aerospike://fd00::1/ns":         "brackets",
		"aerospike://a:3000":             "/namespace",
		"aerospike://a:3000/":            "/namespace",
		"aerospike://a:3000/a/b":         "/namespace",
		"aerospike://a:3000/ns?tls=on":   "only cluster=name",
		"aerospike://a:3000/ns?cluster=": "only cluster=name",
	} {
		if got, err := ParseURL(raw); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseURL(%q): got %+v, %v, want a message with %q", raw, got, err, want)
		}
	}
}
