// Provider is an OpenID provider for the tests: the certified library of ZITADEL with its
// storage in memory, as a process of its own on loopback. It prints its issuer, and is
// told by the first line of its input where people may be sent back to.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// The client that the roster is here.
const (
	clientID     = "roster"
	clientSecret = "of-the-test"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "provider:", err)
		os.Exit(1)
	}
}

func run() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	issuer := "http://" + listener.Addr().String()
	fmt.Println(issuer)
	redirect, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil {
		return errors.New("the first line of the input says where people may be sent back to")
	}
	storage.RegisterClients(storage.WebClient(clientID, clientSecret, strings.TrimSpace(redirect)))
	keeper := withGroups{storage.NewStorage(users{})}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	server := &http.Server{
		Handler:           exampleop.SetupServer(issuer, keeper, log, false, op.WithLogger(log)),
		ReadHeaderTimeout: 5 * time.Second,
	}
	return server.Serve(listener)
}

// users are who can sign in. Their password is the user's name.
type users struct{}

var _ storage.UserStore = users{}

func everybody() []*storage.User {
	return []*storage.User{
		{ID: "id-ana", Username: "ana", Password: "ana", FirstName: "Ana", LastName: "Ruiz", Email: "ana@example.org", EmailVerified: true},
		{ID: "id-bo", Username: "bo", Password: "bo", FirstName: "Bo", LastName: "Chen", Email: "bo@example.org", EmailVerified: true},
		// Who says to be the boss, and nobody has checked it.
		{ID: "id-mallory", Username: "mallory", Password: "mallory", FirstName: "Mallory", LastName: "M", Email: "boss@example.org"},
	}
}

func (users) GetUserByID(id string) *storage.User {
	for _, u := range everybody() {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (users) GetUserByUsername(name string) *storage.User { return users{}.GetUserByID("id-" + name) }

func (users) ExampleClientID() string { return "service" }

// withGroups adds the claim groups, which is not of the standard and which providers of
// companies have.
type withGroups struct{ *storage.Storage }

var _ op.CanSetUserinfoFromRequest = withGroups{}

func groupsOf(id string) []string {
	return map[string][]string{"id-ana": {"everybody", "daily-roster"}, "id-bo": {"everybody"}}[id]
}

// SetUserinfoFromToken answers the userinfo endpoint.
func (s withGroups) SetUserinfoFromToken(ctx context.Context, info *oidc.UserInfo, tokenID, subject, origin string) error {
	if err := s.Storage.SetUserinfoFromToken(ctx, info, tokenID, subject, origin); err != nil {
		return err
	}
	info.AppendClaims("groups", groupsOf(subject))
	return nil
}
