package aerospike

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike/asdtest"
	"dailyroster/store/storetest"
)

// together are ids of which all stand in one record.
func together(s *Store, what string, n int) []roster.PersonID {
	var ids []roster.PersonID
	for i := 0; len(ids) < n; i++ {
		id := roster.PersonID(fmt.Sprintf("%s-%d", what, i))
		if len(ids) == 0 || s.shardKey(setPeople, string(id)).Equals(s.shardKey(setPeople, string(ids[0]))) {
			ids = append(ids, id)
		}
	}
	return ids
}

// ofSize is a person whose record has about so many bytes.
func ofSize(id roster.PersonID, bytes int) roster.Person {
	p := roster.Person{ID: id, Name: "Person " + string(id), Active: true, Revision: storetest.NewID()}
	for i := 0; bytes > 0; i++ {
		d := roster.Date{Year: 2026, Month: 11, Day: 1}.AddDays(i)
		note := strings.Repeat("<", min(bytes, 280))
		p.Absences = append(p.Absences, roster.Absence{From: d, To: d, Note: note})
		bytes -= len(note) + 60
	}
	return p
}

func wantPerson(t *testing.T, s *Store, want roster.Person) {
	t.Helper()
	got, err := s.Person(t.Context(), want.ID)
	if err != nil || got.Revision != want.Revision || len(got.Absences) != len(want.Absences) || got.Name != want.Name {
		t.Errorf("Person(%s): got %s with %d absences, %v, want %s with %d", want.ID, got.Revision, len(got.Absences), err, want.Revision, len(want.Absences))
	}
}

// kept is the text of an entry as it stands in its record.
func kept(t *testing.T, s *Store, id roster.PersonID) string {
	t.Helper()
	key := s.shardKey(setPeople, string(id))
	answers, err := s.read(t.Context(), lookup{key: key, ops: []*as.Operation{as.MapGetByKeyOp(binAll, string(id), as.MapReturnType.VALUE)}})
	if err != nil {
		t.Fatal(err)
	}
	e, err := entryOf(key, answers[0][binAll])
	if err != nil {
		t.Fatal(err)
	}
	return e.text
}

