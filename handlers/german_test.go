package handlers_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"dailyroster/words"
)

// Whatever a page says, it says in German to whoever reads German: all that TestAnswers asks is
// asked in both languages, and no text of the English answers that is English stands in the
// German ones. What people wrote themselves is theirs, of course, and what the store keeps in
// words: reasons, and why an exchange came to nothing.
func TestPagesInGerman(t *testing.T) {
	german := words.Pick("de")
	english, found := map[string]bool{}, map[string]string{}
	for _, language := range []string{"en", "de"} {
		for _, subject := range subjects {
			r := newRecord(t, map[string]bool{})
			r.language = language
			r.heard = func(request string, status int, body string) {
				if status == http.StatusBadRequest {
					return // it is about parameters of the address, which no page makes
				}
				if language == "de" && strings.Contains(body, `<html lang="en"`) {
					t.Errorf("%s: a page for a German reader says that it is in English", request)
				}
				for _, text := range textsOf(t, body) {
					switch {
					case language == "en":
						english[text] = true
					case english[text] && (saysEnglish(text) || german.T(text) != text) && !ownWords[text]:
						found[text] = request
					}
				}
			}
			seed(r)
			subject.ask(r)
		}
	}
	if len(english) < 500 {
		t.Errorf("got %d texts in English; are the pages still read?", len(english))
	}
	for text, request := range found {
		t.Errorf("%s says in English to a German reader: %s", request, text)
	}
}

// ownWords are texts that are English in each language: people of the tests wrote them, or the
// store keeps them.
var ownWords = map[string]bool{
	"embedded file (bbolt) on this machine": true, // the kind of the store

	// Names, notes and reasons of the tests, and headings of their tables.
	"On call": true, "The first roster": true, "With <b>care</b>": true, "Moving <the> server": true, "Day of Repentance": true, "Days": true,
	"Christmas Day": true, "Second Day of Christmas, and Saint Stephen": true, "From": true, "Note": true, "Role": true, "Until": true,
	"Not There Yet": true, "nobody": true, // what somebody searched for
	"Mine": true, "Phone": true, "Away": true, "by editor": true,

	// What the store keeps.
	"You are on call now: Ops (Primary)": true, "Gone Away was deactivated": true,
	"Primary of Tue 8 Dec 2026 is no longer held by Ana Ruiz but by Cleo Diaz.": true,
}

var englishWord = regexp.MustCompile(`\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday) \d|(?i)\b(the|of|is|to|and|this|not|on|with|from|are|you|for|by|has|have|was|were|day|days|nobody|remove|who|at most|until)\b`)

// saysEnglish reports whether a text has words that German does not have.
func saysEnglish(text string) bool { return englishWord.MatchString(text) }

// textsOf are the texts of a page or a part of one that a person reads or hears.
func textsOf(t *testing.T, body string) []string {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	doc.Find("script, style, code, pre, template, [lang], textarea, td.what-people-wrote").Not("html").Remove()
	var texts []string
	add := func(text string) {
		if text = strings.Join(strings.Fields(text), " "); text != "" {
			texts = append(texts, text)
		}
	}
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, name := range []string{"aria-label", "title", "placeholder", "alt", "hx-confirm"} {
			add(s.AttrOr(name, ""))
		}
		for n := s.Nodes[0].FirstChild; n != nil; n = n.NextSibling {
			if n.Type == html.TextNode {
				add(n.Data)
			}
		}
	})
	return texts
}

// isPage reports whether an answer is a page for people, other than those for programmers and
// operators, which are in English.
func isPage(path string, header http.Header) bool {
	path, _, _ = strings.Cut(path, "?")
	return strings.HasPrefix(header.Get("Content-Type"), "text/html") && !slices.Contains([]string{"/api", "/cluster"}, path)
}
