package notify

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/services/chat/discord"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"

	"dailyroster/words/said"
)

// A service is one kind of chat or push that messages may go to. All of them speak HTTP.
type service struct {
	host  string // where the requests go; "" is where the URL says
	most  int    // bytes of text
	title bool   // it shows a title apart from the text
	chat  bool   // people are mentioned in its texts with @
}

// services are those of the library that are allowed, by the scheme of their URLs.
func services() map[string]service {
	return map[string]service{
		"bark":       {most: 3000, title: true},
		"discord":    {host: "discord.com", most: 1900, title: true, chat: true},
		"generic":    {most: 20000, title: true},
		"googlechat": {host: "chat.googleapis.com", most: 4000, chat: true},
		"gotify":     {most: 20000, title: true},
		"ifttt":      {host: "maker.ifttt.com", most: 4000},
		"join":       {host: "joinjoaomgcd.appspot.com", most: 4000, title: true},
		"lark":       {most: 15000, title: true, chat: true},
		"matrix":     {most: 30000, chat: true},
		"mattermost": {most: 4000, chat: true},
		"notifiarr":  {host: "notifiarr.com", most: 1900, chat: true},
		"ntfy":       {most: 4000, title: true},
		"pushbullet": {host: "api.pushbullet.com", most: 10000, title: true},
		"pushover":   {host: "api.pushover.net", most: 1000, title: true},
		"rocketchat": {most: 5000, chat: true},
		"signal":     {most: 2000},
		"slack":      {host: "slack.com", most: 12000, title: true, chat: true},
		"teams":      {host: "webhook.office.com", most: 20000, title: true, chat: true},
		"telegram":   {host: "api.telegram.org", most: 4000, chat: true},
		"wecom":      {host: "qyapi.weixin.qq.com", most: 2000, chat: true},
		"zulip":      {most: 9000, chat: true},
	}
}

// ChatServices are the schemes of URLs that Chats can send to.
func ChatServices() []string { return slices.Sorted(maps.Keys(services())) }

// scheme is the service that a URL names: generic+https is generic.
func scheme(u *url.URL) string {
	name, _, _ := strings.Cut(strings.ToLower(u.Scheme), "+")
	return name
}

const (
	chatsAtOnce   = 64
	chatsPerHost  = 8
	sayTime       = 200 * time.Millisecond
	maxKnown      = 150              // bytes
	ownClientTime = 30 * time.Second // where a context sets no limit
)

// Chats sends messages to chats and pushes: Slack, Mattermost, Teams, Matrix, ntfy, Telegram and
// others, through github.com/nicholas-fedor/shoutrrr.
type Chats struct {
	guard  *Guard
	now    func() time.Time
	outlet *Outlet
	places chan struct{}

	mu    sync.Mutex
	hosts map[string]int // messages under way, by receiver
	freed chan struct{}  // closed and made anew when one has ended
}

// NewChats makes a sender whose requests all go through the guard. It needs an Outlet as
// http.DefaultTransport.
func NewChats(guard *Guard, now func() time.Time) (*Chats, error) {
	outlet, ok := http.DefaultTransport.(*Outlet)
	if !ok {
		return nil, errors.New("chats: http.DefaultTransport is no notify.Outlet, so that requests would not be guarded")
	}
	return &Chats{
		guard: guard, now: now, outlet: outlet, places: make(chan struct{}, chatsAtOnce),
		hosts: map[string]int{}, freed: make(chan struct{}),
	}, nil
}

// CheckChatURL says what is wrong with the URL of a chat, as far as that can be told without the
// network and without the settings. Chats.Check knows the settings too.
func CheckChatURL(text string) error {
	u, err := parseURL(text)
	if err != nil {
		return err
	}
	name := scheme(u)
	switch name {
	case "http", "https":
		return said.New("a chat has a URL that begins with its kind, such as slack:// or ntfy://; a URL with https:// is a webhook")
	case "smtp", "mailto":
		return said.New("email is a way of its own; choose it instead")
	case "opsgenie", "pagerduty":
		return said.New("%s:// opens incidents, which a notice is not", name)
	case "logger", "script", "exec", "file", "":
		return said.New("%q is no kind of chat; those are %s", name, strings.Join(ChatServices(), ", "))
	}
	if _, ok := services()[name]; !ok {
		return said.New("%.40q is no kind of chat; those are %s", name, strings.Join(ChatServices(), ", "))
	}
	if name == "generic" {
		if method := strings.ToUpper(param(u, "method")); method != "" && method != http.MethodPost && method != http.MethodPut {
			return said.New("generic:// sends with POST or PUT")
		}
	}
	if name == "matrix" {
		if _, has := u.User.Password(); !has {
			return said.New("it has no access token; write it like matrix://:token@matrix.example.org?rooms=!id:example.org")
		}
	}
	_, err = configure(u, nil)
	return err
}