// Thirty of the largest people that there may be stand in one record with a small one, which
// has room, as have others. They are more than a record can hold.
func testLargeEntities(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	s.emptyAfter = 0
	ids := together(s, string(newTeam("large")), 34)
	people := map[roster.PersonID]roster.Person{}
	put := func(p roster.Person, basedOn roster.Revision) {
		t.Helper()
		if err := s.PutPerson(t.Context(), p, basedOn); err != nil {
			t.Fatalf("PutPerson(%s): got %v, want nil", p.ID, err)
		}
		people[p.ID] = p
	}
	put(ofSize(ids[0], 0), "")
	for _, id := range ids[1:31] {
		put(ofSize(id, roster.MaxPersonBytes), "")
	}
	small := ofSize(ids[0], 0)
	put(small, people[ids[0]].Revision)
	if text := kept(t, s, ids[0]); !strings.HasPrefix(text, "{") {
		t.Errorf("a small person among large ones: got the entry %.60q, want it in the record, which costs one round trip to read", text)
	}
	if text := kept(t, s, ids[1]); !strings.HasPrefix(text, refPrefix) {
		t.Errorf("a large person: got the entry %.60q, want a reference", text)
	}

	// A record that is crowded by people of middling size takes references for the rest.
	crowd := together(s, string(newTeam("crowd")), 70)
	for s.shardKey(setPeople, string(crowd[0])).Equals(s.shardKey(setPeople, string(ids[0]))) {
		crowd = together(s, string(newTeam("crowd")), 70)
	}
	for _, id := range crowd {
		put(ofSize(id, inlineBytes-3000), "")
	}
	if text := kept(t, s, crowd[0]); !strings.HasPrefix(text, "{") {
		t.Errorf("the first of a crowd: got the entry %.60q, want it in the record", text)
	}
	if text := kept(t, s, crowd[69]); !strings.HasPrefix(text, refPrefix) {
		t.Errorf("the last of a crowd of %d bytes: got the entry %.60q, want a reference", 70*inlineBytes, text)
	}

	// What is replaced gives its room back; large becomes small again, and small large.
	was := kept(t, s, ids[1])
	large := ofSize(ids[1], roster.MaxPersonBytes/2)
	put(large, people[ids[1]].Revision)
	emptied := false
	for range 100 {
		answers, err := s.read(t.Context(), lookup{key: s.bodyKey(was), bins: []string{binText}})
		if err != nil || answers[0] == nil {
			t.Fatalf("the body of a large person who was replaced: got %v, %v, want it there", answers[0], err)
		}
		if emptied = answers[0][binText] == ""; emptied {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if !emptied {
		t.Error("the body of a large person who was replaced: got it still there, want it empty")
	}
	put(ofSize(ids[1], 100), large.Revision)
	if text := kept(t, s, ids[1]); !strings.HasPrefix(text, "{") {
		t.Errorf("a large person who is small again: got the entry %.60q, want it in the record", text)
	}

	// It is a compare-and-set still, and a repeat is a success.
	last := people[ids[2]]
	for range 2 {
		changed := last
		changed.Name, changed.Revision = "Changed", "01J00000000000000000000000"
		if err := s.PutPerson(t.Context(), changed, last.Revision); err != nil {
			t.Fatalf("a change of a large person, and again: got %v, want nil", err)
		}
		people[last.ID] = changed
	}
	rival := last
	rival.Name, rival.Revision = "Rival", storetest.NewID()
	conflict, is := errors.AsType[*store.ConflictError[roster.Person]](s.PutPerson(t.Context(), rival, last.Revision))
	if !is || conflict.Current.Name != "Changed" || len(conflict.Current.Absences) != len(last.Absences) {
		t.Errorf("a stale change of a large person: got %+v, want a conflict with the whole person", conflict)
	}
	all, err := s.People(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range people {
		wantPerson(t, s, want)
		if i := slices.IndexFunc(all, func(p roster.Person) bool { return p.ID == want.ID }); i < 0 || all[i].Revision != want.Revision || len(all[i].Absences) != len(want.Absences) {
			t.Errorf("People: %s is not there, or not as written", want.ID)
		}
	}

	// What no record can hold is refused, and soon.
	before := s.RoundTrips()
	err = s.PutPerson(t.Context(), ofSize(ids[33], 1200<<10), "")
	if !errors.Is(err, store.ErrTooBig) || !errors.Is(err, store.ErrInvalid) || errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a person of 1.2 MB: got %v, want an ErrTooBig", err)
	}
	if after := s.RoundTrips(); after.Writes-before.Writes > 6 {
		t.Errorf("a person of 1.2 MB: got %d writes, want it given up at once", after.Writes-before.Writes)
	}
	if _, err := s.Person(t.Context(), ids[33]); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a person who was refused: got %v, want ErrNotFound", err)
	}
}

// testOldLayout writes people as they were once kept: all in their records, whatever their
// size, with < as six bytes; and a record that is full of them.
func testOldLayout(t *testing.T, c *asdtest.Cluster) {
	s := openStore(t, c)
	defer func() { _ = s.Close() }()
	ids := together(s, string(newTeam("old")), 300)
	key := s.shardKey(setPeople, string(ids[0]))
	if err := s.create(t.Context(), key, as.MapCreateOp(binAll, as.MapOrder.KEY_ORDERED, nil)); err != nil {
		t.Fatal(err)
	}
	var old []roster.Person
	writeOld := func(p roster.Person) bool {
		t.Helper()
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		_, failed := s.operate(t.Context(), key, as.UPDATE_ONLY, nil, putEntry(string(p.ID), p.Revision, string(data)))
		if failed == nil {
			old = append(old, p)
		}
		return failed == nil
	}
	writeOld(ofSize(ids[0], 0))
	next := 1
	for _, bytes := range []int{40_000, 4000, 0} { // until not even a small one fits
		for writeOld(ofSize(ids[next], bytes)) {
			next++
		}
	}
	if len(old) < 5 {
		t.Fatalf("got %d people into the record, want it full", len(old))
	}
	t.Logf("the record is full with %d people", len(old))
	check := func() {
		t.Helper()
		all, err := s.People(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range old {
			wantPerson(t, s, want)
			i := slices.IndexFunc(all, func(p roster.Person) bool { return p.ID == want.ID })
			if i < 0 || all[i].Revision != want.Revision || len(all[i].Absences) != len(want.Absences) || len(want.Absences) > 0 && all[i].Absences[0] != want.Absences[0] {
				t.Fatalf("People: %s is not there, or not as written", want.ID)
			}
		}
	}
	check()
	added := ofSize(ids[next], 0)
	if err := s.PutPerson(t.Context(), added, ""); err != nil {
		t.Errorf("a new person in a full record: got %v, want nil", err)
	}
	old = append(old, added)
	for i, p := range old[:3] {
		revision := p.Revision
		p.Phone, p.Revision = "112", storetest.NewID()
		if err := s.PutPerson(t.Context(), p, revision); err != nil {
			t.Errorf("a change of a person in a full record: got %v, want nil", err)
		}
		old[i] = p
	}
	check()
	wantRoom(t, s, key)
}

// wantRoom wants a record that was full to have room again.
func wantRoom(t *testing.T, s *Store, key *as.Key) {
	t.Helper()
	answers, err := s.read(t.Context(), lookup{key: key, ops: []*as.Operation{as.ExpReadOp("size", as.ExpRecordSize(), as.ExpReadFlagDefault)}})
	if err != nil {
		t.Fatal(err)
	}
	if size, _ := answers[0]["size"].(int); size == 0 || size > 900<<10 {
		t.Errorf("the record that was full: got %d bytes, want room for others", size)
	}
}
