package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"dailyroster/check/testreport"
)

// findChromium is the browser that CHROMIUM names, or one on the PATH. Without one
// the test is skipped, and the report of the whole run says so.
func findChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			testreport.Ran(t, "the page in a browser")
			return path
		}
	}
	testreport.Skip(t, "the page in a browser ("+t.Name()+")", "no Chromium was found; set CHROMIUM or install the package chromium")
	return ""
}

// browser is a headless Chromium, or what is like one: it has cookies and tabs of its own.
type browser struct{ ctx context.Context }

// chromium is a Chromium that tests share, each in a browser context of its own.
type chromium struct {
	once sync.Once
	ctx  context.Context
	err  error
	end  func() error // nil before it was started
}

// shared is started by the first test that opens a browser, and ended by TestMain.
var shared chromium

// openBrowser opens a browser that shares its process with those of other tests.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	path := findChromium(t)
	shared.once.Do(func() { shared.ctx, shared.end, shared.err = launch(path, filepath.Join(scratch, "chromium")) })
	if shared.err != nil {
		t.Fatalf("starting Chromium: %v", shared.err)
	}
	ctx, cancel := chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a browser context: %v", err)
	}
	return &browser{ctx}
}

// openOwnBrowser opens a browser that is a process of its own, with more options.
func openOwnBrowser(t *testing.T, more ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	ctx, end, err := launch(findChromium(t), t.TempDir(), more...)
	if err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Logf("stopping Chromium: %v", err)
		}
	})
	return &browser{ctx}
}

// launch starts a Chromium with a profile in a folder; end stops it.
func launch(path, profile string, more ...chromedp.ExecAllocatorOption) (ctx context.Context, end func() error, err error) {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.WindowSize(1200, 900),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("accept-lang", "en-GB"),
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, cancelBrowser := chromedp.NewContext(allocator)
	end = func() error {
		err := chromedp.Cancel(ctx)
		cancelBrowser()
		cancel()
		return err
	}
	if err := chromedp.Do(ctx); err != nil {
		return nil, nil, errors.Join(err, end())
	}
	return ctx, end, nil
}

// tab is a page in a browser. It fails the test when the page logs an error.
type tab struct {
	t   *testing.T
	ctx context.Context
}

func (b *browser) newTab(t *testing.T) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("the page threw: %s", e.ExceptionDetails.Text)
		case *log.EventEntryAdded:
			if e.Entry.Level == log.EntryLevelError && !expected(e.Entry) {
				t.Errorf("the browser logged: %s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	})
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	return &tab{t, ctx}
}

// expected reports whether the browser logs what is as it should be: answers of 409 and
// 422, and a stream of events that comes back while the server is not there.
func expected(e *log.Entry) bool {
	return strings.Contains(e.Text, "the server responded with a status of 4") ||
		strings.Contains(e.Text, "ERR_") && strings.Contains(e.URL, "/events?")
}

// patience is how long a page may take to show what is waited for, on a machine with
// other work.
const patience = 15 * time.Second

// do runs the actions, each within ten seconds.
func (tb *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	for _, a := range actions {
		get(tb, a)
	}
}

// get runs an action and gives what it finds.
func get[T any](tb *tab, action chromedp.Action[T]) T {
	tb.t.Helper()
	found, err := try(tb, action)
	if err != nil {
		tb.t.Fatal(err)
	}
	return found
}

// try is get where it may fail, as with a page that gives way to the next.
func try[T any](tb *tab, action chromedp.Action[T]) (T, error) {
	ctx, cancel := context.WithTimeout(tb.ctx, 10*time.Second)
	defer cancel()
	return chromedp.Run(ctx, action)
}

// open goes to a page of the server.
func (tb *tab) open(url string) {
	tb.t.Helper()
	tb.do(chromedp.Navigate(url))
}

// value evaluates a JavaScript expression to a string.
func (tb *tab) value(js string) string {
	tb.t.Helper()
	return get(tb, chromedp.Evaluate[string]("String("+js+")"))
}

// text is what a person reads in the first element that the selector finds.
func (tb *tab) text(selector string) string {
	tb.t.Helper()
	return inOneLine(get(tb, textOf(selector)))
}

func textOf(selector string) chromedp.Action[string] {
	return chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q)?.innerText ?? '(no element)'", selector))
}

func inOneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// waitFor waits until the text of the element contains what is wanted.
func (tb *tab) waitFor(selector, want string) {
	tb.t.Helper()
	var got string
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		got, err = try(tb, textOf(selector))
		if got = inOneLine(got); err == nil && strings.Contains(got, want) {
			return
		}
	}
	tb.t.Fatalf("%s: got %q, %v, want it to contain %q", selector, got, err, want)
}

// waitUntil waits until the JavaScript expression is true.
func (tb *tab) waitUntil(js string) {
	tb.t.Helper()
	var is bool
	var err error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if is, err = try(tb, chromedp.Evaluate[bool]("Boolean("+js+")")); err == nil && is {
			return
		}
	}
	tb.t.Fatalf("%s: got %t, %v for %s, want true", js, is, err, patience)
}

// click clicks what the selector finds. If that gives way to what the page is swapping in, before it
// is clicked, what came in its place is.
func (tb *tab) click(selector string) {
	tb.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		_, err := try(tb, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "Could not find node") || time.Now().After(end) {
			tb.t.Fatalf("%s: %v", selector, err)
		}
	}
}

// keys presses keys. A key that writes is told to the browser at once, as a keyboard
// does it, not as a press and a character: on a slow machine, the page would change
// between the two, and what the character does would be done to what came with the change.
func (tb *tab) keys(keys ...string) {
	tb.t.Helper()
	for _, each := range keys {
		for _, r := range each {
			var press, release *input.DispatchKeyEventParams
			for _, event := range kb.Encode(r) {
				switch event.Type {
				case kb.KeyChar:
					press.Text, press.UnmodifiedText = event.Text, event.UnmodifiedText
				case kb.KeyUp:
					release = event
				default:
					press = event
				}
			}
			tb.press(press)
			tb.press(release)
		}
	}
}

func (tb *tab) press(event *input.DispatchKeyEventParams) {
	tb.t.Helper()
	if _, err := chromedp.Call(tb.ctx, input.DispatchKeyEvent, *event); err != nil {
		tb.t.Fatal(err)
	}
}

func (tb *tab) size(width, height int64) {
	tb.t.Helper()
	tb.do(chromedp.EmulateViewport(width, height))
}

func (tb *tab) withoutScript() {
	tb.t.Helper()
	if _, err := chromedp.Call(tb.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		tb.t.Fatal(err)
	}
}

// keep saves a screenshot in the folder that ROSTER_SCREENSHOTS names, if one.
func (tb *tab) keep(name string) {
	tb.t.Helper()
	dir := os.Getenv("ROSTER_SCREENSHOTS")
	if dir == "" {
		return
	}
	png := get(tb, chromedp.FullScreenshot(100))
	if err := os.WriteFile(dir+"/"+name+".png", png, 0o644); err != nil {
		tb.t.Error(err)
	}
}