// param is a value of the query, whose keys have no case.
func param(u *url.URL, key string) string {
	for name, values := range u.Query() {
		if strings.EqualFold(name, key) && len(values) > 0 {
			return values[0]
		}
	}
	return ""
}

// configure makes the library's service of a URL. With an outlet it may ask the network, and
// is called on the goroutine of a flight.
func configure(u *url.URL, outlet *Outlet) (made types.Service, err error) {
	refused := func(err error) error {
		return &PermanentError{reason: "the URL of the chat: " + scrub(err.Error(), u)}
	}
	defer func() {
		if what := recover(); what != nil { // in the library, by a URL that it did not expect
			made, err = nil, refused(said.New("it cannot be read"))
		}
	}()
	name := scheme(u)
	made, err = (&router.ServiceRouter{}).NewService(name)
	if err != nil {
		return nil, refused(err)
	}
	own := *u
	if u.Scheme != name {
		custom, ok := made.(types.CustomURLService)
		if !ok {
			return nil, refused(said.New("%s:// takes no URL of another scheme", name))
		}
		changed, err := custom.GetConfigURLFromCustom(&own)
		if err != nil {
			return nil, refused(err)
		}
		own = *changed
	}
	if outlet == nil {
		if config, ok := configOf(made); ok {
			if err := config.SetURL(&own); err != nil {
				return nil, refused(err)
			}
			return made, nil
		}
	}
	if err := made.Initialize(&own, nil); err != nil {
		return nil, refused(err)
	}
	if outlet != nil {
		if s, ok := made.(*discord.Service); ok {
			s.Sleeper = neverSleeps{} // it would try again, which a flight refuses
		}
		// Some have a transport of their own, and a way to another.
		if s, ok := made.(interface{ GetHTTPClient() *http.Client }); ok && s.GetHTTPClient() != nil {
			s.GetHTTPClient().Transport = outlet
		}
		if s, ok := made.(interface{ SetHTTPClient(*http.Client) }); ok {
			s.SetHTTPClient(&http.Client{Transport: outlet, Timeout: ownClientTime})
		}
	}
	return made, nil
}

type neverSleeps struct{}

func (neverSleeps) Sleep(time.Duration) {}

// Check says what is wrong with a URL, as CheckChatURL does and by the settings of the guard.
func (c *Chats) Check(address string) error {
	if err := CheckChatURL(address); err != nil {
		return err
	}
	u, err := parseURL(address)
	if err != nil {
		return err
	}
	if services()[scheme(u)].host != "" || u.Hostname() == "" {
		return nil
	}
	to := url.URL{Scheme: "https", Host: u.Host}
	return c.guard.CheckURL(&to)
}

// Send sends a message to a chat once. nil means that the chat has accepted it.
func (c *Chats) Send(ctx context.Context, address string, m Message) error {
	if err := m.check(); err != nil {
		return err
	}
	if err := CheckChatURL(address); err != nil {
		if permanent, ok := errors.AsType[*PermanentError](err); ok {
			return permanent
		}
		return &PermanentError{reason: "the URL of the chat: " + err.Error(), cause: err}
	}
	u, err := parseURL(address)
	if err != nil {
		return &PermanentError{reason: "the URL of the chat: " + err.Error(), cause: err}
	}
	kind := services()[scheme(u)]
	receiver := cmp.Or(kind.host, u.Host)
	leave, err := c.enter(ctx, receiver)
	if err != nil {
		return &attemptError{reason: receiver + ": other messages to it take too long", cause: err}
	}
	f := &flight{ctx: ctx, guard: c.guard, now: c.now, failed: make(chan struct{})}
	done := make(chan error, 1)
	go func() {
		defer leave()
		done <- c.fly(f, u, kind, m)
	}()
	select {
	case err = <-done:
	case <-f.failed: // the library may want to try again: that is not for it to decide
		select {
		case err = <-done: // it may know more
		case <-time.After(sayTime):
		}
	case <-ctx.Done():
		return unreachable(receiver, ctx.Err())
	}
	requests, failure := f.outcome()
	permanent, isPermanent := errors.AsType[*PermanentError](err)
	switch {
	case failure != nil:
		return explained(failure, err, u)
	case isPermanent:
		return permanent
	case err != nil:
		return &attemptError{reason: receiver + ": " + scrub(err.Error(), u)}
	case requests == 0:
		return &attemptError{reason: receiver + ": nothing was sent"}
	}
	return nil
}

