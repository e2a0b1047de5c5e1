package web

import (
	"net/http"
	"strings"

	"dailyroster/desk"
	"dailyroster/roster"
)

// HoldOrRefuse checks the preconditions of a write to a team or a person. They hold if the
// revision is the one that this same write, sent before, has made.
func (s *Gate) HoldOrRefuse(r *http.Request, stated *string, what string, now roster.Revision) error {
	pre, err := ParsePreconditions(r, stated)
	if err != nil {
		return err
	}
	mine, err := s.Desk.ChangeID(r.Context(), what)
	if err != nil {
		return err
	}
	if now != mine && (pre.onlyNew || !pre.HoldFor(now)) {
		return pre.Refusal()
	}
	return nil
}

// Tags is a list of entity tags as If-Match and If-None-Match carry it (RFC 9110,
// section 8.8.3).
type Tags struct {
	any    bool // *
	strong map[string]bool
	weak   map[string]bool
}

// ParseTags reads a list of tags. Text that is not a tag matches nothing.
func ParseTags(header string) Tags {
	t := Tags{strong: map[string]bool{}, weak: map[string]bool{}}
	for part := range strings.SplitSeq(header, ",") {
		part = strings.TrimSpace(part)
		if part == "*" {
			t.any = true
			continue
		}
		value, weak := strings.CutPrefix(part, "W/")
		if len(value) < 2 || value[0] != '"' || value[len(value)-1] != '"' {
			continue
		}
		value = value[1 : len(value)-1]
		t.weak[value] = true
		if !weak {
			t.strong[value] = true
		}
	}
	return t
}

// Match reports whether the revision is in the list, by weak or strong comparison.
func (t Tags) Match(revision roster.Revision, weakly bool) bool {
	if t.any {
		return true
	}
	if weakly {
		return t.weak[string(revision)]
	}
	return t.strong[string(revision)]
}

// SetTag sets the ETag of a revision.
func SetTag(w http.ResponseWriter, revision roster.Revision) {
	w.Header().Set("ETag", `"`+string(revision)+`"`)
}

// Preconditions are what must hold for the value that a write changes.
type Preconditions struct {
	ifMatch  *Tags
	onlyNew  bool             // If-None-Match: *
	revision *roster.Revision // stated in the body
}

// ParsePreconditions reads a write's If-Match and If-None-Match. stated is the revision in the
// body, nil for none; If-Match takes precedence.
func ParsePreconditions(r *http.Request, stated *string) (Preconditions, error) {
	var p Preconditions
	if header := r.Header.Get("If-Match"); header != "" {
		t := ParseTags(header)
		p.ifMatch = &t
	}
	if header := r.Header.Get("If-None-Match"); header != "" {
		if strings.TrimSpace(header) != "*" {
			return p, BadRequest("If-None-Match of a write can only be *")
		}
		p.onlyNew = true
	}
	if stated != nil && p.ifMatch == nil {
		revision := roster.Revision(*stated)
		p.revision = &revision
	}
	return p, nil
}

// Hold reports whether the write may change the day as it is now.
func (p Preconditions) Hold(now roster.Day) bool {
	return p.HoldFor(now.Revision) && (!p.onlyNew || now.IsEmpty())
}

// HoldFor is Hold for teams and people, which are never empty.
func (p Preconditions) HoldFor(now roster.Revision) bool {
	return (p.ifMatch == nil || p.ifMatch.Match(now, false)) && (p.revision == nil || *p.revision == now)
}

// Any reports whether there are any preconditions.
func (p Preconditions) Any() bool { return p.ifMatch != nil || p.onlyNew || p.revision != nil }

// Refusal is the answer to a write whose preconditions did not hold.
func (p Preconditions) Refusal() *desk.Refusal {
	if p.onlyNew {
		return Exists()
	}
	return desk.Stale()
}
