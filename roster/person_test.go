package roster_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"dailyroster/check/corpus"
	"dailyroster/roster"
)

func TestParseName(t *testing.T) {
	t.Parallel()
	accepted := []struct{ name, in, want string }{
		{"plain", "Ana Lima", "Ana Lima"},
		{"space tidied", " \t Ana\u00a0 \n Lima\u3000", "Ana Lima"},
		{"composed", "Zoe\u0308", "Zo\u00eb"},
		{"80 characters", strings.Repeat("ü", 80), strings.Repeat("ü", 80)},
		{"80 characters once composed", strings.Repeat("u\u0308", 80), strings.Repeat("ü", 80)},
		{"80 characters once tidied", "  " + strings.Repeat("a", 80) + "  ", strings.Repeat("a", 80)},
		{"one character", "O", "O"},
		{"Han", "李小龍", "李小龍"},
		{"Arabic", "محمد علي", "محمد علي"},
		{"Hebrew", "דוד", "דוד"},
		{"Devanagari with a joiner", "क्\u200dष", "क्\u200dष"},
		{"Cyrillic", "Ольга", "Ольга"},
		{"Hangul, composed", "\u1112\u1161\u11ab", "한"},
		{"emoji with joiners", "👩\u200d🚒", "👩\u200d🚒"},
		{"apostrophe and hyphen", "Anne-Marie O’Neill", "Anne-Marie O’Neill"},
		{"digits", "007", "007"},
	}
	for _, tt := range accepted {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := roster.ParseName(tt.in)
			if err != nil || got != tt.want {
				t.Errorf("ParseName(%+q): got %+q, %v, want %+q", tt.in, got, err, tt.want)
			}
		})
	}
	refused := []struct{ name, in, want string }{
		{"empty", "", "the name is empty"},
		{"space", " \t\u2003\n", "the name is empty"},
		{"81 characters", strings.Repeat("a", 81), "the name has 81 characters; at most 80 fit"},
		{"control only", "\x00\x01", "the name has control characters"},
		{"control within", "Ana\x7fLima", "the name has control characters"},
		{"direction override", "Ana \u202eamiL", "the name has control characters"},
		{"direction isolate", "\u2066Ana\u2069", "the name has control characters"},
		{"direction mark", "Ana\u200f", "the name has control characters"},
		{"zero width only", "\u200b\u200d\ufeff", "the name has no visible character"},
		{"accents only", "\u0301\u0308", "the name has no visible character"},
		{"soft hyphen", "\u00ad", "the name has no visible character"},
		{"Hangul filler", "\u3164", "the name has no visible character"},
		{"blank Braille", "\u2800 \u2800", "the name has no visible character"},
		{"broken text", "Ana\xff", "the name is not valid UTF-8 text"},
	}
	for _, tt := range refused {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := roster.ParseName(tt.in)
			if err == nil || err.Error() != tt.want {
				t.Errorf("ParseName(%+q): got %+q, error %v, want error %q", tt.in, got, err, tt.want)
			}
		})
	}
}

func FuzzParseName(f *testing.F) {
	for _, s := range []string{"Ana Lima", " Zoe\u0308 ", "李小龍", "👩\u200d🚒", "\u200b", "\u202e", "\xff", "a" + strings.Repeat("\u0301", 70)} {
		f.Add(s)
	}
	corpus.Add(f)
	f.Fuzz(func(t *testing.T, s string) {
		corpus.Each(t, price, s, func(s string) { _, _ = roster.ParseName(s) })
		corpus.Each(t, price, s, func(s string) { roster.FoldName(s) })
		name, err := roster.ParseName(s)
		if err != nil {
			return
		}
		if n := utf8.RuneCountInString(name); n == 0 || n > roster.MaxName {
			t.Errorf("ParseName(%+q): got %d characters, want 1 to %d", s, n, roster.MaxName)
		}
		if again, err := roster.ParseName(name); err != nil || again != name {
			t.Errorf("ParseName of its own %+q: got %+q, %v, want the same", name, again, err)
		}
		if got, want := roster.FoldName(name), roster.FoldName(s); got != want {
			t.Errorf("FoldName of the tidied %+q: got %+q, want as of what was typed, %+q", name, got, want)
		}
	})
}

func TestFoldName(t *testing.T) {
	t.Parallel()
	for _, same := range [][2]string{
		{"Ana Lima", "ana  LIMA "},
		{"Zoe\u0308", "ZO\u00cb"},
		{"Groß", "GROSS"},
		{"Σίσυφος", "ΣΊΣΥΦΟΣ"},
	} {
		if a, b := roster.FoldName(same[0]), roster.FoldName(same[1]); a != b {
			t.Errorf("FoldName: got %q for %q and %q for %q, want the same", a, same[0], b, same[1])
		}
	}
	for _, other := range [][2]string{{"Zoe", "Zoë"}, {"Ana Lima", "AnaLima"}} {
		if a, b := roster.FoldName(other[0]), roster.FoldName(other[1]); a == b {
			t.Errorf("FoldName: got %q for both %q and %q, want different", a, other[0], other[1])
		}
	}
}

