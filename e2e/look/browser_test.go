// Package look holds what people see and hear of the pages: pictures of them, what a screen
// reader is told, and that nothing jumps. What is kept of them is in testdata, and is made
// anew by go test ./e2e/look -update.
package look

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/css"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"dailyroster/check/testreport"
)

var update = flag.Bool("update", false, "keep what is seen now")

// openBrowser starts a Chromium in which it is the same time, place and language everywhere.
func openBrowser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		testreport.Skip(t, "how the pages look ("+t.Name()+")", "no Chromium was found; set CHROMIUM or install the package chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 900),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("accept-lang", "en-GB"),
		chromedp.Flag("lang", "en-GB"), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("disable-lcd-text", true),
		chromedp.Env("LC_ALL=C.UTF-8", "LANG=C.UTF-8", "LANGUAGE="),
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("stopping Chromium: %v", err)
		}
	})
	return ctx
}

// tab is a page in a browser.
type tab struct {
	t   *testing.T
	ctx context.Context
}

// newTab opens a tab of a width. Less than 1000 pixels are those of a phone or a tablet, that is touched.
func newTab(ctx context.Context, t *testing.T, width int64) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	tb := &tab{t, ctx}
	if err := chromedp.Do(ctx); err != nil { // the first use makes the tab, for as long as its context lives
		t.Fatalf("opening a tab: %v", err)
	}
	tb.size(width, 900)
	call(tb, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "Europe/Berlin"})
	call(tb, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: "en_GB"})
	call(tb, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}) // as if each were in front
	call(tb, emulation.SetScrollbarsHidden, emulation.SetScrollbarsHiddenParams{Hidden: true})
	return tb
}

func (tb *tab) size(width, height int64) {
	tb.t.Helper()
	touched := width < 1000
	call(tb, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: touched,
	})
	call(tb, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: touched})
}

// theme sets what the person prefers.
func (tb *tab) theme(name string) {
	tb.t.Helper()
	call(tb, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
}

// before runs a script in each page before its own.
func (tb *tab) before(js string) {
	tb.t.Helper()
	call(tb, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: js})
}

func call[P, R any](tb *tab, command cdp.Command[P, R], params P) R {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, 20*time.Second)
	defer cancel()
	answer, err := chromedp.Call(ctx, command, params)
	if err != nil {
		tb.t.Fatalf("%s: %v", command.Method, err)
	}
	return answer
}

func (tb *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	for _, action := range actions {
		get(tb, action)
	}
}

func get[T any](tb *tab, action chromedp.Action[T]) T {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, 20*time.Second)
	defer cancel()
	found, err := chromedp.Run(ctx, action)
	if err != nil {
		tb.t.Fatal(err)
	}
	return found
}

// open goes to a page, and waits until it is drawn.
func (tb *tab) open(url string) {
	tb.t.Helper()
	tb.do(chromedp.Navigate(url))
	tb.settle()
}

// settle waits until fonts are there and two frames are drawn.
func (tb *tab) settle() {
	tb.t.Helper()
	get(tb, chromedp.Evaluate[bool](
		`document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))))`,
		chromedp.EvalAwaitPromise))
}

// waitUntil waits until the JavaScript expression is true.
func (tb *tab) waitUntil(js string) {
	tb.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if get(tb, chromedp.Evaluate[bool]("Boolean("+js+")")) {
			return
		}
	}
	tb.t.Fatalf("got false for 15 s, want %s", js)
}

// madeWith is the file that names the Chromium and the font with which what is kept was made.
const madeWith = "testdata/made-with.txt"

// sameBrowser skips the test where what is kept cannot be compared with what this Chromium
// draws: another one breaks lines, draws letters and names roles in other ways.
func sameBrowser(ctx context.Context, t *testing.T, s *site) {
	t.Helper()
	tb := newTab(ctx, t, 1280)
	tb.open(s.url + "/")
	product := call(tb, browser.GetVersion, cdp.Empty{}).Product
	_, version, _ := strings.Cut(product, "/")
	major, _, _ := strings.Cut(version, ".")
	call(tb, dom.Enable, dom.EnableParams{})
	call(tb, css.Enable, cdp.Empty{})
	root := call(tb, dom.GetDocument, dom.GetDocumentParams{}).Root.NodeID
	heading := call(tb, dom.QuerySelector, dom.QuerySelectorParams{NodeID: root, Selector: "h1"}).NodeID
	var fonts []string
	for _, font := range call(tb, css.GetPlatformFontsForNode, css.GetPlatformFontsForNodeParams{NodeID: heading}).Fonts {
		fonts = append(fonts, font.FamilyName)
	}
	slices.Sort(fonts)
	now := fmt.Sprintf("Chromium %s\nfont %s\n", major, strings.Join(fonts, ", "))
	if *update {
		write(t, madeWith, []byte(now))
		return
	}
	kept, err := os.ReadFile(madeWith)
	if err != nil {
		t.Fatalf("%v: go test ./e2e/look -update makes what is kept", err)
	}
	if string(kept) != now {
		testreport.Skip(t, "how the pages look ("+t.Name()+")", fmt.Sprintf("what is kept was made with %s, and this is %s: it cannot be compared; go test ./e2e/look -update makes it anew",
			oneLine(string(kept)), oneLine(now)))
	}
	testreport.Ran(t, "how the pages look")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

func write(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
