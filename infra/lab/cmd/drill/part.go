package main

import (
	"encoding"
	"fmt"

	"dailyroster/infra/lab/drill"
)

// part is one of several shares of the drills, that are done in different places. The zero value is
// all of them.
type part struct{ number, parts int }

var _ encoding.TextUnmarshaler = (*part)(nil)

// UnmarshalText reads the likes of 1/2.
func (p *part) UnmarshalText(text []byte) error {
	var rest string
	if n, _ := fmt.Sscanf(string(text), "%d/%d%s", &p.number, &p.parts, &rest); n != 2 || p.number < 1 || p.number > p.parts {
		return fmt.Errorf("%q is no part; the first of two is 1/2", text)
	}
	return nil
}

func (p part) String() string { return fmt.Sprintf("%d/%d", p.number, p.parts) }

// of gives the drills that are in the part, dealt one after the other.
func (p part) of(all []drill.Drill) []drill.Drill {
	if p.parts == 0 {
		return all
	}
	var share []drill.Drill
	for i := p.number - 1; i < len(all); i += p.parts {
		share = append(share, all[i])
	}
	return share
}
