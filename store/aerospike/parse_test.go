package aerospike

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike/info"
	"dailyroster/store/storetest"
)

func TestStatusOf(t *testing.T) {
	const answer = "failed_best_practices=true;cluster_size=3;cluster_key=5B7A2C;cluster_generation=7;cluster_principal=A3;" +
		"cluster_min_compatibility_id=14;cluster_integrity=true;cluster_is_member=true;cluster_clock_skew_ms=2;paxos_principal=A3;" +
		"time_since_rebalance=61;uptime=3600;client_connections=27;migrate_partitions_remaining=12"
	want := store.NodeStatus{
		Uptime: time.Hour, ClusterSize: 3, ClusterKey: "5B7A2C", Integrity: true, Principal: "A3", Member: true, Clients: 27,
		MigrationsLeft: 12, ClockSkew: 2 * time.Millisecond, SinceRebalance: 61 * time.Second,
	}
	if d := cmp.Diff(want, statusOf(info.Parse(answer))); d != "" {
		t.Errorf("statusOf (-want +got):\n%s", d)
	}
	if d := cmp.Diff(store.NodeStatus{}, statusOf(info.Parse(""))); d != "" {
		t.Errorf("statusOf of nothing (-want +got):\n%s", d)
	}
}

func TestParseNamespace(t *testing.T) {
	const answer = "ns_cluster_size=3;effective_replication_factor=3;objects=30;master_objects=10;prole_objects=20;stop_writes=false;" +
		"data_used_bytes=4096;data_total_bytes=536870912;data_avail_pct=98;index_used_bytes=1920;migrate_tx_partitions_remaining=1;migrate_rx_partitions_remaining=2"
	got, ok := parseNamespace(answer)
	want := store.NamespaceStatus{
		Objects: 30, MasterObjects: 10, ProleObjects: 20, EffectiveReplicas: 3, DataUsed: 4096, DataTotal: 512 << 20, DataAvailablePct: 98,
		IndexUsed: 1920, MigrateTransmitLeft: 1, MigrateReceiveLeft: 2,
	}
	if d := cmp.Diff(want, got); d != "" || !ok {
		t.Errorf("parseNamespace: got %t (-want +got):\n%s", ok, d)
	}
	if _, ok := parseNamespace("ERROR:4:namespace not found"); ok {
		t.Error("parseNamespace of an unknown namespace: got true, want false")
	}
}

func TestCursor(t *testing.T) {
	day := roster.Date{Year: 2026, Month: 11, Day: 23}
	q := store.ChangeQuery{Limit: 10, From: day, To: day}
	pasts := []*past{
		{month: roster.Month{Year: roster.MinYear, Month: 1}, upper: 1},
		{month: roster.Month{Year: 2026, Month: 11}, upper: 0},
		{month: roster.Month{Year: 2026, Month: 12}, upper: 70_000},
		{month: roster.Month{Year: roster.MaxYear, Month: 12}, upper: 3},
	}
	want := []position{{pasts[0].month, 1}, {pasts[2].month, 70_000}, {pasts[3].month, 3}}
	q.Cursor = formatCursor("ops", q, pasts)
	got, err := parseCursor("ops", q)
	if err != nil {
		t.Fatalf("parseCursor: got %v, want nil", err)
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(position{})); d != "" {
		t.Errorf("parseCursor (-want +got):\n%s", d)
	}
	otherDate := q
	otherDate.From, otherDate.To = roster.Date{}, roster.Date{}
	for what, err := range map[string]error{
		"another team's": second(parseCursor("other", q)),
		"another date's": second(parseCursor("ops", otherDate)),
		"a cut one":      second(parseCursor("ops", store.ChangeQuery{From: q.From, To: q.To, Cursor: q.Cursor[:len(q.Cursor)-2]})),
		"nonsense":       second(parseCursor("ops", store.ChangeQuery{Cursor: "what?"})),
		"a short one":    second(parseCursor("ops", store.ChangeQuery{Cursor: "AAAA"})),
	} {
		if _, ok := errors.AsType[*store.InvalidError](err); !ok {
			t.Errorf("%s cursor: got %v, want an *InvalidError", what, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestEncoding(t *testing.T) {
	d := roster.Day{
		Date:        roster.Date{Year: 2026, Month: 11, Day: 23},
		Assignments: map[roster.RoleID]roster.PersonID{"primary": "ana", "secondary": "bo"}, Note: "Zoë 王芳\nline", Revision: storetest.NewID(),
	}
	got, ok := decodeDay(d.Date, any(encodeDay(d)))
	if diff := cmp.Diff(d, got); diff != "" || !ok {
		t.Errorf("decodeDay: got %t (-want +got):\n%s", ok, diff)
	}
	c := roster.Change{
		ID: storetest.NewID(), Team: "ops", Date: d.Date, Role: "primary", From: "ana", To: "bo", NoteFrom: "a", Note: "b", Actor: "tester", ActorID: "person:tester",
		Time: time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC), Why: roster.WhySwap, Group: storetest.NewID(),
		Reason: "Bo was ill",
		With:   roster.Seat{Date: roster.Date{Year: 2026, Month: 12, Day: 1}, Role: "secondary"},
	}
	change, ok := decodeChange("ops", d.Date.InMonth(), any(encodeChange(c)))
	if diff := cmp.Diff(c, change); diff != "" || !ok {
		t.Errorf("decodeChange: got %t (-want +got):\n%s", ok, diff)
	}
	c.ActorID = ""
	if change, ok := decodeChange("ops", d.Date.InMonth(), any(encodeChange(c)[:13])); !ok || change != c {
		t.Errorf("decodeChange of one from before actors had ids: got %+v, %t, want %+v", change, ok, c)
	}
	c.Reason, c.With = "", roster.Seat{}
	if change, ok := decodeChange("ops", d.Date.InMonth(), any(encodeChange(c)[:fewestChangeFields])); !ok || change != c {
		t.Errorf("decodeChange of one from before there were reasons: got %+v, %t, want %+v", change, ok, c)
	}
	for what, bad := range map[string]any{"nothing": nil, "text": "x", "too short": []any{"x"}, "numbers": []any{1, 2, 3}} {
		if got, ok := decodeDay(d.Date, bad); ok {
			t.Errorf("decodeDay of %s: got %+v, want a refusal", what, got)
		}
		if got, ok := decodeChange("ops", d.Date.InMonth(), bad); ok {
			t.Errorf("decodeChange of %s: got %+v, want a refusal", what, got)
		}
	}
}
