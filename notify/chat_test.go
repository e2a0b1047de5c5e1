package notify

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func chats(t *testing.T, g *Guard) *Chats {
	t.Helper()
	c, err := NewChats(g, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The library's generic service sends to a real receiver.
func TestGenericChat(t *testing.T) {
	var got, kind string
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got, kind = string(body), r.Header.Get("Content-Type")
	}))
	defer receiver.Close()
	c := chats(t, guardFor(t, hostOf(receiver)))
	if err := c.Send(t.Context(), "generic://"+hostOf(receiver)+"/hook?disabletls=yes", testMessage()); err != nil {
		t.Fatal(err)
	}
	if want := testMessage().Subject + "\n" + testMessage().Text; got != want || kind != "text/plain" {
		t.Errorf("got %s %q, want the subject and the text", kind, got)
	}
	if err := c.Send(t.Context(), "generic+http://"+hostOf(receiver)+"/hook?template=json", testMessage()); err != nil {
		t.Fatal(err)
	}
	var fields map[string]string
	if err := json.Unmarshal([]byte(got), &fields); err != nil || fields["title"] != testMessage().Subject || fields["message"] != testMessage().Text {
		t.Errorf("got %q, %v, want the subject as the title, and the text", got, err)
	}
}

// A sample is the URL of one service, and what its server answers to success.
type sample struct{ url, host, answer string }

// samples has one for each service. Where tokens stand they have "secret" in them.
func samples() map[string]sample {
	const uuid, hash = "11111111-4444-4444-8444-cccccccccccc", "33333301222222222233333333333344"
	return map[string]sample{
		"bark":       {"bark://:secretdevice@bark.example.org", "bark.example.org", `{"code":200,"message":"success"}`},
		"discord":    {"discord://secrettoken@1234567890", "discord.com", ""},
		"generic":    {"generic://hooks.example.org/secretpath", "hooks.example.org", ""},
		"googlechat": {"googlechat://chat.googleapis.com/v1/spaces/FOO/messages?key=secretkey&token=secrettoken", "chat.googleapis.com", "{}"},
		"gotify":     {"gotify://gotify.example.org/Asecret.secret1", "gotify.example.org", `{"id":1}`},
		"ifttt":      {"ifttt://secretkey/?events=shift", "maker.ifttt.com", ""},
		"join":       {"join://token:secretkey@join?devices=phone", "joinjoaomgcd.appspot.com", ""},
		"lark":       {"lark://open.larksuite.com/secrettoken?secret=secretkey", "open.larksuite.com", `{"code":0}`},
		"matrix":     {"matrix://:secrettoken@matrix.example.org?rooms=!room:example.org", "matrix.example.org", `{"room_id":"!room:example.org","event_id":"$1"}`},
		"mattermost": {"mattermost://chat.example.org/secrettoken", "chat.example.org", "ok"},
		"notifiarr":  {"notifiarr://secretkey?channel=123456789", "notifiarr.com", ""},
		"ntfy":       {"ntfy://user:secretpassword@ntfy.example.org/secrettopic", "ntfy.example.org", `{"id":"x"}`},
		"pushbullet": {"pushbullet://secretsecretsecretsecretsecretsecr", "api.pushbullet.com", `{"type":"note","active":true}`},
		"pushover":   {"pushover://:secrettoken@secretuser", "api.pushover.net", ""},
		"rocketchat": {"rocketchat://chat.example.org/secrettoken1/secrettoken2/channel", "chat.example.org", ""},
		"signal":     {"signal://user:secretpassword@signal.example.org:8080/+1234567890/+0987654321", "signal.example.org", `{"timestamp":"1"}`},
		"slack":      {"slack://hook:AAAAAAAAA-BBBBBBBBB-secretsecretsecretsecret@webhook", "hooks.slack.com", "ok"},
		"teams":      {"teams://" + uuid + "@" + uuid + "/" + hash + "/" + uuid + "/secretextra?host=acme.webhook.office.com", "acme.webhook.office.com", ""},
		"telegram":   {"telegram://123456789:secretsecretsecretsecretsecretsecre@telegram?chats=@ops", "api.telegram.org", `{"ok":true,"result":{}}`},
		"wecom":      {"wecom://693axxx6-secret-4bc4-97a0-0ec2sifa5aaa", "qyapi.weixin.qq.com", `{"errcode":0}`},
		"zulip":      {"zulip://bot%40example.org:secretkey@zulip.example.org?stream=ops", "zulip.example.org", ""},
	}
}

