package drill

import (
	"testing"
	"time"

	"dailyroster/infra/lab/drill/receive"
)

// Each thing that must not happen to notices is seen.
func TestHold(t *testing.T) {
	due := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	dues := map[string]time.Time{"ana": due, "bo": due}
	arrival := func(to, id, from string, after time.Duration) receive.Arrival {
		return receive.Arrival{ID: id, To: to, Subject: nowSubject, From: from, Begun: due.Add(after - 500*time.Millisecond), At: due.Add(after)}
	}
	killed := []kill{{due.Add(1200 * time.Millisecond), "front1"}}
	type found struct{ missing, soon, twice, ids, again int }
	for what, c := range map[string]struct {
		arrivals []receive.Arrival
		want     found
		last     time.Duration
	}{
		"nothing": {nil, found{missing: 2}, 0},
		"each once": {
			[]receive.Arrival{arrival("ana", "1", "front1", time.Second), arrival("bo", "2", "front2", 2*time.Second)}, found{}, 2 * time.Second,
		},
		"again after a kill": {
			[]receive.Arrival{arrival("ana", "1", "front2", 20*time.Second), arrival("ana", "1", "front1", time.Second), arrival("bo", "2", "front2", 0)},
			found{again: 1}, time.Second,
		},
		"again, and another was killed": {
			[]receive.Arrival{arrival("ana", "1", "front2", time.Second), arrival("ana", "1", "front1", 20*time.Second), arrival("bo", "2", "front2", 0)},
			found{again: 1, twice: 1}, time.Second,
		},
		"again, long before the kill": {
			[]receive.Arrival{arrival("ana", "1", "front1", 0), arrival("ana", "1", "front2", 20*time.Second), arrival("bo", "2", "front2", 0)},
			found{again: 1, twice: 1}, 0,
		},
		"again, begun after the kill": {
			[]receive.Arrival{arrival("ana", "1", "front1", 5*time.Second), arrival("ana", "1", "front2", 20*time.Second), arrival("bo", "2", "front2", 0)},
			found{again: 1, twice: 1}, 5 * time.Second,
		},
		"two ids": {
			[]receive.Arrival{arrival("ana", "1", "front1", time.Second), arrival("ana", "3", "front2", 20*time.Second), arrival("bo", "2", "front2", 0)},
			found{ids: 1}, 20 * time.Second,
		},
		"too soon": {
			[]receive.Arrival{arrival("ana", "1", "front1", -time.Millisecond), arrival("bo", "2", "front2", 0)}, found{soon: 1}, 0,
		},
		"of somebody else": {
			[]receive.Arrival{arrival("ana", "1", "front1", 0), arrival("chidi", "2", "front2", 0)}, found{missing: 1}, 0,
		},
	} {
		got := hold(dues, c.arrivals, killed, time.Second)
		is := found{len(got.missing), len(got.soon), len(got.twice), len(got.ids), got.again}
		if is != c.want || got.last != c.last || got.want != 2 || got.got != 2-c.want.missing {
			t.Errorf("%s: got %+v and the last after %s, want %+v and %s", what, is, got.last, c.want, c.last)
		}
		failed := false
		for _, v := range got.verdicts("mails", 30*time.Second, 1) {
			failed = failed || !v.OK
		}
		if wrong := c.want.missing+c.want.soon+c.want.twice+c.want.ids > 0; failed != wrong {
			t.Errorf("%s: got the verdict failed %t, want %t", what, failed, wrong)
		}
	}
	late := hold(dues, []receive.Arrival{arrival("ana", "1", "front1", 0), arrival("bo", "2", "front2", 31*time.Second)}, nil, time.Second)
	if vs := late.verdicts("mails", 30*time.Second, 1); vs[2].OK {
		t.Errorf("31 s late: got %+v, want it failed", vs[2])
	}
}
