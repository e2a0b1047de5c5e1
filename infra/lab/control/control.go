// Package control is how programs ask a running lab for its state and do harm to it:
// the types both sides share, and the client's side.
//
// The lab listens on a unix socket and speaks JSON over HTTP: GET /state answers a
// State; POST /do takes an Order and answers 204 when it has been carried out.
// A refusal is a JSON object with a text, {"error":"…"}.
package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
)

// DefaultSocket is where a lab listens unless told otherwise.
const DefaultSocket = "/run/daily-roster-lab/control.sock"

// The edges: what holds the virtual IP.
const (
	Keepalived = "keepalived" // either front host, by VRRP
	HAProxy    = "haproxy"    // a host of its own, which passes requests to both nginx
)

// MailPort is where the hosts send mail to at State.ClientAddress. The lab itself has nobody
// there who takes it.
const MailPort = "2525"

// State is the topology and how it is now.
type State struct {
	VirtualIP       string `json:"virtual_ip"` // 192.168.64.100
	Edge            string `json:"edge"`       // Keepalived or HAProxy
	Store           string `json:"store"`      // the store URL that the apps were given
	ClientNamespace string `json:"client_namespace"`
	ClientAddress   string `json:"client_address"` // of a program in that namespace
	// CallerAddresses are further ones there, for programs that ask as many callers would.
	CallerAddresses []string `json:"caller_addresses"`
	InMemory        bool     `json:"in_memory"` // the hosts' files are not on a disk
	Hosts           []Host   `json:"hosts"`
}

// Host is one machine: a network namespace and the processes in it.
type Host struct {
	Name      string `json:"name"`      // front1
	Namespace string `json:"namespace"` // lab-front1, as ip netns knows it
	Address   string `json:"address"`   // 192.168.64.22
	Root      string `json:"root"`      // the folder its configuration was written to
	LinkUp    bool   `json:"link_up"`
	// HoldsVirtualIP tells whether the address is on the host's interface, reachable
	// or not.
	HoldsVirtualIP bool      `json:"holds_virtual_ip"`
	Processes      []Process `json:"processes"`
}

// Process is a program that the lab started on a host.
type Process struct {
	Name    string `json:"name"` // nginx, keepalived, haproxy, roster, asd
	PID     int    `json:"pid"`  // 0 when it does not run
	Running bool   `json:"running"`
	Frozen  bool   `json:"frozen"`
	// Supervised tells whether it is started again when it ends, and Restarts how often it was
	// since then.
	Supervised bool   `json:"supervised"`
	Restarts   int    `json:"restarts"`
	Log        string `json:"log"` // the file with what it prints
}

// Host gives the host of that name.
func (s State) Host(name string) (Host, bool) {
	for _, h := range s.Hosts {
		if h.Name == name {
			return h, true
		}
	}
	return Host{}, false
}

// Process gives the process of that name.
func (h Host) Process(name string) (Process, bool) {
	for _, p := range h.Processes {
		if p.Name == name {
			return p, true
		}
	}
	return Process{}, false
}

// Holders are the hosts that have the virtual IP now.
func (s State) Holders() []string {
	var names []string
	for _, h := range s.Hosts {
		if h.HoldsVirtualIP {
			names = append(names, h.Name)
		}
	}
	return names
}

// An Action is something that can be done to a lab.
type Action string

// The actions; the client's methods say what the first of them do.
const (
	Kill     Action = "kill"
	Stop     Action = "stop"
	Start    Action = "start"
	Freeze   Action = "freeze"
	Thaw     Action = "thaw"
	LinkDown Action = "link-down"
	LinkUp   Action = "link-up"
	Cut      Action = "cut"
	Heal     Action = "heal"
	HostDown Action = "host-down"
	HostUp   Action = "host-up"
	Wipe     Action = "wipe"

	// Supervise lets happen to a process what its unit says: it is started again when it ends by
	// itself, and ended when it gives no sign of life for as long as that may take. Leave undoes it.
	Supervise Action = "supervise"
	Leave     Action = "leave"
	// Disk puts all that a process has, which does not run, on a small disk of its own, until the
	// lab ends. Fill leaves no space on it, and Space gives that back.
	Disk  Action = "disk"
	Fill  Action = "fill"
	Space Action = "space"
	// Slow lets every packet to and from a host take longer, and a disk of a process's own take few
	// writes. Fast undoes it.
	Slow Action = "slow"
	Fast Action = "fast"
	// Clock lets the time of day of a process be ahead by so many seconds. The first time it must
	// not run.
	Clock Action = "clock"
	// Limit bounds the memory of a process, in bytes, until the lab ends: over it Linux ends it.
	Limit Action = "limit"
)

