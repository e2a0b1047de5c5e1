package main

import (
	"errors"
	"fmt"

	"dailyroster/handlers/web"
)

// ContactConfig is how people who are on call are reached, and who may know.
type ContactConfig struct {
	ChatLink string `help:"Link to a person in your chat, with {chat} where the handle of the person goes, such as slack://user?team=T1&id={chat} or https://chat.example.org/direct/{chat}. The default is no link."`
	Contacts string `enum:"everyone,teams" default:"everyone" help:"Who can read emails, phone numbers and chat handles: everyone, or only who is in a team of the person (teams), the person and admins. The choice teams needs a sign-in."`
}

// contact says how people are reached, and who may know.
func (c *ContactConfig) contact(signsIn bool) (web.ChatLink, web.Contacts, error) {
	link, err := web.ParseChatLink(c.ChatLink)
	if err != nil {
		return link, "", fmt.Errorf("chat-link: %w", err)
	}
	if web.Contacts(c.Contacts) == web.ContactsTeams && !signsIn {
		return link, "", errors.New("contacts: without a sign-in nobody is known to be in a team, so teams would hide nothing; set --sign-in, or leave --contacts=everyone")
	}
	return link, web.Contacts(c.Contacts), nil
}