// explained adds what the library knows of a refused request: some services give the reason in the
// body of their answer.
func explained(failure, known error, u *url.URL) error {
	refused, ok := errors.AsType[*laterError](failure)
	if !ok || known == nil || refused.after > 0 {
		return failure
	}
	return &laterError{reason: refused.reason + ": " + cut(scrub(known.Error(), u), maxKnown)}
}

// fly sends a message on a goroutine of its own.
func (c *Chats) fly(f *flight, u *url.URL, kind service, m Message) (err error) {
	me := goroutine()
	c.outlet.flights.Store(me, f)
	defer c.outlet.flights.Delete(me)
	defer func() {
		if what := recover(); what != nil { // in the library, by a URL that it did not expect
			err = said.New("the message cannot be sent to this URL")
		}
	}()
	to, err := configure(u, c.outlet)
	if err != nil {
		return err
	}
	if scheme(u) == "generic" && param(u, "template") == "" {
		kind.title = false // the text is all of the body
	}
	text, params := compose(kind, scheme(u), m)
	return to.Send(text, &params)
}

// enter waits for a place to send from. A receiver that hangs takes only a few of them.
func (c *Chats) enter(ctx context.Context, receiver string) (leave func(), err error) {
	for {
		c.mu.Lock()
		free := c.hosts[receiver] < chatsPerHost
		if free {
			c.hosts[receiver]++
		}
		freed := c.freed
		c.mu.Unlock()
		if free {
			break
		}
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	left := func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.hosts[receiver]--
		if c.hosts[receiver] == 0 {
			delete(c.hosts, receiver)
		}
		close(c.freed)
		c.freed = make(chan struct{})
	}
	select {
	case c.places <- struct{}{}:
		return func() { <-c.places; left() }, nil
	case <-ctx.Done():
		left()
		return nil, ctx.Err()
	}
}

var mention = regexp.MustCompile(`@(everyone|here|channel|all|room)\b`)

// compose makes the text of a message, and its title where a service has one.
func compose(kind service, name string, m Message) (string, types.Params) {
	subject, text, params := m.subject(), strings.ToValidUTF8(m.Text, "�"), types.Params{}
	if kind.chat { // a name or a note does not call everybody
		subject, text = mention.ReplaceAllString(subject, "@\u200b$1"), mention.ReplaceAllString(text, "@\u200b$1")
	}
	if name == "slack" {
		escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
		subject, text = escape.Replace(subject), escape.Replace(text)
	}
	switch {
	case subject == "":
	case kind.title:
		params.SetTitle(subject)
	case text == "":
		text = subject
	default:
		text = subject + "\n" + text
	}
	if text == "" {
		text = subject
	}
	return cut(text, kind.most), params
}

var (
	anyURL    = regexp.MustCompile(`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s"']+`)
	separator = regexp.MustCompile(`[^A-Za-z0-9_-]+`)
	finer     = regexp.MustCompile(`[^A-Za-z0-9]+`)
	longWords = regexp.MustCompile(`[A-Za-z0-9+/=_-]{24,}`) // of which something may be made that is in the URL
)

// minSecret is how many bytes make a part of a URL worth hiding.
const minSecret = 5

// scrub takes all that a URL holds out of a text of the library, but for words that mean
// something.
func scrub(text string, u *url.URL) string {
	text = anyURL.ReplaceAllString(text, "…")
	password, _ := u.User.Password()
	var parts []string
	for _, whole := range []string{u.User.Username(), password, u.Path, u.EscapedPath(), u.Opaque, u.Fragment, u.RawQuery, u.Host} {
		parts = append(parts, whole)
		parts = append(append(parts, separator.Split(whole, -1)...), finer.Split(whole, -1)...)
	}
	for _, values := range u.Query() {
		for _, value := range values {
			parts = append(parts, value)
			parts = append(append(parts, separator.Split(value, -1)...), finer.Split(value, -1)...)
		}
	}
	slices.SortFunc(parts, func(a, b string) int { return len(b) - len(a) })
	for _, part := range parts {
		if len(part) >= minSecret && part != scheme(u) {
			text = strings.ReplaceAll(text, part, "…")
		}
	}
	return cut(oneLine(longWords.ReplaceAllString(text, "…")), maxReason)
}
