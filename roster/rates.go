package roster

import (
	"errors"
	"fmt"
)

// Rates are what an hour on call is paid, in hundredths of the currency's unit. Each kind
// of time has its own; an hour of several kinds is paid once, by the highest of them. The zero
// Rates are none.
type Rates struct {
	Currency string `json:"currency"` // three capitals, as ISO 4217 has them: EUR
	Hour     int64  `json:"hour"`     // any hour
	Night    int64  `json:"night"`
	Weekend  int64  `json:"weekend"`
	Holiday  int64  `json:"holiday"`
}

// MaxRate is the most that an hour can be paid, in hundredths of the currency's unit.
const MaxRate = 1_000_000_00

// validateRates checks the rates, if there are any.
func (t *Team) validateRates(errs *FieldErrors) {
	r := t.Rates
	if r == (Rates{}) {
		return
	}
	capital := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	if len(r.Currency) != 3 || !capital(r.Currency[0]) || !capital(r.Currency[1]) || !capital(r.Currency[2]) {
		errs.Add("rates.currency", errors.New("the currency is three capital letters such as EUR"))
	}
	for _, one := range []struct {
		field string
		rate  int64
	}{{"hour", r.Hour}, {"night", r.Night}, {"weekend", r.Weekend}, {"holiday", r.Holiday}} {
		if one.rate < 0 || one.rate > MaxRate {
			errs.Add("rates."+one.field, fmt.Errorf("a rate is 0 to %d", MaxRate/100))
		}
	}
}
