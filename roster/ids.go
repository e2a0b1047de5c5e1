package roster

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"strings"
	"time"
	"unicode"

	"github.com/oklog/ulid/v2"
	"golang.org/x/text/unicode/norm"

	"dailyroster/words/said"
)

// MaxSlug is the most characters that a slug may have.
const MaxSlug = 40

// TeamID, PersonID and RoleID are slugs: 1 to MaxSlug characters of a–z, 0–9
// and hyphen. The empty PersonID means nobody.
type (
	TeamID   string
	PersonID string
	RoleID   string
)

// ParseTeamID checks that s is a slug.
func ParseTeamID(s string) (TeamID, error) { return parseSlug[TeamID](s) }

// ParsePersonID checks that s is a slug.
func ParsePersonID(s string) (PersonID, error) { return parseSlug[PersonID](s) }

// ParseRoleID checks that s is a slug.
func ParseRoleID(s string) (RoleID, error) { return parseSlug[RoleID](s) }

func parseSlug[ID ~string](s string) (ID, error) {
	if s == "" || len(s) > MaxSlug || strings.Trim(s, slugAlphabet) != "" {
		return "", said.New("%q is not an id; use 1 to %d of a–z, 0–9 and hyphen", Clip(s), MaxSlug)
	}
	return ID(s), nil
}

const slugAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789-"

// Slug makes a slug from a name: accents dropped, anything else than letters and
// digits a hyphen. A name with other letters than a–z, as in most scripts, or with
// nothing left gets a slug made from its hash. Names that fold to the same text (see
// FoldName) give the same slug.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range latin(strings.ToLower(norm.NFKD.String(FoldName(name)))) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r):
			return hashSlug(name)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	slug := b.String()
	if len(slug) > MaxSlug {
		slug = slug[:MaxSlug]
	}
	if slug = strings.Trim(slug, "-"); slug == "" {
		return hashSlug(name)
	}
	return slug
}

// latin writes Latin letters that do not come apart into a letter and an accent with
// a–z, as passports do (ICAO Doc 9303, part 3, section 6).
func latin(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch r {
		case 'ł':
			b.WriteByte('l')
		case 'ø', 'œ':
			b.WriteString("oe")
		case 'đ', 'ð':
			b.WriteByte('d')
		case 'æ':
			b.WriteString("ae")
		case 'þ':
			b.WriteString("th")
		case 'ħ':
			b.WriteByte('h')
		case 'ı':
			b.WriteByte('i')
		case 'ŋ':
			b.WriteByte('n')
		case 'ŧ':
			b.WriteByte('t')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func hashSlug(name string) string {
	sum := sha256.Sum256([]byte(FoldName(name)))
	return "x-" + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
}

// NumberedSlug is the n-th choice for a slug that may be taken: the slug itself,
// then slug-2, slug-3, …
func NumberedSlug(slug string, n int) string {
	if n < 2 {
		return slug
	}
	suffix := fmt.Sprintf("-%d", n)
	if len(slug)+len(suffix) > MaxSlug {
		slug = strings.TrimRight(slug[:MaxSlug-len(suffix)], "-")
	}
	return slug + suffix
}

// ChangeID names one change and never changes: a ULID (https://github.com/ulid/spec) in
// its canonical upper-case text. The caller who starts the edit chooses it before the
// first attempt, so that a repeated attempt is recognised. Its time part is
// when the edit was begun; the order of changes is that of Change.Time.
type ChangeID string

// Revision is the id of the last change of a day (or team, or person); "" before
// the first. An edit states the revision that it was based on.
type Revision = ChangeID

// ParseChangeID checks that s is a ULID and gives its canonical text.
func ParseChangeID(s string) (ChangeID, error) {
	id, err := ulid.ParseStrict(strings.ToUpper(s))
	if err != nil {
		return "", said.New("%q is not a change id; it is a ULID of 26 characters", Clip(s))
	}
	return ChangeID(id.String()), nil
}

// NewChangeID makes an id from the time and ten random bytes.
func NewChangeID(at time.Time, random [10]byte) (ChangeID, error) {
	var id ulid.ULID
	if at.Before(time.UnixMilli(0)) || id.SetTime(ulid.Timestamp(at)) != nil {
		return "", errors.New("the clock is outside the range of change ids")
	}
	copy(id[6:], random[:])
	return ChangeID(id.String()), nil
}

// DeriveChangeID makes the one id that stands for a client's idempotency key in
// a scope. The same scope and key always give the same id.
func DeriveChangeID(scope, key string) ChangeID {
	sum := sha256.Sum256([]byte(scope + "\x00" + key))
	var id ulid.ULID
	copy(id[:], sum[:])
	return ChangeID(id.String())
}

// DeriveChangeIDAt is DeriveChangeID with a time part of its own, so that MadeAt has a
// meaning. The same time, to the millisecond, scope and key always give the same id.
func DeriveChangeIDAt(at time.Time, scope, key string) (ChangeID, error) {
	sum := sha256.Sum256([]byte(scope + "\x00" + key))
	return NewChangeID(at, [10]byte(sum[:10]))
}

// MadeAt is the time part of the id: when an id of NewChangeID was made. That of
// DeriveChangeID has no meaning.
func (c ChangeID) MadeAt() time.Time {
	id, err := ulid.ParseStrict(string(c))
	if err != nil {
		return time.Time{}
	}
	return id.Timestamp()
}

// plus is the id n steps after c, for the further entries of one edit. Past the
// last ULID it starts again from the first.
func (c ChangeID) plus(n int) ChangeID {
	high, low := c.halves()
	low, carry := bits.Add64(low, uint64(n), 0)
	var id ulid.ULID
	binary.BigEndian.PutUint64(id[:8], high+carry)
	binary.BigEndian.PutUint64(id[8:], low)
	return ChangeID(id.String())
}

// stepsTo is the n for which c.plus(n) is d, if that is small.
func (c ChangeID) stepsTo(d ChangeID) (n uint64, ok bool) {
	fromHigh, fromLow := c.halves()
	toHigh, toLow := d.halves()
	n, borrow := bits.Sub64(toLow, fromLow, 0)
	return n, toHigh-fromHigh-borrow == 0
}

func (c ChangeID) halves() (high, low uint64) {
	id, err := ulid.ParseStrict(string(c))
	if err != nil {
		return 0, 0
	}
	return binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
}
