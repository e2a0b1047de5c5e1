package handlers

import (
	"net/http"
	"strings"

	"dailyroster/roster"
)

// tags is a list of entity tags as If-Match and If-None-Match carry it (RFC 9110,
// section 8.8.3).
type tags struct {
	any    bool // *
	strong map[string]bool
	weak   map[string]bool
}

// parseTags reads a list of tags. What is no tag matches nothing.
func parseTags(header string) tags {
	t := tags{strong: map[string]bool{}, weak: map[string]bool{}}
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

// match reports whether the revision is in the list, by weak or strong comparison.
func (t tags) match(revision roster.Revision, weakly bool) bool {
	if t.any {
		return true
	}
	if weakly {
		return t.weak[string(revision)]
	}
	return t.strong[string(revision)]
}

// setTag sets the ETag of a revision.
func setTag(w http.ResponseWriter, revision roster.Revision) {
	w.Header().Set("ETag", `"`+string(revision)+`"`)
}

// preconditions is what a write says must hold of the value that it changes.
type preconditions struct {
	ifMatch  *tags
	onlyNew  bool             // If-None-Match: *
	revision *roster.Revision // stated in the body
}

func parsePreconditions(r *http.Request, stated *string) (preconditions, error) {
	var p preconditions
	if header := r.Header.Get("If-Match"); header != "" {
		t := parseTags(header)
		p.ifMatch = &t
	}
	if header := r.Header.Get("If-None-Match"); header != "" {
		if strings.TrimSpace(header) != "*" {
			return p, badRequest("If-None-Match of a write can only be *")
		}
		p.onlyNew = true
	}
	if stated != nil && p.ifMatch == nil {
		revision := roster.Revision(*stated)
		p.revision = &revision
	}
	return p, nil
}

// hold reports whether a write may be made to the day as it is.
func (p preconditions) hold(now roster.Day) bool {
	return p.holdFor(now.Revision) && (!p.onlyNew || now.IsEmpty())
}

// holdFor is hold for teams and people, which are never empty.
func (p preconditions) holdFor(now roster.Revision) bool {
	return (p.ifMatch == nil || p.ifMatch.match(now, false)) && (p.revision == nil || *p.revision == now)
}

// basedOn is the revision that an edit of the day is based on. Where the
// preconditions do not hold it is one that the day cannot have, the edit's own: the
// store then still knows an edit that it has made before.
func (p preconditions) basedOn(now roster.Day, edit roster.ChangeID) roster.Revision {
	if p.hold(now) {
		return now.Revision
	}
	return edit
}

// refusal is the answer to a write for which the preconditions did not hold.
func (p preconditions) refusal() *refusal {
	if p.onlyNew {
		return errExists
	}
	return errStale
}
