package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

func storeFile(t *testing.T) string { return filepath.Join(t.TempDir(), "roster.db") }

// A PUT with an Idempotency-Key that is repeated is one edit.
func TestRepeatedPut(t *testing.T) {
	s := start(t, storeFile(t))
	today := inDays(t, 0)
	putPerson := func(name string, header ...string) (int, string) {
		return s.call(t, "PUT", "/api/v1/teams/daily-roster/days/"+today, `{"assignments":{"primary":"`+name+`"}}`, header...)
	}
	put := func(header ...string) (int, string) { return putPerson("Ana Ruiz", header...) }
	if status, body := put("Idempotency-Key", "k"); status != http.StatusOK {
		t.Fatalf("PUT: got %d %s, want 200", status, body)
	}
	if status, body := put("Idempotency-Key", "k"); status != http.StatusOK {
		t.Errorf("PUT again with the same key: got %d %s, want 200", status, body)
	}
	for _, path := range []string{"/api/v1/teams/daily-roster/oncall", "/api/v1/oncall"} {
		if _, body := s.call(t, "GET", path+"?at="+time.Now().UTC().Format(time.RFC3339), "", "Accept", "text/plain"); body != "Ana Ruiz\n" {
			t.Errorf("%s: got %q, want %q", path, body, "Ana Ruiz\n")
		}
	}
	const stale = `"01ARZ3NDEKTSV4RRFFQ69G5FAV"`
	if status, _ := putPerson("Bo Chen", "If-Match", stale); status != http.StatusPreconditionFailed {
		t.Errorf("PUT of somebody else with a stale If-Match: got %d, want 412", status)
	}
	if status, body := put("If-Match", stale); status != http.StatusOK {
		t.Errorf("PUT of what the day says already with a stale If-Match: got %d %s, want 200", status, body)
	}
	_, body := s.call(t, "GET", "/api/v1/teams/daily-roster/changes", "")
	var history struct{ Changes []struct{ ID string } }
	if err := json.Unmarshal([]byte(body), &history); err != nil || len(history.Changes) != 1 {
		t.Errorf("the history: got %s, %v, want one change", body, err)
	}
}

// A second process on the same file must say what is wrong, and soon.
func TestSecondProcessOnOneFile(t *testing.T) {
	s := start(t, storeFile(t))
	begun := time.Now()
	out, err := exec.Command(binary, "serve", "--listen=127.0.0.1:0", "--store=bolt:"+s.file).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "in use by another process") {
		t.Errorf("the second process: got %v, %q, want a message that the file is in use", err, out)
	}
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("the second process gave up after %s, want under 5 s", took)
	}
}

func TestWrongSettings(t *testing.T) {
	for arg, want := range map[string]string{
		"--listen=nowhere": "listen:", "--store=mysql://x": "store:", "--zone=Mars/Olympus": "zone:", "--drain=-1s": "drain:",
	} {
		out, err := exec.Command(binary, "serve", arg).CombinedOutput()
		if err == nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: got %v, %q, want a message that begins with %s", arg, err, out, want)
		}
	}
	cmd := exec.Command(binary, "serve")
	cmd.Env = append(os.Environ(), "ROSTER_LISTEN=nowhere")
	if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "nowhere") {
		t.Errorf("ROSTER_LISTEN=nowhere: got %v, %q, want it refused", err, out)
	}
}

// A stop lets a request that is under way finish, and takes readiness down first.
func TestGracefulStop(t *testing.T) {
	s := start(t, storeFile(t))
	if status, _ := s.call(t, "GET", "/readyz", ""); status != http.StatusOK {
		t.Errorf("/readyz: got %d, want 200", status)
	}
	if err := s.stop(); err != nil {
		t.Errorf("SIGTERM: got %v, want a clean exit", err)
	}
	if !strings.Contains(s.log.tail(5000), "stopping") {
		t.Error("the log does not say that the program was stopping")
	}
}

// Killed at any moment during 1,000 edits, the program must still have every edit
// that it had acknowledged, once.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	const edits, writers, kills = 1000, 4, 5
	s := start(t, storeFile(t))
	acknowledged := map[string]string{} // date → note
	unclear := 0
	next := 0
	for round := range kills {
		last := edits * (round + 1) / kills
		var (
			mu sync.Mutex
			wg sync.WaitGroup
		)
		killAt := next + (last-next)*3/4
		var once sync.Once
		for range writers {
			wg.Go(func() {
				for {
					mu.Lock()
					n := next
					if n >= last {
						mu.Unlock()
						return
					}
					next++
					mu.Unlock()
					date := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n).Format(time.DateOnly)
					note := fmt.Sprintf("edit %d", n)
					status, _, err := s.try(t.Context(), "PUT", "/api/v1/teams/daily-roster/days/"+date, fmt.Sprintf(`{"note":%q,"why":"a test"}`, note))
					mu.Lock()
					if err == nil && status == http.StatusOK {
						acknowledged[date] = note
					} else {
						unclear++
					}
					mu.Unlock()
					if n >= killAt {
						once.Do(s.kill)
					}
				}
			})
		}
		wg.Wait()
		s = start(t, s.file)
	}
	if len(acknowledged) < edits/2 || unclear == 0 {
		t.Fatalf("%d edits were acknowledged and %d were not: that proves nothing", len(acknowledged), unclear)
	}
	entries := map[string]int{}
	cursor := ""
	for {
		_, body := s.call(t, "GET", "/api/v1/teams/daily-roster/changes?limit=500&cursor="+cursor, "")
		var page struct {
			Changes []struct{ Date, Note string }
			Next    *string
		}
		if err := json.Unmarshal([]byte(body), &page); err != nil {
			t.Fatal(err)
		}
		for _, c := range page.Changes {
			entries[c.Date+" "+c.Note]++
		}
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	for date, note := range acknowledged {
		_, body := s.call(t, "GET", "/api/v1/teams/daily-roster/days/"+date, "")
		if !strings.Contains(body, fmt.Sprintf(`"note":%q`, note)) {
			t.Errorf("%s was acknowledged with %q and is now %s", date, note, body)
		}
		if got := entries[date+" "+note]; got != 1 {
			t.Errorf("%s is in the history %d times, want once", date, got)
		}
	}
	t.Logf("%d edits acknowledged, %d cut off by %d kills, none of the acknowledged lost", len(acknowledged), unclear, kills)
}
