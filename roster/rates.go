package roster

import (
	"fmt"
	"strconv"
	"strings"

	"dailyroster/words/said"
)

// Amount is money, in hundredths of the currency's unit.
type Amount int64

// ParseAmount reads the form 12, 12.5 or 12.50.
func ParseAmount(s string) (Amount, error) {
	units, part, dotted := strings.Cut(s, ".")
	for len(part) < 2 {
		part += "0"
	}
	n, err := strconv.ParseUint(units+part, 10, 60)
	if err != nil || units == "" || len(part) > 2 || dotted && strings.HasSuffix(s, ".") || strings.HasPrefix(s, "+") {
		return 0, said.New("%q is not an amount; write it like 12.50", Clip(s))
	}
	return Amount(n), nil
}

// String is the form 12.50, which ParseAmount reads.
func (a Amount) String() string { return fmt.Sprintf("%d.%02d", a/100, a%100) }

// MarshalText makes an Amount a JSON string.
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText is the inverse of MarshalText.
func (a *Amount) UnmarshalText(b []byte) (err error) {
	*a, err = ParseAmount(string(b))
	return err
}

// Rates are what an hour on call is paid. Each kind of time has its own rate; an hour of
// several kinds is paid once, by the highest of them. The zero Rates are none.
type Rates struct {
	Currency string `json:"currency"` // three capitals, as ISO 4217 has them: EUR
	Hour     Amount `json:"hour"`     // any hour
	Night    Amount `json:"night"`
	Weekend  Amount `json:"weekend"`
	Holiday  Amount `json:"holiday"`
}

// MaxRate is the most that an hour can be paid.
const MaxRate Amount = 1_000_000_00

// CountsHours reports whether the team counts hours and not only days: a role has hours, or
// there are rates.
func (t *Team) CountsHours() bool { return len(t.Hours) > 0 || t.Rates != (Rates{}) }

// validateRates checks the rates, if there are any.
func (t *Team) validateRates(errs *FieldErrors) {
	r := t.Rates
	if r == (Rates{}) {
		return
	}
	capital := func(c byte) bool { return c >= 'A' && c <= 'Z' }
	if len(r.Currency) != 3 || !capital(r.Currency[0]) || !capital(r.Currency[1]) || !capital(r.Currency[2]) {
		errs.Add("rates.currency", said.New("the currency is three capital letters such as EUR"))
	}
	for _, one := range []struct {
		field string
		rate  Amount
	}{{"hour", r.Hour}, {"night", r.Night}, {"weekend", r.Weekend}, {"holiday", r.Holiday}} {
		if one.rate < 0 || one.rate > MaxRate {
			errs.Add("rates."+one.field, said.New("a rate is 0 to %s", MaxRate))
		}
	}
}