func TestPersonValidate(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 60) + "@" + strings.Repeat("b.", 95) + "org" // 254 characters
	tests := []struct {
		name   string
		change func(*roster.Person)
		want   string // the field that is refused, "" for none
	}{
		{"all there is", func(*roster.Person) {}, ""},
		{"only what must be", func(p *roster.Person) { p.Email, p.Phone, p.Chat, p.Zone = "", "", "", roster.Zone{} }, ""},
		{"id empty", func(p *roster.Person) { p.ID = "" }, "id"},
		{"id with a capital", func(p *roster.Person) { p.ID = "Ana" }, "id"},
		{"name empty", func(p *roster.Person) { p.Name = " " }, "name"},
		{"email with a tag", func(p *roster.Person) { p.Email = "ana+oncall@mail.example.org" }, ""},
		{"email in any script", func(p *roster.Person) { p.Email = "ольга@example.org" }, ""},
		{"email without @", func(p *roster.Person) { p.Email = "ana.example.org" }, "email"},
		{"email without a domain", func(p *roster.Person) { p.Email = "ana@" }, "email"},
		{"email with a name", func(p *roster.Person) { p.Email = "Ana <ana@example.org>" }, "email"},
		{"two emails", func(p *roster.Person) { p.Email = "ana@example.org, bo@example.org" }, "email"},
		{"email with a second line", func(p *roster.Person) { p.Email = "ana@example.org\r\nBcc: bo@example.org" }, "email"},
		{"email of 254 characters", func(p *roster.Person) { p.Email = long }, ""},
		{"email of 255 characters", func(p *roster.Person) { p.Email = "a" + long }, "email"},
		{"phone in groups", func(p *roster.Person) { p.Phone = "+49 (0)30 123-45.67/8" }, ""},
		{"phone with the area in brackets", func(p *roster.Person) { p.Phone = "(212) 555-0123" }, ""},
		{"short phone", func(p *roster.Person) { p.Phone = "112" }, ""},
		{"phone of two digits", func(p *roster.Person) { p.Phone = "12" }, "phone"},
		{"phone in words", func(p *roster.Person) { p.Phone = "0800-FLOWERS" }, "phone"},
		{"phone with a + within", func(p *roster.Person) { p.Phone = "49+30123" }, "phone"},
		{"phone with a line break", func(p *roster.Person) { p.Phone = "+4930123\n" }, "phone"},
		{"phone too long", func(p *roster.Person) { p.Phone = strings.Repeat("1", 42) }, "phone"},
		{"chat as an email", func(p *roster.Person) { p.Chat = "ana+oncall@example.org" }, ""},
		{"chat as an id of Matrix", func(p *roster.Person) { p.Chat = "@ana:example.org" }, ""},
		{"chat in any script", func(p *roster.Person) { p.Chat = strings.Repeat("ж", roster.MaxChat) }, ""},
		{"chat too long", func(p *roster.Person) { p.Chat = strings.Repeat("ж", roster.MaxChat+1) }, "chat"},
		{"chat with a space", func(p *roster.Person) { p.Chat = "ana ruiz" }, "chat"},
		{"chat with a slash", func(p *roster.Person) { p.Chat = "ana/ruiz" }, "chat"},
		{"chat with a line break", func(p *roster.Person) { p.Chat = "ana\n" }, "chat"},
		{"chat that is not UTF-8", func(p *roster.Person) { p.Chat = "ana\xff" }, "chat"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := roster.Person{ID: "ana", Name: "Ana", Email: "ana@example.org", Phone: "+49 30 12345", Chat: "U02ABCDEF", Zone: zone("Europe/Berlin"), Active: true}
			tt.change(&p)
			checkFields(t, p.Validate(), tt.want)
		})
	}
	p := roster.Person{ID: "zoe", Name: "  Zoe\u0308 "}
	if err := p.Validate(); err != nil || p.Name != "Zoë" {
		t.Errorf("Validate: got the name %+q, %v, want it tidied to %+q", p.Name, err, "Zoë")
	}
	p = roster.Person{ID: "?", Name: "", Email: "?", Phone: "?", Chat: "?"}
	checkFields(t, p.Validate(), "id name email phone chat")
}

func TestDials(t *testing.T) {
	t.Parallel()
	for phone, want := range map[string]string{
		"": "", "112": "112", "+49 (0)30 123-45.67/8": "+493012345678", "(212) 555-0123": "2125550123", "+1 (212) 555-0123": "+12125550123",
		"0049 (0)30 1": "00490301", "(030) 12345": "03012345",
	} {
		p := roster.Person{Phone: phone}
		if got := p.Dials(); got != want {
			t.Errorf("Dials of %q: got %q, want %q", phone, got, want)
		}
	}
}

// checkFields checks which fields an error refuses: their names with spaces between.
func checkFields(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("Validate: got %v, want nil", err)
		}
		return
	}
	var fields roster.FieldErrors
	if !errors.As(err, &fields) {
		t.Fatalf("Validate: got %v, want FieldErrors for %s", err, want)
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.Field)
		if fields.For(f.Field) == nil {
			t.Errorf("message at %s: got none", f.Field)
		}
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("fields refused: got %s (%v), want %s", got, err, want)
	}
}
