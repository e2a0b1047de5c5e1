package export

import (
	"bytes"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/emersion/go-vcard"

	"dailyroster/handlers/web"
	"dailyroster/roster"
)

// CardType is the type of a file of cards.
const CardType = "text/vcard"

// Card is what an address book is told of a person.
type Card struct {
	Person roster.Person
	Notes  []string // such as what they are on call for, a line each
}

// AnswerCards answers with a file of cards, vCard 4.0 (RFC 6350).
func AnswerCards(w http.ResponseWriter, name string, chat web.ChatLink, cards []Card) error {
	var file bytes.Buffer
	to := vcard.NewEncoder(&file)
	for _, c := range cards {
		if err := to.Encode(c.vcard(chat)); err != nil {
			return err
		}
	}
	w.Header().Set("Content-Type", CardType+"; charset=utf-8")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": name + ".vcf"}))
	_, _ = w.Write(folded(file.Bytes()))
	return nil
}

// vcard is the card for the library. Nobody knows which part of a name is the family's: all
// of it is the given name, as programs show that part and no other alone.
func (c Card) vcard(chat web.ChatLink) vcard.Card {
	p, card, notes := c.Person, vcard.Card{}, c.Notes
	card.SetValue(vcard.FieldVersion, "4.0")
	card.SetValue(vcard.FieldProductID, "-//Daily Roster//Daily Roster//EN")
	card.SetKind(vcard.KindIndividual)
	card.Set(vcard.FieldUID, typed("text", string(p.ID)+"@dailyroster"))
	card.SetValue(vcard.FieldFormattedName, p.Name)
	// The library escapes no semicolon, which would begin another part of the name.
	card.SetName(&vcard.Name{GivenName: strings.ReplaceAll(p.Name, ";", ",")})
	if p.Email != "" {
		card.SetValue(vcard.FieldEmail, p.Email)
	}
	if tel := p.Dials(); tel != "" {
		card.Set(vcard.FieldTelephone, typed("uri", "tel:"+tel))
	}
	switch link := chat.To(p.Chat); {
	case strings.HasPrefix(link, "http"):
		card.Set(vcard.FieldURL, typed("uri", link))
	case link != "":
		card.Set(vcard.FieldIMPP, typed("uri", link))
	case p.Chat != "":
		notes = append(notes, "Chat: "+p.Chat)
	}
	if len(notes) > 0 {
		card.SetValue(vcard.FieldNote, strings.Join(notes, "\n"))
	}
	return card
}

func typed(kind, value string) *vcard.Field {
	return &vcard.Field{Value: value, Params: vcard.Params{vcard.ParamValue: {kind}}}
}

// maxLine is the most bytes of a line before it is folded (RFC 6350, section 3.2).
const maxLine = 75

// folded is the file with its long lines folded, which the library leaves to others.
func folded(file []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.SplitAfterSeq(file, []byte("\r\n")) {
		for room := maxLine; len(bytes.TrimSuffix(line, []byte("\r\n"))) > room; room = maxLine - 1 {
			for !utf8.RuneStart(line[room]) {
				room--
			}
			out.Write(line[:room])
			out.WriteString("\r\n ")
			line = line[room:]
		}
		out.Write(line)
	}
	return out.Bytes()
}
