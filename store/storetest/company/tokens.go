package company

import (
	"encoding/binary"
	"time"

	"dailyroster/roster/credential"
)

// perPair is how many tokens a team and its first person have together: one of each kind.
const perPair = 4

// makeTokens makes up the tokens: of each team in turn one that may edit, one of its first
// person, this person's calendar feed, and the team's.
func (c *Company) makeTokens() error {
	made := noon(c.Today.AddDays(-30))
	for k := range c.Size.Tokens {
		d, team := diceOf(ofToken, k), &c.teams[k/perPair]
		owner := c.members(k / perPair)[0]
		id, err := d.id(made.Add(time.Duration(k) * time.Minute))
		if err != nil {
			return err
		}
		var secret [32]byte
		for at := 0; at < len(secret); at += 8 {
			binary.LittleEndian.PutUint64(secret[at:], d.Uint64())
		}
		t := credential.Token{MadeBy: owner.Name, Made: made, Expires: made.AddDate(0, 0, 90), Revision: id}
		switch k % perPair {
		case 0:
			t.Name, t.Scope, t.Team = "Deployments", credential.ScopeEdit, team.ID
		case 1:
			t.Name, t.Scope = "Laptop", credential.ScopeRead
			t.Owner = &credential.TokenOwner{Subject: string(owner.ID), Name: owner.Name, Email: owner.Email}
		case 2:
			t.Name, t.Feed = "Phone", &credential.Feed{Person: owner.ID}
		default:
			t.Name, t.Team, t.Feed = "Office", team.ID, &credential.Feed{}
		}
		if err := t.Validate(); err != nil {
			return err
		}
		var text string
		t.ID, text = credential.NewTokenText(id, secret)
		_, hidden, err := credential.ParseTokenText(text)
		if err != nil {
			return err
		}
		t.Hash = credential.HashSecret(hidden)
		c.tokens, c.texts = append(c.tokens, t), append(c.texts, text)
	}
	return nil
}

// Feed is the secret in the path of the first person's calendar feed; "" if there are not
// tokens enough.
func (c *Company) Feed() string {
	if len(c.texts) <= 2 {
		return ""
	}
	return c.texts[2]
}
