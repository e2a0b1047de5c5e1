//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// A network is a switch and the cables to it: a bridge in a namespace of its own, and a
// pair of virtual interfaces for each host. No route leads out of it.
type network struct {
	name   string // of the lab
	prefix int
}

func (n network) namespace(host string) string { return n.name + "-" + host }

func (n network) switchNamespace() string { return n.namespace("switch") }

func namespacePath(namespace string) string { return "/run/netns/" + namespace }

// build makes the switch.
func (n network) build(ctx context.Context) error {
	ns := n.switchNamespace()
	return ip(ctx,
		"netns add "+ns,
		"-n "+ns+" link set lo up",
		"-n "+ns+" link add br0 type bridge",
		"-n "+ns+" link set br0 up",
	)
}

// attach makes a host's namespace and its cable. The host asks from the first of its
// addresses, unless a program says otherwise.
func (n network) attach(ctx context.Context, host string, addresses ...string) error {
	ns := n.namespace(host)
	err := ip(ctx,
		"netns add "+ns,
		"-n "+ns+" link set lo up",
		fmt.Sprintf("link add %s netns %s type veth peer name eth0 netns %s", host, n.switchNamespace(), ns),
		fmt.Sprintf("-n %s link set %s master br0 up", n.switchNamespace(), host),
	)
	for _, address := range addresses {
		err = errors.Join(err, ip(ctx, fmt.Sprintf("-n %s address add %s/%d dev eth0", ns, address, n.prefix)))
	}
	return errors.Join(err, ip(ctx, "-n "+ns+" link set eth0 up"))
}

// cable pulls a host's cable or plugs it in, at the switch: the host loses its carrier,
// as it would.
func (n network) cable(ctx context.Context, host string, in bool) error {
	state := "down"
	if in {
		state = "up"
	}
	return ip(ctx, fmt.Sprintf("-n %s link set %s %s", n.switchNamespace(), host, state))
}

// cut lets each of two hosts drop what it would send to the other; heal undoes it.
func (n network) cut(ctx context.Context, a, b *host) error {
	return ip(ctx,
		fmt.Sprintf("-n %s route replace blackhole %s/32", a.namespace, b.address),
		fmt.Sprintf("-n %s route replace blackhole %s/32", b.namespace, a.address))
}

func (n network) heal(ctx context.Context, a, b *host) error {
	return errors.Join(
		ip(ctx, fmt.Sprintf("-n %s route del blackhole %s/32", a.namespace, b.address)),
		ip(ctx, fmt.Sprintf("-n %s route del blackhole %s/32", b.namespace, a.address)))
}

// onlyOwn removes every address from a host but its own, as a boot would.
func (n network) onlyOwn(ctx context.Context, h *host) error {
	addresses, err := addressesIn(h.namespace)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		if a.Addr().Is4() && a.Addr().String() != h.address {
			if err := ip(ctx, fmt.Sprintf("-n %s address del %s dev eth0", h.namespace, a)); err != nil {
				return err
			}
		}
	}
	return nil
}

// ip runs ip once for each line, until one fails.
func ip(ctx context.Context, lines ...string) error {
	program, err := find("ip")
	if err != nil {
		return err
	}
	for _, line := range lines {
		out, err := exec.CommandContext(ctx, program, strings.Fields(line)...).CombinedOutput()
		if err != nil {
			return fmt.Errorf("ip %s: %w: %s", line, err, strings.TrimSpace(string(out)))
		}
	}
	return nil
}

// addressesIn gives the addresses of the interface eth0 of a namespace.
func addressesIn(namespace string) (found []netip.Prefix, err error) {
	enterErr := inNamespace(namespace, func() {
		var eth0 *net.Interface
		if eth0, err = net.InterfaceByName("eth0"); err != nil {
			return
		}
		var addresses []net.Addr
		if addresses, err = eth0.Addrs(); err != nil {
			return
		}
		for _, a := range addresses {
			var prefix netip.Prefix
			if prefix, err = netip.ParsePrefix(a.String()); err != nil {
				return
			}
			found = append(found, prefix)
		}
	})
	return found, errors.Join(enterErr, err)
}

// inNamespace calls do on a thread of its own whose network is that of a namespace. What
// do opens or starts there stays there; it must not start goroutines for it.
func inNamespace(namespace string, do func()) error {
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with the goroutine
		err := enter(namespace)
		if err == nil {
			do()
		}
		result <- err
	}()
	return <-result
}

// enter moves the calling thread into a namespace.
func enter(namespace string) error {
	file, err := os.Open(namespacePath(namespace))
	if err != nil {
		return err
	}
	defer file.Close()
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter the namespace %s: %w", namespace, err)
	}
	return nil
}
