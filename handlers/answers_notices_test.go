package handlers_test

import (
	"context"
	"errors"
	"strings"
	"time"

	"dailyroster/notify"
	"dailyroster/roster"
	"dailyroster/roster/notice"
	"dailyroster/telling"
)

// testWays take every message, but for one to an address that says that it is refused. How
// messages leave the house is held by the tests of package notify, and with real receivers by
// those of the lab.
func testWays() telling.Ways {
	take := func(to string) error {
		if strings.Contains(to, "refused") {
			return errors.New("550 no such mailbox")
		}
		return nil
	}
	return telling.Ways{
		Email:   func(_ context.Context, to string, _ notify.Message) error { return take(to) },
		Webhook: func(_ context.Context, url, _ string, _ notify.Message) error { return take(url) },
		Chat:    func(_ context.Context, url string, _ notify.Message) error { return take(url) },
		Check: func(way notice.Way, address string) error {
			if way == notice.WayChat {
				return notify.CheckChatURL(address)
			}
			guard, err := notify.NewGuard(nil)
			if err != nil {
				return err
			}
			return notify.NewWebhooks(guard, time.Now).Check(address)
		},
	}
}

// askNotices makes channels and wishes, tests them, and takes them back.
func askNotices(r *record) {
	r.get("/teams/ops/notices")
	r.get("/people/ana-ruiz/notices")
	r.post("/teams/ops/notices/channels", "name=Builds&way=webhook&address=https://hooks.example.org/secret&kind=now&kind=gap")
	r.post("/teams/ops/notices/channels", "name=%23ops&way=chat&address=ntfy://ntfy.example.org/secret&kind=now")
	r.post("/teams/ops/notices/channels", "name=List&way=email&address=refused@example.org&kind=week")
	r.post("/teams/ops/notices/channels", "name=&way=pigeon&address=&kind=never")
	r.post("/teams/ops/notices/channels", "name=X&way=webhook&address=http://hooks.example.org/x&kind=now")
	r.post("/teams/ops/notices/channels", "name=X&way=webhook&address=https://127.0.0.1/x&kind=now")
	r.post("/teams/ops/notices/channels", "name=X&way=chat&address=script://x&kind=now")
	r.post("/teams/ops/notices/channels", "name=X&way=email&address=nobody&kind=now")
	r.post("/people/ana-ruiz/notices/channels", "name=Phone&way=chat&address=ntfy://ntfy.example.org/ana&kind=coming")
	r.post("/people/ana-ruiz/notices/channels", "name=Phone&way=email&address=ana@example.org&kind=coming")
	r.post("/people/none/notices/channels", "name=Phone&way=chat&address=ntfy://ntfy.example.org/ana&kind=coming")
	r.get("/teams/ops/notices")
	for _, c := range r.channels() {
		page := "/people/" + string(c.Person) + "/notices"
		if c.Team != "" {
			page = "/teams/" + string(c.Team) + "/notices"
		}
		r.post(page+"/"+string(c.ID)+"/test", "")
		r.post("/teams/web/notices/"+string(c.ID)+"/test", "")
		r.post("/teams/web/notices/"+string(c.ID)+"/remove", "")
		r.post(page+"/"+string(c.ID)+"/remove", "")
		r.post(page+"/"+string(c.ID)+"/remove", "")
	}
	r.post("/teams/ops/notices/x/test", "")
	r.post("/people/ana-ruiz/notices", "kind=coming&kind=now&lead=1440&lead=60")
	person, err := r.store.Person(r.t.Context(), "ana-ruiz")
	if err != nil {
		r.t.Fatal(err)
	}
	r.post("/people/ana-ruiz/notices", "kind=coming&kind=now&lead=1440&lead=60&revision="+string(person.Revision))
	r.post("/people/ana-ruiz/notices", "kind=coming&lead=x&revision="+string(person.Revision))
	r.post("/people/ana-ruiz/notices", "kind=coming&lead=1&revision="+string(person.Revision))
	r.post("/people/ana-ruiz/notices", "kind=coming&revision="+string(person.Revision))
	r.post("/people/ana-ruiz/notices/test", "")
	r.get("/people/ana-ruiz/notices")

	r.get("/groups")
	r.post("/groups", "name=On+call&address=S0123ABCDEF&feeds=ops%0D%0Aweb+lead")
	r.post("/groups", "name=&address=ops&feeds=ops")
	r.post("/groups", "name=On+call&address=S0123ABCDEF&feeds=nowhere+primary")
	r.get("/groups")
	for _, c := range r.channels() {
		if c.Way == notice.WayGroup {
			r.post("/groups/"+string(c.ID)+"/remove", "")
		}
	}
	r.post("/groups/x/remove", "")

	told := notice.Record{
		ID: notice.NewID("told"), Day: notice.DayOf(r.now()), Kind: roster.NoticeNow, Team: "ops", Person: "ana-ruiz", To: "ana@example.org",
		Subject: "You are on call now: Ops (Primary)", Due: r.now(), State: notice.StateSent, Ended: r.now(), Tries: 2, Stop: "secret", Revision: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
	}
	if err := r.store.PutNotice(r.t.Context(), told, ""); err != nil {
		r.t.Fatal(err)
	}
	r.get("/teams/ops/notices")
	link := notice.UnsubscribePath + "/ops/" + told.Day.String() + "/" + string(told.ID) + "/"
	r.get(link + "guess")
	r.get(notice.UnsubscribePath + "/ops/soon/x/secret")
	r.get(link + "secret")
	r.post(link+"secret", "List-Unsubscribe=One-Click")
	r.get(link + "secret")
	r.get("/people/ana-ruiz/notices")
}

// channels are those that were made.
func (r *record) channels() []notice.Channel {
	r.t.Helper()
	all, err := r.store.Channels(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}
