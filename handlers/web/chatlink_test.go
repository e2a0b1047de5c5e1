package web_test

import (
	"testing"

	"dailyroster/handlers/web"
)

func TestChatLink(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ pattern, handle, want string }{
		{"", "ana", ""},
		{"https://chat.example.org/direct/{chat}", "", ""},
		{"https://chat.example.org/direct/{chat}", "ana", "https://chat.example.org/direct/ana"},
		{"https://chat.example.org/direct/{chat}", "жанна", "https://chat.example.org/direct/%D0%B6%D0%B0%D0%BD%D0%BD%D0%B0"},
		{"slack://user?team=T1&id={chat}", "U02+=@~", "slack://user?team=T1&id=U02%2B%3D%40~"},
		{"https://matrix.to/#/{chat}", "@ana:example.org", "https://matrix.to/#/@ana:example.org"},
		{"https://teams.example.org/l/chat?x=1#{chat}", "a+b", "https://teams.example.org/l/chat?x=1#a+b"},
		{"SIP:{chat}@example.org", "ana", "SIP:ana@example.org"},
	} {
		link, err := web.ParseChatLink(tt.pattern)
		if err != nil {
			t.Errorf("%s: got %v, want none", tt.pattern, err)
		}
		if got := link.To(tt.handle); got != tt.want {
			t.Errorf("%s to %q: got %q, want %q", tt.pattern, tt.handle, got, tt.want)
		}
	}
	for _, pattern := range []string{
		"https://chat.example.org/", "https://chat.example.org/{chat}/{chat}", "chat.example.org/{chat}", "/direct/{chat}", "{chat}", "{chat}:x",
		"javascript:alert({chat})", "JavaScript:{chat}", "data:text/html,{chat}", "vbscript:{chat}", " javascript:{chat}", "java\nscript:{chat}",
		"https://{chat}.example.org/", "https://{chat}", "https://a@{chat}/", "https://chat.example.org/a b/{chat}", "https://chat.example.org/\"{chat}", "https://chat.example.org/%zz/{chat}",
	} {
		if _, err := web.ParseChatLink(pattern); err == nil {
			t.Errorf("%q: got no error", pattern)
		}
	}
}
