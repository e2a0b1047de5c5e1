package aerospike

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"time"

	"dailyroster/roster"
	"dailyroster/store"
)

// position is how many of a month's entries are left to be given.
type position struct {
	month roster.Month
	upper int
}

// formatCursor writes where each month stands: two varints a month, the months since
// the one before and the entries left, behind a checksum that ties the cursor to the
// question it belongs to.
func formatCursor(team roster.TeamID, q store.ChangeQuery, pasts []*past) string {
	var body []byte
	last := 0
	for _, p := range pasts {
		if p.upper > 0 {
			n := ordinal(p.month)
			body = binary.AppendUvarint(body, uint64(n-last))
			body = binary.AppendUvarint(body, uint64(p.upper))
			last = n
		}
	}
	return base64.RawURLEncoding.EncodeToString(append(checksum(team, q, body), body...))
}

// parseCursor is the inverse of formatCursor, an *store.InvalidError for anything else.
func parseCursor(team roster.TeamID, q store.ChangeQuery) ([]position, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	bad := store.Invalid("the cursor %.40q does not belong to this query", q.Cursor)
	data, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || len(data) < crc32.Size {
		return nil, bad
	}
	body := data[crc32.Size:]
	if !bytes.Equal(checksum(team, q, body), data[:crc32.Size]) {
		return nil, bad
	}
	var left []position
	for last := 0; len(body) > 0; {
		step, n := binary.Uvarint(body)
		if n <= 0 || step > 12*roster.MaxYear {
			return nil, bad
		}
		body = body[n:]
		upper, n := binary.Uvarint(body)
		if n <= 0 || upper > 1<<40 {
			return nil, bad
		}
		body = body[n:]
		last += int(step)
		m := roster.Month{Year: last / 12, Month: time.Month(last%12 + 1)}
		if m.Year < roster.MinYear || m.Year > roster.MaxYear {
			return nil, bad
		}
		left = append(left, position{m, int(upper)})
	}
	return left, nil
}

// ordinal counts months, so that those of a team differ by little.
func ordinal(m roster.Month) int { return m.Year*12 + int(m.Month) - 1 }

func checksum(team roster.TeamID, q store.ChangeQuery, body []byte) []byte {
	h := crc32.NewIEEE()
	_, _ = h.Write([]byte(string(team) + "\x00" + q.From.String() + "\x00" + q.To.String() + "\x00" + string(q.Person) + "\x00" + string(q.Group) + "\x00" + string(q.Since) + "\x00"))
	_, _ = h.Write(body)
	return h.Sum(nil)
}
