package roster

import (
	"bytes"
	"encoding/json"

	"dailyroster/words/said"
)

// The most bytes of what is kept of one person, and of one team without its offers. The
// single limits (MaxAbsences, MaxNote, MaxHolidays and others) allow three or four times as
// much together: whoever is at all of them at once is asked to be briefer. A team's offers
// are limited by their number; 80 of them take up to 160 KiB. So no person and no team
// comes near the 1 MiB that a record of a cluster can have.
const (
	MaxPersonBytes = 64 << 10
	MaxTeamBytes   = 256 << 10
)

// Record is a value as stores and exports keep it: JSON in which <, > and & are themselves.
// encoding/json writes six bytes for each, for pages that have JSON within HTML; nothing
// here does, and whoever types them would make a record six times as large.
func Record(v any) ([]byte, error) {
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	if err := to.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(out.Bytes(), []byte("\n")), nil
}

// recordSize is how many bytes the record of a value has.
func recordSize(v any) int {
	data, err := Record(v)
	if err != nil {
		return 0 // a store will say so
	}
	return len(data)
}

// validateSize refuses a person whose record is too large: of all that they have, only
// absences can be many.
func (p *Person) validateSize(errs *FieldErrors) {
	if n := recordSize(p); n > MaxPersonBytes {
		errs.Add("absences", said.New("with these absences and their notes the person takes %d kB; there is room for %d kB, so shorten notes or remove absences", kB(n), kB(MaxPersonBytes)))
	}
}

// validateSize refuses a team whose record is too large, at what takes most of it.
func (t *Team) validateSize(errs *FieldErrors) {
	all := *t
	all.Offers = nil
	n := recordSize(&all)
	if n <= MaxTeamBytes {
		return
	}
	field, most := "rotations", 0
	for _, part := range []struct {
		field string
		value any
	}{{"rotations", t.Rotations}, {"holidays", t.Holidays}, {"editors", t.Editors}, {"settings", t.Settings}, {"roles", t.Hours}} {
		if size := recordSize(part.value); size > most {
			field, most = part.field, size
		}
	}
	errs.Add(field, said.New("with these %s the team takes %d kB; there is room for %d kB, so remove what is no longer needed", field, kB(n), kB(MaxTeamBytes)))
}

// kB is bytes in thousands, rounded up.
func kB(n int) int { return (n + 999) / 1000 }