// A proxyless world: whatever a service dials is a server of the test.
type world struct {
	mu     sync.Mutex
	dialed []string
	bodies []string
	server *httptest.Server
}

// inWorld sends all that passes a guard to one handler.
func inWorld(t *testing.T, g *Guard, handler http.HandlerFunc) *world {
	t.Helper()
	w := &world{}
	w.server = httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		form, _ := url.QueryUnescape(string(body) + " " + r.URL.RawQuery)
		w.mu.Lock()
		w.bodies = append(w.bodies, string(body)+" "+form+" "+r.Header.Get("Title"))
		w.mu.Unlock()
		handler(rw, r)
	}))
	t.Cleanup(w.server.Close)
	g.client.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		w.mu.Lock()
		w.dialed = append(w.dialed, address)
		w.mu.Unlock()
		return (&net.Dialer{}).DialContext(ctx, network, w.server.Listener.Addr().String())
	}
	g.client.TLSClientConfig = &tls.Config{InsecureSkipVerify: true} // its certificate is for another name
	t.Cleanup(g.client.CloseIdleConnections)
	return w
}

// Each service of the library sends what it should, and reports the success.
func TestEveryServiceSends(t *testing.T) {
	if diff := slices.Compare(slices.Sorted(maps.Keys(samples())), ChatServices()); diff != 0 {
		t.Fatal("there is not one sample for each service")
	}
	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			if err := CheckChatURL(s.url); err != nil {
				t.Fatal(err)
			}
			g := guardFor(t)
			w := inWorld(t, g, func(rw http.ResponseWriter, _ *http.Request) {
				answer := s.answer
				if name == "pushbullet" { // it compares
					answer = fmt.Sprintf(`{"type":"note","active":true,"title":%q,"body":%q}`, testMessage().Subject, testMessage().Text)
				}
				rw.Header().Set("Content-Type", "application/json")
				if answer == "" && (name == "discord") {
					rw.WriteHeader(http.StatusNoContent)
				}
				_, _ = io.WriteString(rw, answer)
			})
			if err := chats(t, g).Send(t.Context(), s.url, testMessage()); err != nil {
				t.Fatal(err)
			}
			all := strings.Join(w.bodies, "\n")
			for _, want := range []string{"Ana, you are on call for Ops from tomorrow, 09:00.", "Your shift begins tomorrow at 09:00"} {
				if strings.Count(all, want) == 0 {
					t.Errorf("%q was not sent, but %s", want, all)
				}
			}
			for _, address := range w.dialed {
				if host, _, _ := strings.Cut(address, ":"); host != s.host {
					t.Errorf("it dialled %s, want %s", address, s.host)
				}
			}
		})
	}
}

// Whatever a service does, the guard is who dials: names that lead inside are refused, whoever asks
// for them, and the refusal is what Send reports, without a secret.
func TestEveryServiceIsGuarded(t *testing.T) {
	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			g := guardFor(t)
			names := useNames(t, g, map[string][]string{"*": {"127.0.0.1", "10.0.0.1", "::1"}})
			err := chats(t, g).Send(t.Context(), s.url, testMessage())
			if !errors.Is(err, errRefused) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want the refusal of the guard", err)
			}
			if got := names.names(); len(got) != 1 || got[0] != s.host {
				t.Errorf("it looked up %q, want %s alone", got, s.host)
			}
		})
	}
}

// An answer that says no is a failure, also where the library overlooks it, and its text
// has no secret. What the library would try again at once is left to the caller.
func TestEveryServiceFails(t *testing.T) {
	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			for status, permanent := range map[int]bool{
				http.StatusTooManyRequests: false, http.StatusGone: true, http.StatusInternalServerError: false, http.StatusBadRequest: false,
			} {
				g := guardFor(t)
				w := inWorld(t, g, func(rw http.ResponseWriter, r *http.Request) {
					if status != http.StatusBadRequest {
						rw.Header().Set("Retry-After", "30")
					}
					rw.WriteHeader(status)
					_, _ = io.WriteString(rw, "<p>no: "+r.URL.String())
				})
				begin := time.Now()
				err := chats(t, g).Send(t.Context(), s.url, testMessage())
				if err == nil || !strings.Contains(err.Error(), fmt.Sprint(status)) || strings.Contains(err.Error(), "secret") {
					t.Errorf("%d: got %v", status, err)
				}
				if _, got := errors.AsType[*PermanentError](err); got != permanent {
					t.Errorf("%d: got %v, want permanent %v", status, err, permanent)
				}
				want := 30 * time.Second
				if permanent || status == http.StatusBadRequest {
					want = 0
				}
				if got := RetryAfter(err); got != want {
					t.Errorf("%d: a pause of %s, want %s", status, got, want)
				}
				if took := time.Since(begin); took > 3*time.Second || len(w.bodies) != 1 {
					t.Errorf("%d: %d requests in %s, want 1", status, len(w.bodies), took)
				}
			}
		})
	}
}

