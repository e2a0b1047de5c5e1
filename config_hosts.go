package main

import (
	"fmt"
	"net/url"

	"dailyroster/handlers/web"
)

// HostConfig is the names by which people reach the site.
type HostConfig struct {
	PublicURL string   `help:"URL at which people reach the site, such as https://roster.example.org. Required if people sign in through an OpenID provider."`
	Hosts     []string `help:"Names by which people and programs reach the site, separated by commas and without ports, such as roster.example.org. Requests for another name get 421. IP addresses, localhost, and the hosts in --public-url and --listen need no mention."`
}

// hosts are the names that requests may have in their Host header. listen is where the program
// listens.
func (c *HostConfig) hosts(listen string) (web.Hosts, error) {
	hosts, err := web.ParseHosts(c.Hosts)
	if err != nil {
		return nil, fmt.Errorf("hosts: %w", err)
	}
	named := []string{listen}
	if c.PublicURL != "" {
		public, err := siteURL(c.PublicURL)
		if err != nil {
			return nil, fmt.Errorf("public-url: %w", err)
		}
		named = append(named, public.Host)
	}
	for _, host := range named {
		if name := web.HostName(host); name != "" {
			hosts = append(hosts, name)
		}
	}
	return hosts, nil
}

// siteURL reads the address of the whole of a site.
func siteURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil {
		return nil, fmt.Errorf("%q is not the address of a site; write it like https://roster.example.org", text)
	}
	return u, nil
}
