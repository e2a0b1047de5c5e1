package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/store/aerospike/asdtest"
)

const clusterPromises = "two programs on a cluster of three nodes: live updates, the cluster page, the last known roster"

// waitStatus asks until the answer has the status, and gives its body.
func (s *server) waitStatus(t *testing.T, most time.Duration, want int, method, path, body string) string {
	t.Helper()
	got, text := 0, ""
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if got, text = s.call(t, method, path, body); got == want {
			return text
		}
	}
	t.Fatalf("%s %s: got %d %s after %s, want %d", method, path, got, text, most, want)
	return ""
}

// waitPage asks for the first page until it says what is wanted.
func (s *server) waitPage(t *testing.T, most time.Duration, want string) {
	t.Helper()
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if _, body := s.call(t, "GET", "/", ""); strings.Contains(body, want) {
			return
		}
	}
	t.Fatalf("the page does not say %q after %s", want, most)
}

type clusterAnswer struct {
	Health, Meaning string
	Nodes           []struct {
		Address, Name string
		Reachable     bool
		ClusterSize   int
		Namespace     *struct{ Objects int }
	}
}

func (s *server) cluster(t *testing.T) (c clusterAnswer, took time.Duration) {
	t.Helper()
	begun := time.Now()
	status, body := s.call(t, "GET", "/api/v1/cluster", "")
	took = time.Since(begun)
	if err := json.Unmarshal([]byte(body), &c); err != nil || status != http.StatusOK {
		t.Fatalf("the cluster: got %d %s, %v", status, body, err)
	}
	return c, took
}

func (s *server) waitHealth(t *testing.T, most time.Duration, want string) clusterAnswer {
	t.Helper()
	var c clusterAnswer
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if c, _ = s.cluster(t); c.Health == want {
			return c
		}
	}
	t.Fatalf("the cluster's health: got %+v after %s, want %s", c, most, want)
	return c
}

func TestTwoProgramsOnOneCluster(t *testing.T) {
	c := asdtest.Start(t, 3, clusterPromises)
	here, there := startOn(t, c.URL(), "app-one"), startOn(t, c.URL(), "app-two")
	today := inDays(t, 0)
	put := "/api/v1/teams/daily-roster/days/" + today
	here.waitStatus(t, 30*time.Second, http.StatusOK, "PUT", put, `{"assignments":{"primary":"Ana Ruiz"}}`)
	for _, s := range []*server{here, there} {
		s.waitStatus(t, 30*time.Second, http.StatusOK, "GET", "/readyz", "")
	}

	t.Run("an edit through one shows in a page of the other", func(t *testing.T) {
		page := openBrowser(t).newTab(t)
		page.open(there.url + "/")
		page.waitFor("#oncall", "On call now: Ana Ruiz")
		page.waitFor(".foot", "Served by app-two")
		time.Sleep(time.Second) // for the stream to be there
		begun := time.Now()
		here.call(t, "PUT", put, `{"assignments":{"primary":"Bo Chen"}}`)
		page.waitFor(cell(today, 1), "Bo Chen")
		page.waitFor("#oncall", "On call now: Bo Chen")
		took := time.Since(begun)
		t.Logf("the edit showed after %s", took.Round(time.Millisecond))
		if took > 2*time.Second {
			t.Errorf("the edit showed after %s, want under 2 s", took)
		}
		page.open(there.url + "/cluster")
		page.waitFor("#cluster .health", "All is well")
		page.keep("cluster")
	})

	t.Run("a frozen node does not hold up the cluster page", func(t *testing.T) {
		all := here.waitHealth(t, 30*time.Second, "well")
		if len(all.Nodes) != 3 || all.Nodes[0].Namespace == nil || all.Nodes[0].ClusterSize != 3 {
			t.Errorf("the cluster: got %+v, want three nodes that tell of their namespace", all)
		}
		c.Freeze(2)
		defer c.WaitStable(t, time.Minute)
		defer c.Thaw(2)
		degraded := here.waitHealth(t, 30*time.Second, "degraded")
		_, took := here.cluster(t)
		t.Logf("with a frozen node the page answers in %s: %s", took.Round(time.Millisecond), degraded.Meaning)
		if took > time.Second {
			t.Errorf("with a frozen node the page took %s, want under 1 s", took)
		}
		here.waitStatus(t, 30*time.Second, http.StatusOK, "PUT", put, `{"assignments":{"primary":"Cleo"}}`)
	})

	t.Run("two of three down", func(t *testing.T) {
		there.call(t, "GET", "/", "")
		c.Kill(1)
		c.Kill(2)
		begun := time.Now()
		text := there.waitStatus(t, 30*time.Second, http.StatusServiceUnavailable, "PUT", put, `{"assignments":{"primary":"Dana"}}`)
		if !strings.Contains(text, "does not answer") {
			t.Errorf("a refused edit: got %s, want a sentence that a person understands", text)
		}
		t.Logf("the first refusal came %s after the nodes died", time.Since(begun).Round(time.Millisecond))
		there.waitPage(t, 30*time.Second, "last known roster")
		t.Logf("the page was marked as last known %s after the nodes died", time.Since(begun).Round(time.Millisecond))
		for range 3 {
			begun := time.Now()
			status, body := there.call(t, "GET", "/", "")
			took := time.Since(begun)
			if status != http.StatusOK || !strings.Contains(body, "last known roster") || !strings.Contains(body, "Cleo") {
				t.Errorf("the page: got %d, want 200, marked as last known, with Cleo", status)
			}
			if took > 3*time.Second {
				t.Errorf("the last known page took %s, want under 3 s", took)
			}
			t.Logf("the last known page took %s", took.Round(time.Millisecond))
		}
		there.waitHealth(t, 30*time.Second, "refusing")
		c.Restart(1)
		c.Restart(2)
		begun = time.Now()
		there.waitStatus(t, 30*time.Second, http.StatusOK, "PUT", put, `{"assignments":{"primary":"Dana"}}`)
		t.Logf("edits were taken again %s after the nodes came back", time.Since(begun).Round(time.Millisecond))
		if _, body := there.call(t, "GET", "/", ""); strings.Contains(body, "last known roster") || !strings.Contains(body, "Dana") {
			t.Error("after the outage: the page is still marked as last known, or has not the new edit")
		}
	})
}

