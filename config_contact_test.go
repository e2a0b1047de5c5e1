package main

import (
	"strings"
	"testing"
)

func TestContactSettings(t *testing.T) {
	for _, c := range []struct {
		config  ContactConfig
		signsIn bool
		want    string // what the error names, "" for none
	}{
		{ContactConfig{Contacts: "everyone"}, false, ""},
		{ContactConfig{Contacts: "teams"}, true, ""},
		{ContactConfig{Contacts: "teams"}, false, "contacts: "},
		{ContactConfig{Contacts: "everyone", ChatLink: "slack://user?team=T1&id={chat}"}, false, ""},
		{ContactConfig{Contacts: "everyone", ChatLink: "javascript:alert({chat})"}, true, "chat-link: "},
	} {
		link, contacts, err := c.config.contact(c.signsIn)
		if c.want == "" && (err != nil || string(contacts) != c.config.Contacts || (link.To("ana") == "") != (c.config.ChatLink == "")) {
			t.Errorf("%+v: got %q, %v", c.config, contacts, err)
		}
		if c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%+v: got %v, want an error that begins with %s", c.config, err, c.want)
		}
	}
}
