package roster

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/oklog/ulid/v2"
)

// Seen is short for the days that somebody was shown: equal for days at equal revisions.
func Seen(days []Day) string {
	text := make([]byte, 0, len(days)*(len(time.DateOnly)+ulid.EncodedSize+2))
	for _, d := range days {
		text = append(append(d.Date.append(text), ' '), d.Revision...)
		text = append(text, '\n')
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
