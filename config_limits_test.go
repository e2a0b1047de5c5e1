package main

import "testing"

func TestLimitSettings(t *testing.T) {
	for _, c := range []LimitConfig{{EditsPerSecond: -1}, {AtOnce: -1}, {MaxPeople: -5}, {TrustProxies: []string{"somewhere"}}} {
		if _, err := c.limits(); err == nil {
			t.Errorf("%+v: got no error", c)
		}
	}
	l, err := (&LimitConfig{EditsPerSecond: 3, TrustProxies: []string{"192.0.2.7", "2001:db8::/32"}}).limits()
	if err != nil || l.EditsPerSecond != 3 || len(l.Proxies) != 2 {
		t.Errorf("got %+v, %v", l, err)
	}
}