// quantile is the q-th part of sorted durations.
func quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// measure runs f n times and gives the median and the 99th percentile.
func measure(t *testing.T, n int, f func(i int) error) (p50, p99 time.Duration) {
	t.Helper()
	took := make([]time.Duration, n)
	for i := range n {
		begun := time.Now()
		if err := f(i); err != nil {
			t.Fatal(err)
		}
		took[i] = time.Since(begun)
	}
	slices.Sort(took)
	return quantile(took, 0.5), quantile(took, 0.99)
}

// What a page and a save cost through HTTP on three nodes, beside what the bare client
// needs for the same record, and beside the page on an embedded file. The figures are
// logged; only an answer that is wildly off fails, as machines differ.
func TestCostOnTheCluster(t *testing.T) {
	c := asdtest.Start(t, 3, "what a page and a save cost on a cluster of three nodes")
	cluster, file := startOn(t, c.URL(), "app"), start(t, storeFile(t))
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	date := func(i int) string { return first.AddDate(0, 0, i).Format(time.DateOnly) }
	for _, s := range []*server{cluster, file} {
		s.waitStatus(t, 30*time.Second, http.StatusOK, "GET", "/readyz", "")
		for i := range 60 {
			s.waitStatus(t, 30*time.Second, http.StatusOK, "PUT", "/api/v1/teams/daily-roster/days/"+date(i), `{"assignments":{"primary":"Ana Ruiz","secondary":"Bo Chen"},"note":"a note","why":"a test"}`)
		}
	}
	policy := as.NewClientPolicy()
	policy.ClusterName = asdtest.ClusterName
	host, err := as.NewHosts(c.Address(0))
	if err != nil {
		t.Fatal(err)
	}
	client, aerr := as.NewClientWithPolicyAndHost(policy, host...)
	if aerr != nil {
		t.Fatal(aerr)
	}
	defer client.Close()
	key, aerr := as.NewKey(asdtest.Namespace, "month", "daily-roster/2026-11")
	if aerr != nil {
		t.Fatal(aerr)
	}
	const n = 200
	get := func(s *server, path string) func(int) error {
		return func(int) error {
			status, body, err := s.try(t.Context(), "GET", path, "")
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("%s: %d %s", path, status, body)
			}
			return err
		}
	}
	save := func(s *server) func(int) error {
		return func(i int) error {
			status, body, err := s.try(t.Context(), "PUT", "/api/v1/teams/daily-roster/days/"+date(5), fmt.Sprintf(`{"note":"%d","why":"a test"}`, i))
			if err == nil && status != http.StatusOK {
				err = fmt.Errorf("saving: %d %s", status, body)
			}
			return err
		}
	}
	read := as.NewPolicy()
	read.ReadModeAP = as.ReadModeAPAll
	write := as.NewWritePolicy(0, as.TTLDontExpire)
	write.RecordExistsAction = as.UPDATE_ONLY
	page := "/teams/daily-roster?from=2026-11-23&days=35"
	rows := []struct {
		what string
		run  func(int) error
	}{
		{"bare Get of the month", func(int) error {
			if _, err := client.Get(read, key); err != nil {
				return err
			}
			return nil
		}},
		{"bare Operate on the month", func(int) error {
			if _, err := client.Operate(write, key, as.AddOp(as.NewBin("bench", 1))); err != nil {
				return err
			}
			return nil
		}},
		{"page, embedded file", get(file, page)},
		{"page, cluster", get(cluster, page)},
		{"save, embedded file", save(file)},
		{"save, cluster", save(cluster)},
	}
	var p50, p99 [6]time.Duration
	for i, r := range rows {
		p50[i], p99[i] = measure(t, n, r.run)
		t.Logf("%-26s p50 %-9s p99 %s", r.what, p50[i].Round(time.Microsecond), p99[i].Round(time.Microsecond))
	}
	ratio := func(a, b time.Duration) float64 { return float64(a) / float64(b) }
	t.Logf("page on the cluster: %.1f × the bare Get (p99 %.1f ×); goal 1.5 × the bare Get + the embedded page = %s, got %s",
		ratio(p50[3], p50[0]), ratio(p99[3], p99[0]), (p50[0]*3/2 + p50[2]).Round(time.Microsecond), p50[3].Round(time.Microsecond))
	t.Logf("save on the cluster: %.1f × the bare Operate (p99 %.1f ×)", ratio(p50[5], p50[1]), ratio(p99[5], p99[1]))
	if p50[3] > 100*time.Millisecond || p50[5] > 100*time.Millisecond {
		t.Errorf("a page took %s and a save %s in the median, want both under 100 ms", p50[3], p50[5])
	}
}
