// Package fetch gets a wiki page for a caller who names it. A server that fetches for others
// can reach what they cannot (server-side request forgery), so it asks only hosts that a
// setting names, over http or https, follows redirects only within one host, takes
// no proxy from the environment, sends no credentials, and stops at a size and a time.
package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"dailyroster/words/said"
)

const (
	// MaxPage is the most bytes of a page.
	MaxPage      = 2 << 20
	maxTime      = 4 * time.Second // for all of it, redirects included
	maxRedirects = 3
	maxURL       = 2000
)

// Fetcher fetches pages. One without hosts fetches none; neither does nil.
type Fetcher struct {
	hosts  []string
	client *http.Client
}

// New makes a Fetcher for hosts: wiki.example.org, or wiki.example.org:8443 where the port
// is not that of the scheme.
func New(hosts []string) (*Fetcher, error) {
	f := &Fetcher{}
	for _, host := range hosts {
		if host = strings.ToLower(strings.TrimSpace(host)); host == "" {
			continue
		}
		u, err := url.Parse("https://" + host + "/")
		if err != nil || u.Host != host || u.Hostname() == "" || strings.ContainsAny(host, "*@/ ") {
			return nil, said.New("%q is not a host; write it like wiki.example.org", host)
		}
		f.hosts = append(f.hosts, host)
	}
	f.client = &http.Client{
		Transport: &http.Transport{
			DialContext:            (&net.Dialer{Timeout: maxTime}).DialContext,
			TLSHandshakeTimeout:    maxTime,
			MaxResponseHeaderBytes: 64 << 10,
			DisableKeepAlives:      true,
		},
		CheckRedirect: func(next *http.Request, before []*http.Request) error {
			if len(before) > maxRedirects {
				return said.New("it is redirected too often")
			}
			if next.URL.Host != before[0].URL.Host || next.URL.Scheme != before[0].URL.Scheme && next.URL.Scheme != "https" {
				return said.New("it is redirected to %.100s, which is another site; perhaps it wants a sign-in", next.URL.Host)
			}
			return nil
		},
	}
	return f, nil
}

// Hosts are those that may be asked.
func (f *Fetcher) Hosts() []string {
	if f == nil {
		return nil
	}
	return slices.Clone(f.hosts)
}

// Page fetches a page of HTML, of values with commas or of a calendar. The error is for
// people.
func (f *Fetcher) Page(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(strings.TrimSpace(address))
	switch {
	case err != nil || len(address) > maxURL || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return nil, said.New("this is not the address of a page; it begins with https://")
	case u.User != nil:
		return nil, said.New("an address with a password is not fetched")
	case !slices.Contains(f.Hosts(), strings.ToLower(u.Host)):
		return nil, said.New("pages of %.100s are not fetched here; paste the table instead", u.Host)
	}
	u.Fragment = ""
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return nil, said.New("this is not the address of a page")
	}
	r.Header.Set("Accept", "text/html, text/markdown, text/csv, text/calendar, text/plain;q=0.8")
	r.Header.Set("User-Agent", "DailyRoster")
	answer, err := f.client.Do(r)
	if err != nil {
		if refused, ok := errors.AsType[*url.Error](err); ok {
			if refused.Timeout() {
				return nil, said.New("%.100s did not answer within %s", u.Host, maxTime)
			}
			err = refused.Err
		}
		return nil, said.New("the page cannot be fetched: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, said.New("%.100s answered %s; perhaps the page wants a sign-in", u.Host, answer.Status)
	}
	kind, _, _ := strings.Cut(answer.Header.Get("Content-Type"), ";")
	if kind = strings.TrimSpace(strings.ToLower(kind)); !strings.HasPrefix(kind, "text/") && kind != "application/xhtml+xml" {
		return nil, said.New("the address gives %.60q, which is no page", kind)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, MaxPage+1))
	switch {
	case err != nil:
		return nil, said.New("the page broke off: %w", err)
	case len(data) > MaxPage:
		return nil, said.New("the page has more than %d MB", MaxPage>>20)
	}
	return data, nil
}
