package worked

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"dailyroster/roster"
)

// Rates are what an hour on call is paid, in hundredths of the currency's unit. Each kind
// of time has its own; an hour of several kinds is paid once, by the highest of them.
type Rates struct {
	Currency string `json:"currency"` // three capitals, as ISO 4217 has them: EUR
	Hour     int64  `json:"hour"`     // any hour
	Night    int64  `json:"night"`
	Weekend  int64  `json:"weekend"`
	Holiday  int64  `json:"holiday"`
}

// MaxRate is the most that an hour can be paid, in hundredths of the currency's unit.
const MaxRate = 1_000_000_00

// Validate says what is wrong with the rates.
func (r Rates) Validate() error {
	if len(r.Currency) != 3 || r.Currency[0] < 'A' || r.Currency[0] > 'Z' || r.Currency[1] < 'A' || r.Currency[1] > 'Z' || r.Currency[2] < 'A' || r.Currency[2] > 'Z' {
		return errors.New("the currency is three capital letters such as EUR")
	}
	for _, rate := range []int64{r.Hour, r.Night, r.Weekend, r.Holiday} {
		if rate < 0 || rate > MaxRate {
			return fmt.Errorf("a rate is 0 to %d", MaxRate/100)
		}
	}
	return nil
}

func (r Rates) of(p piece) int64 {
	rate := r.Hour
	if p.night {
		rate = max(rate, r.Night)
	}
	if p.weekend {
		rate = max(rate, r.Weekend)
	}
	if p.holiday {
		rate = max(rate, r.Holiday)
	}
	return rate
}

// Pay adds up what shifts are worth. The zero Pay is nothing. It is exact; only Amount
// rounds, so the order in which shifts are added does not matter.
type Pay struct {
	sum big.Int // in hundredths of the currency's unit, times nanoseconds of an hour
}

// Add adds what a shift is worth by the rates.
func (p *Pay) Add(c Calendar, shift roster.Shift, rates Rates) {
	var part, took big.Int
	for _, piece := range c.pieces(shift) {
		took.SetInt64(int64(piece.Hours()))
		p.sum.Add(&p.sum, part.Mul(big.NewInt(rates.of(piece)), &took))
	}
}

// Amount is the sum in hundredths of the currency's unit, half a hundredth rounded up.
func (p *Pay) Amount() int64 {
	var half, amount big.Int
	hour := big.NewInt(int64(time.Hour))
	half.Add(&p.sum, half.SetInt64(int64(time.Hour)/2))
	return amount.Div(&half, hour).Int64()
}