// A server that hangs holds a message as long as its context lets it, and no goroutine remains.
func TestEveryServiceThatHangs(t *testing.T) {
	for name, s := range samples() {
		t.Run(name, func(t *testing.T) {
			g := guardFor(t)
			over := make(chan struct{})
			inWorld(t, g, func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-r.Context().Done():
				case <-over:
				}
			})
			t.Cleanup(func() { close(over) })
			c := chats(t, g)
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			begin := time.Now()
			err := c.Send(ctx, s.url, testMessage())
			if took := time.Since(begin); !errors.Is(err, context.DeadlineExceeded) || took > 2*time.Second || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v after %s, want the deadline", err, took)
			}
			for end := time.Now().Add(2 * time.Second); len(c.places) > 0; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(end) {
					text := make([]byte, 1<<20)
					t.Fatalf("it still sends:\n%s", text[:runtime.Stack(text, true)])
				}
			}
		})
	}
}

// The reason that a service gives is shown.
func TestReasonsOfServices(t *testing.T) {
	for name, c := range map[string]struct {
		url, answer, want string
		status            int
	}{
		"telegram": {samples()["telegram"].url, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, "chat not found", http.StatusBadRequest},
		"slack":    {"slack://xoxb:AAAAAAAAA-BBBBBBBBB-secretsecretsecretsecret@C001CHANNEL", `{"ok":false,"error":"channel_not_found"}`, "channel_not_found", http.StatusOK},
		"ntfy":     {samples()["ntfy"].url, `{"code":40301,"http":403,"error":"forbidden"}`, "forbidden", http.StatusForbidden},
	} {
		g := guardFor(t)
		inWorld(t, g, func(rw http.ResponseWriter, _ *http.Request) {
			rw.WriteHeader(c.status)
			_, _ = io.WriteString(rw, c.answer)
		})
		err := chats(t, g).Send(t.Context(), c.url, testMessage())
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestChatsThatMisbehave(t *testing.T) {
	server := receivers(t)
	c := chats(t, guardFor(t, hostOf(server)))
	for way, want := range map[string]string{
		"ok": "", "endless": "", "moved": "", "found": "loses the message", "round": "redirects too often", "inside": "private network",
		"clear": "not encrypted", "file": "not encrypted", "nowhere": "307", "cut": "EOF", "missing": "404", "see-other": "loses the message",
	} {
		err := c.Send(t.Context(), "generic://"+hostOf(server)+"/"+way+"/secret-token?disabletls=yes", testMessage())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret-token")) {
			t.Errorf("%s: got %v, want %q", way, err, want)
		}
	}
}

// A receiver that hangs leaves room for the others.
func TestChatThatHangsHoldsUpNoOther(t *testing.T) {
	server, other := receivers(t), receivers(t)
	c := chats(t, guardFor(t, hostOf(server), hostOf(other)))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var wg sync.WaitGroup
	for range 3 * chatsAtOnce {
		wg.Go(func() { _ = c.Send(ctx, "generic+http://"+hostOf(server)+"/hang", testMessage()) })
	}
	for range 20 {
		short, stop := context.WithTimeout(t.Context(), 5*time.Second)
		if err := c.Send(short, "generic+http://"+hostOf(other)+"/ok", testMessage()); err != nil {
			t.Errorf("the other: %v", err)
		}
		stop()
	}
	cancel()
	wg.Wait()
}

// Requests that are not of the library go on as before, and those of the library only with a message.
func TestOutletAndOthers(t *testing.T) {
	server := receivers(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/ok", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatalf("a request of others: %v", err)
	}
	_ = answer.Body.Close()
	u, err := url.Parse("generic://" + hostOf(server) + "/ok?disabletls=yes")
	if err != nil {
		t.Fatal(err)
	}
	stray, err := configure(u, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := stray.Send("x", nil); err == nil || !strings.Contains(err.Error(), "belongs to no message") {
		t.Errorf("a request of the library without a message: got %v, want a refusal", err)
	}
}

func TestChatURLsAsTyped(t *testing.T) {
	for text, want := range map[string]string{
		"": "empty", "https://hooks.slack.com/services/T/B/X": "is a webhook", "smtp://u:p@mail.example.org/?to=a@b.org": "email is a way of its own",
		"logger://": "no kind of chat", "script://x": "no kind of chat", "pagerduty://x": "incidents", "opsgenie://x": "incidents", "xmpp://x": "no kind of chat",
		"example": "no kind of chat", "ntfy://ntfy.sh": "topic", "slack://secret-token": "the URL of the chat",
		"generic://hooks.example.org/x?method=DELETE": "POST or PUT", "discord://secret-token": "the URL of the chat", "SLACK://": "the URL of the chat",
		"telegram://secret-token@telegram?chats=1": "the URL of the chat", "ntfy+https://ntfy.sh/x": "takes no URL", "matrix://host": "access token",
	} {
		err := CheckChatURL(text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret-token") {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
	c := chats(t, guardFor(t, "named.example.org"))
	for text, good := range map[string]bool{
		"ntfy://ntfy.sh/topic": true, "ntfy://127.0.0.1/topic": false, "ntfy://10.0.0.1:8080/topic": false, "ntfy://named.example.org/topic": true,
		"telegram://123456789:secretsecretsecretsecretsecretsecre@telegram?chats=@ops": true,
	} {
		if err := c.Check(text); (err == nil) != good {
			t.Errorf("%s: got %v, want good %v", text, err, good)
		}
	}
}

func TestComposedTexts(t *testing.T) {
	m := testMessage()
	m.Subject, m.Text = "Note\r\nof <!channel> & @here", "Hi @everyone, @channel and ana@example.org <b>"
	text, params := compose(services()["slack"], "slack", m)
	if want := "Hi @\u200beveryone, @\u200bchannel and ana@example.org &lt;b&gt;"; text != want {
		t.Errorf("got %q, want %q", text, want)
	}
	if want := "Note of &lt;!channel&gt; &amp; @\u200bhere"; params["title"] != want {
		t.Errorf("got %q, want %q", params["title"], want)
	}
	m.Text = strings.Repeat("wörter ", 1000)
	for name, kind := range services() {
		text, _ := compose(kind, name, m)
		if len(text) > kind.most || len(m.Text) > kind.most && !strings.HasSuffix(text, "wörter…") {
			t.Errorf("%s: %d bytes that end with %q", name, len(text), text[max(0, len(text)-12):])
		}
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"short", 10, "short"}, {"exactly10!", 10, "exactly10!"}, {"two words here", 10, "two…"}, {"two words here", 12, "two words…"},
		{"oneverylongword", 10, "onevery…"}, {"ééééé", 8, "éé…"}, {"x", 0, ""}, {"abc", 2, ""}, {"a bcdefghijkl", 10, "a…"},
		{"a " + strings.Repeat("x", 200), 100, "a " + strings.Repeat("x", 95) + "…"},
	} {
		if got := cut(c.text, c.most); got != c.want || len(got) > c.most {
			t.Errorf("cut(%q, %d): got %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

// Whatever somebody types as a URL is answered, without a panic of the library and without what may
// be a secret.
func FuzzChatURL(f *testing.F) {
	for _, s := range samples() {
		f.Add(s.url)
		f.Add(strings.TrimRight(s.url, "abcdefghijklmnopqrstuvwxyz0123456789"))
		f.Add(strings.ReplaceAll(s.url, "/", "//"))
	}
	for _, name := range ChatServices() {
		for _, rest := range []string{"", "/", "@", ":@", "//", "a", "a@b", ":a@b/c/d/e/f", "a:b@c:1/d?e=f", "[::1]:99999/x", "%zz", "?", "#", "a@b?rooms=,&rooms=", "@host/?scheme=x&disabletls=maybe"} {
			f.Add(name + "://" + rest)
			f.Add(name + "+https://" + rest)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := CheckChatURL(text)
		if err == nil && MaskURL(text) == "" {
			t.Error("a URL that is good has nothing to show")
		}
		if err != nil && len(err.Error()) > 2*maxReason {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	})
}
