package assets

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"

	"golang.org/x/image/vector"
)

// The icons of the installed app, in pixels: what phones and desks ask for.
const (
	AppSmall = "app-192.png"
	AppLarge = "app-512.png"
	AppMask  = "app-mask-512.png" // without corners of its own, for systems that cut it to their shape
	AppApple = "app-180.png"
)

// addAppIcons draws the app's icons: the calendar leaf with its tick of img/icon.svg, for
// systems that take no SVG.
func (s *Set) addAppIcons() error {
	for _, one := range []struct {
		name   string
		size   int
		radius float32 // of the corners, in the units of the drawing
		inset  float32 // around the drawing, so that no shape cuts it
	}{
		{AppSmall, 192, 7, 0}, {AppLarge, 512, 7, 0}, {AppMask, 512, 0, 4}, {AppApple, 180, 0, 2},
	} {
		var out bytes.Buffer
		if err := png.Encode(&out, appIcon(one.size, one.radius, one.inset)); err != nil {
			return err
		}
		if err := s.add(one.name, out.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// appIcon draws in a square of 32 units, as img/icon.svg does.
func appIcon(size int, radius, inset float32) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	scale := float32(size) / 32
	paper := vector.NewRasterizer(size, size)
	roundSquare(paper, 32*scale, radius*scale)
	paper.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{0x24, 0x50, 0xc8, 0xff}), image.Point{})

	inner := (32 - 2*inset) / 32 * scale
	at := func(v float32) float32 { return inset*scale + v*inner }
	ink := vector.NewRasterizer(size, size)
	for _, l := range []struct {
		x1, y1, x2, y2, width float32
	}{
		{7, 11, 25, 11, 2.5}, {11, 6, 11, 12, 2.5}, {21, 6, 21, 12, 2.5},
		{10, 20, 14, 24, 3}, {14, 24, 22, 16, 3},
	} {
		stroke(ink, at(l.x1), at(l.y1), at(l.x2), at(l.y2), l.width*inner/2)
	}
	ink.Draw(img, img.Bounds(), image.NewUniform(color.White), image.Point{}) // all strokes at once
	return img
}

// circle is how far the handles of a cubic curve stand from its ends to make a quarter of a
// circle, as a part of the radius.
const circle = 0.5523

func roundSquare(z *vector.Rasterizer, size, r float32) {
	k := r * (1 - circle)
	z.MoveTo(r, 0)
	z.LineTo(size-r, 0)
	z.CubeTo(size-k, 0, size, k, size, r)
	z.LineTo(size, size-r)
	z.CubeTo(size, size-k, size-k, size, size-r, size)
	z.LineTo(r, size)
	z.CubeTo(k, size, 0, size-k, 0, size-r)
	z.LineTo(0, r)
	z.CubeTo(0, k, k, 0, r, 0)
	z.ClosePath()
}

// stroke is a line with round ends; half is half its width.
func stroke(z *vector.Rasterizer, x1, y1, x2, y2, half float32) {
	dx, dy := x2-x1, y2-y1
	length := float32(math.Hypot(float64(dx), float64(dy)))
	ux, uy := dx/length*half, dy/length*half    // along the line
	nx, ny := -uy, ux                           // across it
	cap := func(x, y, ax, ay, bx, by float32) { // a half circle from one side to the other
		k := float32(circle)
		z.CubeTo(x+ax+k*bx, y+ay+k*by, x+bx+k*ax, y+by+k*ay, x+bx, y+by)
		z.CubeTo(x+bx-k*ax, y+by-k*ay, x-ax+k*bx, y-ay+k*by, x-ax, y-ay)
	}
	z.MoveTo(x1+nx, y1+ny)
	z.LineTo(x2+nx, y2+ny)
	cap(x2, y2, nx, ny, ux, uy)
	z.LineTo(x1-nx, y1-ny)
	cap(x1, y1, -nx, -ny, -ux, -uy)
	z.ClosePath()
}
