//go:build linux

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"dailyroster/infra/lab/control"
)

// serveControl answers orders on a unix socket until the server is closed.
func (l *lab) serveControl(ctx context.Context, socket string) (*http.Server, error) {
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "unix", socket)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /state", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(l.state()); err != nil {
			l.tell("control: %v", err)
		}
	})
	mux.HandleFunc("POST /do", func(w http.ResponseWriter, r *http.Request) {
		var order control.Order
		err := json.NewDecoder(r.Body).Decode(&order)
		if err == nil {
			err = l.do(r.Context(), order)
		}
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusConflict)
		if err := json.NewEncoder(w).Encode(control.Refusal{Error: err.Error()}); err != nil {
			l.tell("control: %v", err)
		}
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }() // it ends when it is closed
	return server, nil
}

func (l *lab) state() control.State {
	s := control.State{
		VirtualIP: l.plan.virtualIP, Edge: l.options.Edge, Store: l.store(),
		ClientNamespace: l.network.namespace("client"), ClientAddress: clientAddress,
		CallerAddresses: callerAddresses(), InMemory: l.options.Memory,
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range l.hosts {
		host := control.Host{Name: h.name, Namespace: h.namespace, Address: h.address, Root: h.root, LinkUp: h.linkUp}
		if addresses, err := addressesIn(h.namespace); err == nil {
			for _, a := range addresses {
				host.HoldsVirtualIP = host.HoldsVirtualIP || a.Addr().String() == l.plan.virtualIP
			}
		}
		for _, p := range h.processes {
			host.Processes = append(host.Processes, p.state())
		}
		s.Hosts = append(s.Hosts, host)
	}
	return s
}

func (l *lab) host(name string) (*host, error) {
	i := slices.IndexFunc(l.hosts, func(h *host) bool { return h.name == name })
	if i < 0 {
		return nil, fmt.Errorf("no host is named %q", name)
	}
	return l.hosts[i], nil
}

// do carries out an order.
func (l *lab) do(ctx context.Context, o control.Order) error {
	h, err := l.host(o.Host)
	if err != nil {
		return err
	}
	if o.Process != "" {
		p, err := h.process(o.Process)
		if err != nil {
			return err
		}
		return doProcess(ctx, p, o)
	}
	switch o.Action {
	case control.Slow, control.Fast:
		return l.setSlow(ctx, h, o.Action == control.Slow)
	case control.Cut, control.Heal:
		peer, err := l.host(o.Peer)
		if err != nil {
			return err
		}
		if o.Action == control.Cut {
			return l.network.cut(ctx, h, peer)
		}
		return l.network.heal(ctx, h, peer)
	case control.LinkDown:
		return l.cable(ctx, h, false)
	case control.LinkUp:
		return l.cable(ctx, h, true)
	case control.HostDown:
		return l.hostDown(ctx, h)
	case control.HostUp:
		return l.hostUp(ctx, h)
	default:
		return fmt.Errorf("no action on a host is named %q", o.Action)
	}
}

// doProcess does to a process what is ordered.
func doProcess(ctx context.Context, p *process, o control.Order) error {
	switch o.Action {
	case control.Kill:
		return p.kill(ctx)
	case control.Stop:
		return p.stop(ctx)
	case control.Start:
		return p.start(ctx)
	case control.Freeze:
		return p.freeze()
	case control.Thaw:
		return p.thaw()
	case control.Wipe:
		return p.wipe()
	case control.Supervise, control.Leave:
		return p.supervise(o.Action == control.Supervise)
	case control.Disk:
		return p.disk(ctx)
	case control.Fill:
		return p.fill(ctx)
	case control.Space:
		return p.space(ctx)
	case control.Clock:
		return p.setClock(o.Amount)
	case control.Limit:
		return p.bound(memoryBound(o.Amount))
	default:
		return fmt.Errorf("no action on a process is named %q", o.Action)
	}
}

// setSlow lets a host have a slow cable and, where a process of it has one of its own, a slow disk.
func (l *lab) setSlow(ctx context.Context, h *host, slow bool) (err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if slow == (h.detour != nil) {
		return nil
	}
	if slow {
		h.detour, err = l.network.slow(ctx, h.name, slowDelay)
	} else {
		err = l.network.fast(ctx, h.name, h.detour)
		h.detour = nil
	}
	for _, p := range h.processes {
		err = errors.Join(err, p.slowDisk(slow))
	}
	return err
}

func (l *lab) cable(ctx context.Context, h *host, in bool) error {
	if err := l.network.cable(ctx, h.name, in); err != nil {
		return err
	}
	l.mu.Lock()
	h.linkUp = in
	l.mu.Unlock()
	return nil
}

// hostDown is what the loss of power is to the others: the cable is silent first, then
// every process is gone, and the virtual IP with them.
func (l *lab) hostDown(ctx context.Context, h *host) error {
	if err := l.cable(ctx, h, false); err != nil {
		return err
	}
	for _, p := range slices.Backward(h.processes) {
		if pid := p.running(); pid != 0 {
			if err := p.kill(ctx); err != nil {
				return err
			}
		}
	}
	return l.network.onlyOwn(ctx, h)
}

// hostUp is a boot.
func (l *lab) hostUp(ctx context.Context, h *host) error {
	if err := l.cable(ctx, h, true); err != nil {
		return err
	}
	for _, p := range h.processes {
		if pid := p.running(); pid == 0 {
			if err := p.start(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}
