package look

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/orisano/pixelmatch"
)

const (
	// tallest is how much of a page is kept, in pixels.
	tallest = 1400
	// nearEnough is how far apart two colours may be, of 1.
	nearEnough = 0.1
	// mayDiffer is how many pixels of a picture may be another colour nonetheless.
	mayDiffer = 20
	// maxKept is what all pictures may weigh, in bytes.
	maxKept = 3 << 20
)

// seen are the pages of which pictures are kept.
func seen(t *testing.T) [][2]string {
	t.Helper()
	team := "/teams/daily-roster"
	return [][2]string{
		{"start", "/"},
		{"roster", team},
		{"edit", team + "?edit=" + inDays(t, 1)},
		{"exchange", team + "/days/" + inDays(t, 2) + "/exchange"},
		{"grid", team + "/grid"},
		{"rotations", team + "/rotations"},
		{"history", team + "/history"},
		{"fairness", team + "/fairness"},
		{"settings", team + "/settings"},
		{"import", team + "/import"},
		{"person", "/people/elodie-brule"},
		{"greeting", ""}, // of a site without people
	}
}

func widths() []int64 { return []int64{360, 768, 1280} }

// Each page looks as it did when somebody last looked at it, and kept it.
func TestPictures(t *testing.T) {
	s, empty, ctx := filled(t), newSite(t), openBrowser(t)
	empty.call("POST", "/teams", fields{"id": "daily-roster", "name": "Daily Roster"}) // as the program does
	sameBrowser(ctx, t, s)
	for _, width := range widths() {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			tb := newTab(ctx, t, width)
			tb.before(stillness)
			for _, what := range seen(t) {
				url := s.url + what[1]
				if what[1] == "" {
					url = empty.url + "/"
				}
				tb.size(width, 900)
				tb.theme("light")
				tb.open(url)
				tb.size(width, tb.height())
				for _, theme := range []string{"light", "dark"} {
					tb.theme(theme)
					tb.compare(fmt.Sprintf("%s-%d-%s", what[0], width, theme))
				}
			}
		})
	}
}

// stillness hides what comes and goes by itself.
const stillness = `{
  const still = new CSSStyleSheet();
  still.replaceSync("*, *::before, *::after { caret-color: transparent !important; animation: none !important; transition: none !important } ::selection { color: inherit; background: none }");
  document.addEventListener("DOMContentLoaded", () => { document.adoptedStyleSheets = [still] });
}`

// height is how tall a window the page fills, up to tallest.
func (tb *tab) height() int64 {
	tb.t.Helper()
	return get(tb, chromedp.Evaluate[int64](fmt.Sprintf("Math.min(%d, Math.max(600, document.documentElement.scrollHeight))", tallest)))
}

// compare compares a picture of the window with the one that is kept. A page may still be
// about to draw something, so it has a second.
func (tb *tab) compare(name string) {
	tb.t.Helper()
	var now *image.Paletted
	var failure error
	for end := time.Now().Add(time.Second); ; time.Sleep(100 * time.Millisecond) {
		tb.do(chromedp.Evaluate[chromedp.Void]("scrollTo(0, 0)"))
		tb.settle()
		now = tb.picture()
		if *update {
			again := tb.picture()
			if bytes.Equal(now.Pix, again.Pix) || time.Now().After(end) {
				write(tb.t, keptPicture(name), encode(tb.t, now))
				return
			}
			continue
		}
		kept, err := readPicture(keptPicture(name))
		if err != nil {
			tb.t.Errorf("%s: %v", name, err)
			return
		}
		if failure = difference(name, kept, now); failure == nil {
			return
		}
		if time.Now().After(end) {
			tb.t.Error(failure)
			return
		}
	}
}

func keptPicture(name string) string { return filepath.Join("testdata", name+".png") }

// picture is what the window shows, in few colours.
func (tb *tab) picture() *image.Paletted {
	tb.t.Helper()
	shot := call(tb, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	full, err := png.Decode(bytes.NewReader(shot.Data))
	if err != nil {
		tb.t.Fatal(err)
	}
	return fewColours(full)
}

// fewColours draws a picture with few colours, so that it can be kept in few bytes: those
// that it has most of, and for each other the nearest of these. Areas keep their colour, and
// the edges of letters have fewer shades.
func fewColours(from image.Image) *image.Paletted {
	const most = 32
	bounds := from.Bounds()
	whole := image.NewRGBA(image.Rect(0, 0, bounds.Dx(), bounds.Dy()))
	draw.Draw(whole, whole.Bounds(), from, bounds.Min, draw.Src)
	count := map[color.RGBA]int{}
	at := func(i int) color.RGBA { return color.RGBA{whole.Pix[i], whole.Pix[i+1], whole.Pix[i+2], 255} }
	// runs calls do with where each run of one colour begins and ends, as most pixels have the
	// colour of the one before.
	runs := func(do func(from, to int)) {
		begin := 0
		for i := 4; i <= len(whole.Pix); i += 4 {
			if i == len(whole.Pix) || !bytes.Equal(whole.Pix[i:i+4], whole.Pix[begin:begin+4]) {
				do(begin, i)
				begin = i
			}
		}
	}
	runs(func(from, to int) { count[at(from)] += (to - from) / 4 })
	frequent := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	to := image.NewPaletted(whole.Bounds(), nil)
	for _, c := range frequent[:min(most, len(frequent))] {
		to.Palette = append(to.Palette, c)
	}
	index := map[color.RGBA]uint8{}
	for _, c := range frequent {
		index[c] = uint8(to.Palette.Index(c))
	}
	runs(func(from, end int) {
		known := index[at(from)]
		for i := from / 4; i < end/4; i++ {
			to.Pix[i] = known
		}
	})
	return to
}

func encode(t *testing.T, picture image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, picture); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func readPicture(name string) (image.Image, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w: go test ./e2e/look -update keeps what is seen now", err)
	}
	defer file.Close()
	return png.Decode(file)
}

