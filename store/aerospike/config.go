package aerospike

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
)

// Scheme is how the URL of an Aerospike store begins.
const Scheme = "aerospike://"

// DefaultClusterName is the cluster-name of the servers where the URL names none.
const DefaultClusterName = "roster"

const defaultPort = 3000

// Config says where the cluster is. The zero value is no configuration; ParseURL
// makes one.
type Config struct {
	// Seeds are the nodes to begin with, host:port each; the others are learnt from
	// them. All nodes of the cluster belong here, so that one that is down when the
	// program starts is still shown as missing.
	Seeds []string
	// Namespace is where everything is kept.
	Namespace string
	// ClusterName is the servers' cluster-name. A server of another cluster is refused.
	ClusterName string
}

// ParseURL reads
//
//	aerospike://host:port,host:port,host:port/namespace?cluster=name
//
// where the port is 3000 and the cluster "roster" unless given, and an IPv6 address
// stands in brackets. Errors are for the person who wrote the configuration.
func ParseURL(raw string) (Config, error) {
	rest, ok := strings.CutPrefix(raw, Scheme)
	if !ok {
		return Config{}, fmt.Errorf("the store's URL begins with %s", Scheme)
	}
	rest, query, _ := strings.Cut(rest, "?")
	hosts, namespace, _ := strings.Cut(rest, "/")
	c := Config{Namespace: namespace, ClusterName: DefaultClusterName}
	if query != "" {
		name, ok := strings.CutPrefix(query, "cluster=")
		if !ok || name == "" || strings.ContainsAny(name, "&=;") {
			return Config{}, fmt.Errorf("the store's URL has %q after its ?; only cluster=name is known there", query)
		}
		c.ClusterName = name
	}
	for host := range strings.SplitSeq(hosts, ",") {
		seed, err := parseSeed(host)
		if err != nil {
			return Config{}, fmt.Errorf("the node %q in the store's URL: %w", host, err)
		}
		c.Seeds = append(c.Seeds, seed)
	}
	return c, c.Validate()
}

func parseSeed(s string) (string, error) {
	if s == "" {
		return "", errors.New("it is empty; write host:port")
	}
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = strings.Trim(s, "[]"), strconv.Itoa(defaultPort)
		if strings.Contains(host, ":") && !strings.HasPrefix(s, "[") {
			return "", errors.New("it is not host:port; an IPv6 address stands in brackets")
		}
	}
	if host == "" || strings.ContainsAny(host, "@/ ") {
		return "", errors.New("it is not host:port")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", fmt.Errorf("%q is not a port", port)
	}
	return net.JoinHostPort(host, port), nil
}

// maxNamespace is the longest name that the server takes, in bytes.
const maxNamespace = 31

// Validate refuses a configuration that names no node or no namespace.
func (c Config) Validate() error {
	switch {
	case len(c.Seeds) == 0:
		return errors.New("the store's URL names no node")
	case c.Namespace == "" || len(c.Namespace) > maxNamespace || strings.ContainsAny(c.Namespace, "/:; "):
		return fmt.Errorf("the store's URL ends with /namespace, 1 to %d characters, not with %q", maxNamespace, "/"+c.Namespace)
	case c.ClusterName == "":
		return errors.New("the cluster's name is empty")
	}
	return nil
}
