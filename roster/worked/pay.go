package worked

import (
	"math/big"
	"time"

	"dailyroster/roster"
)

// rateOf is what an hour of the piece is paid: the highest rate of its kinds.
func rateOf(r roster.Rates, p piece) roster.Amount {
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
func (p *Pay) Add(c Calendar, shift roster.Shift, rates roster.Rates) {
	var part, took big.Int
	for _, piece := range c.pieces(shift) {
		took.SetInt64(int64(piece.Hours()))
		p.sum.Add(&p.sum, part.Mul(big.NewInt(int64(rateOf(rates, piece))), &took))
	}
}

// Amount is the sum, half a hundredth rounded up.
func (p *Pay) Amount() roster.Amount {
	var half, amount big.Int
	hour := big.NewInt(int64(time.Hour))
	half.Add(&p.sum, half.SetInt64(int64(time.Hour)/2))
	return roster.Amount(amount.Div(&half, hour).Int64())
}
