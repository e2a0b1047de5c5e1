//go:build linux

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"dailyroster/infra/lab/control"
)

const readyWithin = 60 * time.Second

// options are what a lab can be asked to be.
type options struct {
	With   string   `default:"ansible" enum:"ansible,salt" help:"What configures the hosts: ${enum}."`
	Edge   string   `default:"keepalived" enum:"keepalived,haproxy" help:"What holds the virtual IP: ${enum}."`
	Store  string   `default:"aerospike" enum:"aerospike,bolt" help:"Where rosters are kept: in a cluster of three hosts, or in a file of each front host (the two then differ)."`
	ASD    string   `name:"asd" env:"ASD" default:"asd" help:"The Aerospike server."`
	Roster string   `help:"The program; bin/roster if not given, which go tool task build makes."`
	Page   string   `default:"127.0.0.1:8088" help:"Where on this machine the page is shown; with port 0 a free one is taken."`
	Socket string   `help:"The control socket; below /run if not given."`
	Memory bool     `help:"Keep the hosts' files in memory, for a machine whose disk is slow to ask. Aerospike's direct writes need Linux 6.6 for that."`
	Set    []string `sep:"none" placeholder:"VARIABLE=VALUE" help:"Another value for a variable of a role, such as aerospike_min_cluster_size=1, to see what it is good for."`
}

func (o options) haproxy() bool { return o.Edge == control.HAProxy }

func (o options) aerospike() bool { return o.Store == "aerospike" }

// lab is a running lab.
type lab struct {
	name    string
	options options
	plan    plan
	network network
	record  record
	out     io.Writer

	mu    sync.Mutex // for the cables
	hosts []*host
}

type upCmd struct {
	options
}

func (u upCmd) Run(ctx context.Context, c *commands) error {
	if err := needRoot(); err != nil {
		return err
	}
	u.Socket = c.socket(u.Socket)
	l := &lab{name: c.Name, options: u.options, out: os.Stdout}
	return l.run(ctx)
}

// tell prints a line for the person who watches.
func (l *lab) tell(format string, args ...any) {
	fmt.Fprintf(l.out, "%s  %s\n", time.Now().Format("15:04:05.000"), fmt.Sprintf(format, args...))
}

// run builds the lab, keeps it until ctx ends, and removes it.
func (l *lab) run(ctx context.Context) (err error) {
	if err := missing(needs(l.options)); err != nil {
		return err
	}
	infra, err := infraFolder()
	if err != nil {
		return err
	}
	if err := l.findPrograms(infra); err != nil {
		return err
	}
	if err := l.clear(ctx); err != nil {
		return err
	}
	page, err := l.listen(ctx)
	if err != nil {
		return err
	}
	defer page.Close()
	defer func() {
		if ctx.Err() != nil {
			err = nil // it was interrupted, and what came of that is no error
		}
		// A second interrupt does not keep it from removing everything.
		err = errors.Join(err, l.remove(context.WithoutCancel(ctx)))
	}()
	if err := l.build(ctx, infra); err != nil {
		return err
	}
	if err := l.startAll(ctx); err != nil {
		return err
	}
	server, err := l.serveControl(ctx, l.options.Socket)
	if err != nil {
		return err
	}
	defer server.Close()
	go relay(page, l.network.namespace("client"), net.JoinHostPort(l.plan.virtualIP, "80"))
	l.tell("the page, through the virtual IP %s: http://%s/", l.plan.virtualIP, page.Addr())
	l.tell("orders are taken at %s; Ctrl-C removes everything", l.options.Socket)
	<-ctx.Done()
	l.tell("removing everything")
	return nil
}

// listen takes the address of the page before anything is built.
func (l *lab) listen(ctx context.Context) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", l.options.Page)
	if err != nil {
		return nil, fmt.Errorf("--page: %w", err)
	}
	return listener, nil
}

// findPrograms turns the programs that were named into absolute paths.
func (l *lab) findPrograms(infra string) (err error) {
	if l.options.aerospike() {
		if l.options.ASD, err = find(l.options.ASD); err != nil {
			return err
		}
	}
	if l.options.Roster == "" {
		l.options.Roster = filepath.Join(filepath.Dir(infra), "bin", "roster")
	}
	if l.options.Roster, err = filepath.Abs(l.options.Roster); err != nil {
		return err
	}
	if _, err := os.Stat(l.options.Roster); err != nil {
		return fmt.Errorf("no program at %s: go tool task build makes one", l.options.Roster)
	}
	return nil
}

