//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// slowDelay is how long each packet to or from a slow host is under way.
const slowDelay = 40 * time.Millisecond

// A detour is where the packets of a host go while its cable is slow: out of the switch, and back
// into it some time later.
type detour struct {
	delay   time.Duration
	sockets [2]int
	done    chan struct{}
	both    sync.WaitGroup
}

// slow lets every packet to and from a host take that much longer. At the switch its cable ends in
// this program, from which another leads on.
func (n network) slow(ctx context.Context, host string, delay time.Duration) (*detour, error) {
	ns := n.switchNamespace()
	err := ip(ctx,
		fmt.Sprintf("-n %s link add %s-far type veth peer name %s-near", ns, host, host),
		fmt.Sprintf("-n %s link set %s nomaster", ns, host),
		fmt.Sprintf("-n %s link set %s-near up", ns, host),
		fmt.Sprintf("-n %s link set %s-far master br0 up", ns, host),
	)
	if err != nil {
		return nil, err
	}
	d := &detour{delay: delay, done: make(chan struct{})}
	enterErr := inNamespace(ns, func() {
		for i, name := range []string{host, host + "-near"} {
			if d.sockets[i], err = packets(name); err != nil {
				return
			}
		}
	})
	if err := errors.Join(enterErr, err); err != nil {
		return nil, err
	}
	d.both.Go(func() { d.carry(d.sockets[0], d.sockets[1]) })
	d.both.Go(func() { d.carry(d.sockets[1], d.sockets[0]) })
	return d, nil
}

// fast undoes slow.
func (n network) fast(ctx context.Context, host string, d *detour) error {
	ns := n.switchNamespace()
	err := ip(ctx,
		fmt.Sprintf("-n %s link set %s master br0", ns, host),
		fmt.Sprintf("-n %s link del %s-far", ns, host),
	)
	close(d.done)
	d.both.Wait()
	for _, socket := range d.sockets {
		err = errors.Join(err, unix.Close(socket))
	}
	return err
}

const (
	mostFrame   = 1<<16 + 64             // bytes: packets that the kernel has not cut yet, with what it says of them
	mostUnder   = 4096                   // frames under way; what is more is lost, as in a cable
	packetPause = 100 * time.Millisecond // after which it is looked whether the detour is over
)

// packets opens a socket for all that passes an interface, as its frames are: with what the kernel
// has not done yet, such as the sum that it leaves to the card.
func packets(name string) (int, error) {
	card, err := net.InterfaceByName(name)
	if err != nil {
		return 0, err
	}
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_RAW|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("packets of %s: %w", name, err)
	}
	const all = unix.ETH_P_ALL<<8&0xff00 | unix.ETH_P_ALL>>8 // in the order of the network
	timeout := unix.NsecToTimeval(packetPause.Nanoseconds())
	err = errors.Join(
		unix.SetsockoptInt(socket, unix.SOL_PACKET, unix.PACKET_VNET_HDR, 1),
		unix.SetsockoptInt(socket, unix.SOL_PACKET, unix.PACKET_IGNORE_OUTGOING, 1),
		unix.SetsockoptPacketMreq(socket, unix.SOL_PACKET, unix.PACKET_ADD_MEMBERSHIP, &unix.PacketMreq{Ifindex: int32(card.Index), Type: unix.PACKET_MR_PROMISC}),
		unix.SetsockoptTimeval(socket, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &timeout),
		unix.Bind(socket, &unix.SockaddrLinklayer{Protocol: all, Ifindex: card.Index}),
	)
	if err != nil {
		return 0, errors.Join(fmt.Errorf("packets of %s: %w", name, err), unix.Close(socket))
	}
	return socket, nil
}

// A frame is a packet under way.
type frame struct {
	due  time.Time
	data []byte
}

// carry passes what comes at one socket on to another, some time later and in order.
func (d *detour) carry(from, to int) {
	under := make(chan frame, mostUnder)
	var sender sync.WaitGroup
	sender.Go(func() {
		for f := range under {
			time.Sleep(time.Until(f.due))
			_, _ = unix.Write(to, f.data) // a packet may be lost
		}
	})
	defer sender.Wait()
	defer close(under)
	buffer := make([]byte, mostFrame)
	for {
		select {
		case <-d.done:
			return
		default:
		}
		n, err := unix.Read(from, buffer)
		if err != nil {
			continue // nothing came, or the interface is away for a moment
		}
		select {
		case under <- frame{time.Now().Add(d.delay), append([]byte(nil), buffer[:n]...)}:
		default:
		}
	}
}
