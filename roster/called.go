package roster

import (
	"strings"
	"unicode"
)

// contacts are people by what else is written of them.
type contacts struct {
	byEmail map[string]int // as foldEmail writes them, of whoever comes first
	byGiven map[string]int // active people's given names, folded; several where several have it
}

// several stands for more than one person.
const several = -1

func (p *people) contacts() contacts {
	c, names := contacts{map[string]int{}, map[string]int{}}, p.folded()
	for i := range p.list {
		one := &p.list[i]
		if one.Removed {
			continue
		}
		if email := foldEmail(one.Email); email != "" {
			if _, taken := c.byEmail[email]; !taken {
				c.byEmail[email] = i
			}
		}
		if given, _, more := strings.Cut(names[i], " "); more && one.Active {
			if _, taken := c.byGiven[given]; taken {
				c.byGiven[given] = several
			} else {
				c.byGiven[given] = i
			}
		}
	}
	return c
}

// WithEmail is who has the email, whatever its case. Removed people are not found.
func (n Names) WithEmail(email string) (Person, bool) {
	folded := foldEmail(email)
	for _, among := range [...]*people{n.all, n.more} {
		if among == nil || folded == "" {
			continue
		}
		if i, found := among.reached().byEmail[folded]; found {
			return among.list[i], true
		}
	}
	return Person{}, false
}

// WithGivenName is the active person whose name begins with that word and has more, if only
// one does.
func (n Names) WithGivenName(given string) (Person, bool) {
	var one *Person
	folded := FoldName(given)
	for _, among := range [...]*people{n.all, n.more} {
		if among == nil {
			continue
		}
		i, found := among.reached().byGiven[folded]
		switch {
		case !found:
			continue
		case i == several || one != nil:
			return Person{}, false
		}
		one = &among.list[i]
	}
	if one == nil {
		return Person{}, false
	}
	return *one, true
}

// foldEmail gives the same text for two texts if strings.EqualFold holds of them.
func foldEmail(text string) string {
	if ascii(text) { // nearly all of them
		return strings.ToUpper(text)
	}
	return strings.Map(func(r rune) rune {
		least := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			least = min(least, next)
		}
		return least
	}, text)
}