// clear makes place: what a lab of this name left goes, one that runs stays.
func (l *lab) clear(ctx context.Context) error {
	r, err := readRecord(l.name)
	if err != nil {
		return err
	}
	if r == nil {
		return nil
	}
	if r.Lab.lives() {
		return fmt.Errorf("a lab of the name %q runs already, as process %d", l.name, r.Lab.PID)
	}
	l.tell("removing what a lab left that crashed")
	return removeLeftovers(ctx, l.name)
}

func (l *lab) remove(ctx context.Context) error {
	for _, h := range l.hosts {
		for _, p := range h.processes {
			p.abandon()
		}
	}
	for _, h := range l.hosts {
		h.end()
	}
	return removeLeftovers(ctx, l.name)
}

func (l *lab) root(host string) string { return filepath.Join(hostsFolder(l.name), host) }

// build makes namespaces, cables and the hosts' files.
func (l *lab) build(ctx context.Context, infra string) error {
	for _, folder := range []string{runFolder(l.name), hostsFolder(l.name)} {
		// nginx's workers are not root, and read below it.
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	if l.options.Memory {
		if err := unix.Mount("tmpfs", hostsFolder(l.name), "tmpfs", 0, "mode=0755"); err != nil {
			return fmt.Errorf("--memory: %w", err)
		}
	}
	l.network = network{name: l.name}
	var tool configurer = ansible{infra: infra, folder: runFolder(l.name), namespace: l.network.namespace("client")}
	if l.options.With == "salt" {
		tool = salt{infra: infra, folder: runFolder(l.name), namespace: l.network.namespace("client")}
	}
	var err error
	if l.plan, err = tool.plan(ctx, l.options); err != nil {
		return err
	}
	l.network.prefix = l.plan.prefix
	if l.record.Lab, err = recordOf(os.Getpid()); err != nil {
		return err
	}
	l.record.Namespaces = []string{l.network.switchNamespace(), l.network.namespace("client")}
	for _, h := range l.plan.hosts() {
		l.record.Namespaces = append(l.record.Namespaces, l.network.namespace(h.name))
		l.hosts = append(l.hosts, &host{
			name: h.name, address: h.address, namespace: l.network.namespace(h.name), root: l.root(h.name), linkUp: true,
		})
	}
	if err := l.record.write(l.name); err != nil {
		return err
	}

	l.tell("a network of %d hosts", len(l.hosts))
	if err := l.network.build(ctx); err != nil {
		return err
	}
	if err := l.network.attach(ctx, "client", append([]string{clientAddress}, callerAddresses()...)...); err != nil {
		return err
	}
	spawner := newSpawner()
	for _, h := range l.hosts {
		if err := l.network.attach(ctx, h.name, h.address); err != nil {
			return err
		}
		for _, folder := range []string{"run", "var/log", "var/lib/roster"} {
			if err := os.MkdirAll(filepath.Join(h.root, folder), 0o755); err != nil {
				return err
			}
		}
		if err := spawner.boot(h); err != nil {
			return err
		}
		first, err := recordOf(h.first.Process.Pid)
		if err != nil {
			return err
		}
		l.record.Processes = append(l.record.Processes, first)
		if err := l.record.write(l.name); err != nil {
			return err
		}
	}
	if l.options.haproxy() {
		edge := l.network.namespace(l.plan.edge[0].name)
		if err := ip(ctx, fmt.Sprintf("-n %s address add %s/%d dev eth0", edge, l.plan.virtualIP, l.plan.prefix)); err != nil {
			return err
		}
	}

	l.tell("their configuration, by %s, from %s", l.options.With, infra)
	return tool.apply(ctx, l.plan, l.options, l.root)
}

// startAll starts every process: the database, and when it is one cluster the rest.
func (l *lab) startAll(ctx context.Context) error {
	if err := l.addProcesses(); err != nil {
		return err
	}
	started := time.Now()
	for i, h := range l.hosts {
		if i == len(l.plan.database) && i > 0 {
			l.tell("waiting for the cluster of %d", i)
			if err := l.waitCluster(ctx); err != nil {
				return err
			}
		}
		for _, p := range h.processes {
			if err := p.start(ctx); err != nil {
				return err
			}
		}
	}
	if err := l.waitReady(ctx); err != nil {
		return err
	}
	l.tell("every process runs, and the page answers, after %s", time.Since(started).Round(10*time.Millisecond))
	for _, h := range l.hosts {
		var names []string
		for _, p := range h.processes {
			names = append(names, p.name)
		}
		l.tell("  %-7s %-15s %s", h.name, h.address, strings.Join(names, ", "))
	}
	return nil
}

// addProcesses says what runs on each host.
func (l *lab) addProcesses() error {
	groups := []struct {
		hosts []planned
		names []string
	}{
		{l.plan.database, []string{"asd"}},
		{l.plan.front, []string{"roster", "nginx"}},
		{l.plan.edge, []string{"haproxy"}},
	}
	if !l.options.haproxy() {
		groups[1].names = append(groups[1].names, "keepalived")
	}
	for _, group := range groups {
		for _, planned := range group.hosts {
			h, err := l.host(planned.name)
			if err != nil {
				return err
			}
			for _, name := range group.names {
				p, err := l.newProcess(h, name)
				if err != nil {
					return err
				}
				h.processes = append(h.processes, p)
			}
		}
	}
	return nil
}

// newProcess is what systemd would know of a service, with its program in the foreground.
func (l *lab) newProcess(h *host, name string) (*process, error) {
	in := func(path string) string { return filepath.Join(h.root, path) }
	u, err := readUnit(in("etc/systemd/system/"+name+".service"), in("etc/systemd/system/aerospike.service.d/restart.conf"),
		in("etc/systemd/system/"+name+".service.d/edge.conf"), in("etc/roster/"+name+".env"))
	if err != nil {
		return nil, err
	}
	program := func(name string) string {
		path, err := find(name)
		if err != nil {
			return name // starting it will say so
		}
		return path
	}
	var argv []string
	switch name {
	case "asd":
		argv = []string{l.options.ASD, "--foreground", "--config-file", in("etc/aerospike/aerospike.conf")}
	case "roster":
		argv = []string{in("usr/local/bin/roster"), "serve"}
	case "nginx":
		argv = []string{program(name), "-e", "stderr", "-c", in("etc/nginx/nginx.conf"), "-g", "daemon off;"}
	case "keepalived":
		argv = []string{
			program(name), "--dont-fork", "--vrrp", "--log-console", "--log-detail", "--use-file", in("etc/keepalived/keepalived.conf"),
			"--pid", in("run/keepalived.pid"), "--vrrp_pid", in("run/keepalived-vrrp.pid"),
		}
	case "haproxy":
		argv = []string{program(name), "-db", "-f", in("etc/haproxy/haproxy.cfg")}
	}
	p := &process{name: name, host: h, argv: argv, env: u.environment, unit: u, tell: l.tell, share: shareOf(l.name, h.name, name)}
	if u.notifies {
		if p.above.socket, err = listenBelow(h.root, name); err != nil {
			return nil, err
		}
		go p.hear()
	}
	return p, nil
}

// store is the store URL that the apps were given.
func (l *lab) store() string {
	for _, h := range l.hosts {
		for _, p := range h.processes {
			for _, e := range p.env {
				if value, ok := strings.CutPrefix(e, "ROSTER_STORE="); ok {
					return value
				}
			}
		}
	}
	return ""
}

// waitCluster waits until the database hosts are one cluster with nothing left to move.
func (l *lab) waitCluster(ctx context.Context) error {
	ask := fmt.Sprintf("cluster-stable:size=%d;ignore-migrations=false", len(l.plan.database))
	return l.wait(ctx, "the cluster", func() error {
		for _, h := range l.plan.database {
			answer, err := askInfo(l.network.namespace(h.name), net.JoinHostPort(h.address, "3000"), ask)
			if err != nil {
				return err
			}
			if strings.HasPrefix(answer, "ERROR") {
				return fmt.Errorf("%s: %s", h.name, answer)
			}
		}
		return nil
	})
}

// waitReady waits until every app and the virtual IP say that they are ready.
func (l *lab) waitReady(ctx context.Context) error {
	addresses := []string{net.JoinHostPort(l.plan.virtualIP, "80")}
	for _, h := range l.plan.front {
		addresses = append(addresses, net.JoinHostPort(h.address, "80"), net.JoinHostPort(h.address, "8080"))
	}
	for _, address := range addresses {
		if err := l.wait(ctx, address, func() error { return l.askReady(ctx, address) }); err != nil {
			return err
		}
	}
	return nil
}

// wait tries until it gets no error, or a process has ended.
func (l *lab) wait(ctx context.Context, what string, try func() error) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		err := try()
		if err == nil {
			return nil
		}
		for _, h := range l.hosts {
			for _, p := range h.processes {
				if p.endedByItself() {
					return fmt.Errorf("%s ended by itself; the end of what it said:\n%s", p, tail(p.log(), 2000))
				}
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s was not ready after %s: %w", what, readyWithin, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func tail(path string, n int) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-n):])
}

// askReady asks an address of the lab for /readyz, as a client would.
func (l *lab) askReady(ctx context.Context, address string) error {
	var conn net.Conn
	var err error
	enterErr := inNamespace(l.network.namespace("client"), func() {
		conn, err = net.DialTimeout("tcp4", address, time.Second) //nolint:noctx // it must not leave the thread
	})
	if err := errors.Join(enterErr, err); err != nil {
		return err
	}
	defer conn.Close()
	return getReady(ctx, conn)
}
