//go:build linux

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// getReady asks for /readyz on a connection that is already there.
func getReady(ctx context.Context, conn net.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+conn.RemoteAddr().String()+"/readyz", http.NoBody)
	if err != nil {
		return err
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("/readyz of %s: %s", req.URL.Host, res.Status)
	}
	return nil
}
