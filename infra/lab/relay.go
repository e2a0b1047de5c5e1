//go:build linux

package main

import (
	"io"
	"net"
	"sync"
	"time"
)

// relay passes each connection of a listener outside on to an address inside, until the
// listener is closed. It is how a browser on this machine looks into the lab.
func relay(listener net.Listener, namespace, address string) {
	for {
		outside, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer outside.Close()
			var inside net.Conn
			enterErr := inNamespace(namespace, func() {
				inside, err = net.DialTimeout("tcp4", address, 5*time.Second) //nolint:noctx // it must not leave the thread
			})
			if enterErr != nil || err != nil {
				return
			}
			defer inside.Close()
			var both sync.WaitGroup
			both.Go(func() { pass(inside, outside) })
			both.Go(func() { pass(outside, inside) })
			both.Wait()
		}()
	}
}

// pass copies one direction, and says at its end that nothing more comes.
func pass(to, from net.Conn) {
	_, _ = io.Copy(to, from) // a broken connection is an end too
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
}