// difference is nil where two pictures look the same. Otherwise it names a picture that shows
// what was kept, what is seen now, and where they differ.
func difference(name string, kept, now image.Image) error {
	if same(kept, now) {
		return nil
	}
	all := image.Rectangle{Max: image.Pt(max(kept.Bounds().Dx(), now.Bounds().Dx()), max(kept.Bounds().Dy(), now.Bounds().Dy()))}
	one, two := onPaper(kept, all), onPaper(now, all)
	var between image.Image
	pixels, err := pixelmatch.MatchPixel(one, two, pixelmatch.Threshold(nearEnough), pixelmatch.WriteTo(&between))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if pixels <= mayDiffer && kept.Bounds() == now.Bounds() {
		return nil
	}
	const gap = 8
	beside := image.NewRGBA(image.Rect(0, 0, 3*all.Dx()+2*gap, all.Dy()))
	for i, part := range []image.Image{one, two, between} {
		left := i * (all.Dx() + gap)
		draw.Draw(beside, image.Rect(left, 0, left+all.Dx(), all.Dy()), part, image.Point{}, draw.Src)
	}
	folder := os.Getenv("ROSTER_SCREENSHOTS")
	if folder == "" {
		folder = filepath.Join(os.TempDir(), "roster-look")
	}
	path := filepath.Join(folder, "look-"+name+".png")
	var out bytes.Buffer
	if err := png.Encode(&out, beside); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		return err
	}
	return fmt.Errorf("%s: %d pixels differ, want at most %d: see kept, now and the difference in %s; if it should look so, go test ./e2e/look -update",
		name, pixels, mayDiffer, path)
}

// same reports whether two pictures are the same in each pixel, which most are.
func same(kept, now image.Image) bool {
	one, ok := kept.(*image.Paletted)
	two, also := now.(*image.Paletted)
	return ok && also && one.Rect == two.Rect && bytes.Equal(one.Pix, two.Pix) &&
		slices.EqualFunc(one.Palette, two.Palette, func(a, b color.Color) bool { return color.RGBAModel.Convert(a) == color.RGBAModel.Convert(b) })
}

// onPaper is a picture of this size, with what it lacks in magenta.
func onPaper(from image.Image, size image.Rectangle) image.Image {
	to := image.NewRGBA(size)
	draw.Draw(to, size, image.NewUniform(color.RGBA{255, 0, 255, 255}), image.Point{}, draw.Src)
	draw.Draw(to, from.Bounds(), from, from.Bounds().Min, draw.Src)
	return to
}

// What is kept is small, and nothing is kept that no page is compared with.
func TestWhatIsKept(t *testing.T) {
	wanted := map[string]bool{}
	for _, what := range seen(t) {
		for _, width := range widths() {
			for _, theme := range []string{"light", "dark"} {
				wanted[fmt.Sprintf("%s-%d-%s.png", what[0], width, theme)] = true
			}
		}
	}
	var weight int64
	err := filepath.WalkDir("testdata", func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(entry.Name(), ".png") {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		weight += info.Size()
		if !wanted[entry.Name()] {
			t.Errorf("testdata/%s is kept, but compared with nothing", entry.Name())
		}
		delete(wanted, entry.Name())
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name := range wanted {
		t.Errorf("testdata/%s is not kept: go test ./e2e/look -update", name)
	}
	if weight > maxKept {
		t.Errorf("the pictures weigh %d bytes, want at most %d", weight, maxKept)
	}
}

// A picture differs when a letter is another, and not when a colour is a shade off.
func TestDifference(t *testing.T) {
	t.Setenv("ROSTER_SCREENSHOTS", t.TempDir())
	paint := func(background uint8, ink image.Rectangle) image.Image {
		p := image.NewRGBA(image.Rect(0, 0, 200, 100))
		draw.Draw(p, p.Bounds(), image.NewUniform(color.Gray{background}), image.Point{}, draw.Src)
		draw.Draw(p, ink, image.NewUniform(color.Black), image.Point{}, draw.Src)
		return fewColours(p)
	}
	kept := paint(255, image.Rect(20, 20, 30, 40))
	for name, c := range map[string]struct {
		now  image.Image
		same bool
	}{
		"same":    {paint(255, image.Rect(20, 20, 30, 40)), true},
		"a shade": {paint(252, image.Rect(20, 20, 30, 40)), true},
		"moved":   {paint(255, image.Rect(24, 20, 34, 40)), false},
		"longer":  {image.NewRGBA(image.Rect(0, 0, 200, 101)), false},
	} {
		if err := difference(strings.ReplaceAll(name, " ", "-"), kept, c.now); (err == nil) != c.same {
			t.Errorf("%s: got %v, want same: %t", name, err, c.same)
		}
	}
}