// Order asks for an action. Process is for what is done to one, Peer for Cut and Heal, Amount for
// Clock and Limit.
type Order struct {
	Action  Action `json:"action"`
	Host    string `json:"host"`
	Process string `json:"process,omitempty"`
	Peer    string `json:"peer,omitempty"`
	Amount  int64  `json:"amount,omitempty"`
}

// Client talks to a running lab. Each method returns when the thing is done, or with
// the reason for which it was not.
type Client struct {
	http   *http.Client
	socket string
}

// NewClient makes a client of the lab that listens on socket; "" means DefaultSocket.
func NewClient(socket string) *Client {
	if socket == "" {
		socket = DefaultSocket
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}
	return &Client{http: &http.Client{Transport: &http.Transport{DialContext: dial}}, socket: socket}
}

// State asks how the lab is now.
func (c *Client) State(ctx context.Context) (State, error) {
	var s State
	return s, c.call(ctx, http.MethodGet, "/state", nil, &s)
}

// Kill ends a process at once (SIGKILL). Nothing starts it again but Start and HostUp.
func (c *Client) Kill(ctx context.Context, host, process string) error {
	return c.Do(ctx, Order{Action: Kill, Host: host, Process: process})
}

// Stop asks a process to end (SIGTERM) and waits until it has.
func (c *Client) Stop(ctx context.Context, host, process string) error {
	return c.Do(ctx, Order{Action: Stop, Host: host, Process: process})
}

// Start starts a process that does not run, with the files that it left. It returns
// when the process runs, which is before it serves.
func (c *Client) Start(ctx context.Context, host, process string) error {
	return c.Do(ctx, Order{Action: Start, Host: host, Process: process})
}

// Freeze stops a process without ending it (SIGSTOP): its connections stay open and
// nothing answers.
func (c *Client) Freeze(ctx context.Context, host, process string) error {
	return c.Do(ctx, Order{Action: Freeze, Host: host, Process: process})
}

// Thaw lets a frozen process go on (SIGCONT).
func (c *Client) Thaw(ctx context.Context, host, process string) error {
	return c.Do(ctx, Order{Action: Thaw, Host: host, Process: process})
}

// LinkDown pulls a host's cable; what runs there runs on.
func (c *Client) LinkDown(ctx context.Context, host string) error {
	return c.Do(ctx, Order{Action: LinkDown, Host: host})
}

// LinkUp plugs it in again.
func (c *Client) LinkUp(ctx context.Context, host string) error {
	return c.Do(ctx, Order{Action: LinkUp, Host: host})
}

// Cut lets two hosts lose each other, both ways, while both see all the others.
func (c *Client) Cut(ctx context.Context, a, b string) error {
	return c.Do(ctx, Order{Action: Cut, Host: a, Peer: b})
}

// Heal undoes Cut.
func (c *Client) Heal(ctx context.Context, a, b string) error {
	return c.Do(ctx, Order{Action: Heal, Host: a, Peer: b})
}

// HostDown is the loss of a host: its cable is pulled and all its processes are killed.
func (c *Client) HostDown(ctx context.Context, host string) error {
	return c.Do(ctx, Order{Action: HostDown, Host: host})
}

// HostUp brings a host back: its cable, and every process that does not run.
func (c *Client) HostUp(ctx context.Context, host string) error {
	return c.Do(ctx, Order{Action: HostUp, Host: host})
}

// Wipe takes from a process that does not run all data that it has on its disk, as if the host had
// got an empty one. Its configuration stays.
func (c *Client) Wipe(ctx context.Context, host, process string) error {
	return c.Do(ctx, Order{Action: Wipe, Host: host, Process: process})
}

// Do carries out an order.
func (c *Client) Do(ctx context.Context, o Order) error {
	return c.call(ctx, http.MethodPost, "/do", o, nil)
}

// Refusal is the body of an answer that is not the one that was asked for.
type Refusal struct {
	Error string `json:"error"`
}

func (c *Client) call(ctx context.Context, method, path string, send, receive any) error {
	var body io.Reader
	if send != nil {
		text, err := json.Marshal(send)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://lab"+path, body)
	if err != nil {
		return err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return fmt.Errorf("no lab answers at %s (go tool task lab starts one): %w", c.socket, err)
	}
	defer res.Body.Close()
	if res.StatusCode >= http.StatusMultipleChoices {
		var refused Refusal
		if err := json.NewDecoder(res.Body).Decode(&refused); err != nil || refused.Error == "" {
			return fmt.Errorf("the lab answered %s", res.Status)
		}
		return errors.New(refused.Error)
	}
	if receive == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(receive)
}
