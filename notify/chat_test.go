package notify

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestGenericChat(t *testing.T) {
	var got string
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = string(body)
	}))
	defer receiver.Close()
	host := strings.TrimPrefix(receiver.URL, "http://")
	c, err := NewChats(guardFor(t, host), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Send(t.Context(), "generic://"+host+"/hook?disabletls=yes", testMessage()); err != nil {
		t.Fatal(err)
	}
	if got != testMessage().Text {
		t.Errorf("got %q, want the text", got)
	}
}
