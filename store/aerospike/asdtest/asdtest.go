// Package asdtest runs a real Aerospike cluster on loopback for tests: as many nodes
// as wanted, each a process with its own ports and its own files, that a test can
// kill, freeze and bring back.
//
// The server's binary is what the environment variable ASD names, or asd on the PATH.
// Its settings are those of production, in asd.conf.tmpl. Its files are in memory, where there
// is room.
package asdtest

import (
	_ "embed"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"

	"dailyroster/check/testreport"
	"dailyroster/store/aerospike/info"
)

// What the nodes call themselves.
const (
	ClusterName = "roster"
	Namespace   = "daily_roster"
)

//go:embed asd.conf.tmpl
var confTemplate string

// Binary gives the path of the server, "" where there is none.
func Binary() string {
	if path := os.Getenv("ASD"); path != "" {
		return path
	}
	path, err := exec.LookPath("asd")
	if err != nil {
		return ""
	}
	return path
}

// Cluster is a running cluster. Its methods fail the test that started it, and are for
// one goroutine at a time.
type Cluster struct {
	t     testing.TB
	nodes []*node
	// Every process is started by one goroutine on one thread: Pdeathsig is sent when
	// the thread ends that started the process.
	starts chan func()
}

type node struct {
	id   string
	dir  string
	port int
	cmd  *exec.Cmd     // nil while it is down
	gone chan struct{} // closed when cmd has ended
}

// Option changes how a cluster is set up.
type Option func(settings map[string]any)

// FileSize is how large a node's data can become, 512M if not given.
func FileSize(size string) Option {
	return func(settings map[string]any) { settings["FileSize"] = size }
}

// Start starts n nodes and waits until they are one stable cluster. They end with the
// test, whatever becomes of it. Without a server the test is skipped, and one line on
// standard error says what was not checked: promises names that.
func Start(t testing.TB, n int, promises string, options ...Option) *Cluster {
	t.Helper()
	binary := Binary()
	if binary == "" {
		_, _ = fmt.Fprintf(os.Stderr, "\n*** NOT CHECKED, for want of an Aerospike server (asd on the PATH, or ASD=/path/to/asd): %s: %s\n\n", t.Name(), promises)
		testreport.Skip(t, promises, "there is no Aerospike server (asd on the PATH, or ASD=/path/to/asd)")
	}
	t.Cleanup(func() {
		if !t.Failed() {
			testreport.Ran(t, promises)
		}
	})
	c := &Cluster{t: t, starts: make(chan func())}
	base := folder(t, n) // before the Cleanup below: it is removed when the nodes have ended
	threadEnds := sync.WaitGroup{}
	threadEnds.Go(func() {
		runtime.LockOSThread()
		for start := range c.starts {
			start()
		}
	})
	t.Cleanup(func() {
		for i := range c.nodes {
			c.end(i)
			if t.Failed() {
				t.Logf("what node %s warned of last:\n%s", c.nodes[i].id, c.warnings(i))
			}
		}
		close(c.starts)
		threadEnds.Wait()
	})
	ports := freePorts(t, 3*n)
	mesh := ports[2*n:]
	for i := range n {
		dir := filepath.Join(base, strconv.Itoa(i+1))
		for _, d := range []string{"work/smd", "work/usr/udf/lua", "data"} {
			if err := os.MkdirAll(filepath.Join(dir, d), 0o750); err != nil {
				t.Fatal(err)
			}
		}
		nd := &node{id: fmt.Sprintf("A%d", i+1), dir: dir, port: ports[i]}
		c.nodes = append(c.nodes, nd)
		settings := map[string]any{
			"ClusterName": ClusterName, "Namespace": Namespace, "NodeID": nd.id, "Dir": dir,
			"MinClusterSize": min(2, n), "ServicePort": ports[i], "FabricPort": ports[n+i],
			"HeartbeatPort": mesh[i], "MeshPorts": mesh, "FileSize": "512M",
		}
		for _, option := range options {
			option(settings)
		}
		writeConf(t, filepath.Join(dir, "asd.conf"), settings)
	}
	for i := range n {
		c.Restart(i)
	}
	c.WaitStable(t, 30*time.Second)
	return c
}

func writeConf(t testing.TB, path string, values map[string]any) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	err = template.Must(template.New("asd.conf").Parse(confTemplate)).Execute(f, values)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// freePorts gives ports that nobody listens on now, each once.
func freePorts(t testing.TB, n int) []int {
	t.Helper()
	var ports []int
	var held []net.Listener
	for range n {
		var c net.ListenConfig
		l, err := c.Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, l)
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		number, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, number)
	}
	for _, l := range held {
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return ports
}

// Size is the number of nodes, running or not.
func (c *Cluster) Size() int { return len(c.nodes) }

// Address is where node i serves clients, host:port.
func (c *Cluster) Address(i int) string {
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(c.nodes[i].port))
}

// Name is the id of node i, as the cluster and the client call it.
func (c *Cluster) Name(i int) string { return c.nodes[i].id }

// URL is the store URL of the cluster.
func (c *Cluster) URL() string {
	var hosts []string
	for i := range c.nodes {
		hosts = append(hosts, c.Address(i))
	}
	return "aerospike://" + strings.Join(hosts, ",") + "/" + Namespace
}

// Restart starts node i, which is down, with the files that it left.
func (c *Cluster) Restart(i int) {
	c.t.Helper()
	n := c.nodes[i]
	if n.cmd != nil {
		c.t.Errorf("node %s is running already", n.id)
		return
	}
	cmd := exec.CommandContext(c.t.Context(), Binary(), "--foreground", "--config-file", filepath.Join(n.dir, "asd.conf"))
	cmd.Dir = n.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	c.starts <- func() { started <- cmd.Start() }
	if err := <-started; err != nil {
		c.t.Errorf("starting node %s: %v", n.id, err)
		return
	}
	n.cmd, n.gone = cmd, make(chan struct{})
	go func() {
		_ = cmd.Wait() // killed is how it ends
		close(n.gone)
	}()
}

// Kill ends node i at once, as a crash would (SIGKILL). Its files stay.
func (c *Cluster) Kill(i int) {
	c.t.Helper()
	if c.nodes[i].cmd == nil {
		c.t.Errorf("node %s is not running", c.nodes[i].id)
	}
	c.end(i)
}

func (c *Cluster) end(i int) {
	n := c.nodes[i]
	if n.cmd == nil {
		return
	}
	_ = n.cmd.Process.Signal(syscall.SIGKILL) // an error means that it has ended
	<-n.gone
	n.cmd = nil
}

// KillAll ends all running nodes at the same time, as a power cut would.
func (c *Cluster) KillAll() {
	for _, n := range c.nodes {
		if n.cmd != nil {
			_ = n.cmd.Process.Signal(syscall.SIGKILL)
		}
	}
	for i := range c.nodes {
		c.end(i)
	}
}

// Keep keeps the data of node i, which is down, as it is. What it gives puts that back, once, in the
// place of what the node has by then.
func (c *Cluster) Keep(i int) (restore func()) {
	c.t.Helper()
	data := filepath.Join(c.nodes[i].dir, "data")
	kept := data + ".kept"
	if err := os.CopyFS(kept, os.DirFS(data)); err != nil {
		c.t.Fatal(err)
	}
	return func() {
		c.t.Helper()
		if err := errors.Join(os.RemoveAll(data), os.Rename(kept, data)); err != nil {
			c.t.Fatal(err)
		}
	}
}

// Freeze stops node i without ending it (SIGSTOP): its connections stay open and
// nothing answers.
func (c *Cluster) Freeze(i int) { c.signal(i, syscall.SIGSTOP) }

// Thaw lets node i go on.
func (c *Cluster) Thaw(i int) { c.signal(i, syscall.SIGCONT) }

func (c *Cluster) signal(i int, s syscall.Signal) {
	c.t.Helper()
	if err := c.nodes[i].cmd.Process.Signal(s); err != nil {
		c.t.Errorf("node %s: %v", c.nodes[i].id, err)
	}
}

// Info asks node i for one thing, as asinfo does.
func (c *Cluster) Info(i int, name string) (string, error) {
	conn := &info.Conn{Address: c.Address(i)}
	defer conn.Close()
	answers, err := conn.Ask(name)
	return answers[name], err
}

// WaitFormed waits until all running nodes are one cluster, which may still be moving
// its data.
func (c *Cluster) WaitFormed(t testing.TB, most time.Duration) {
	t.Helper()
	c.wait(t, most, "true")
}

// WaitStable waits until all running nodes are one cluster with nothing left to move.
// Under load that can take long.
func (c *Cluster) WaitStable(t testing.TB, most time.Duration) {
	t.Helper()
	c.wait(t, most, "false")
}

func (c *Cluster) wait(t testing.TB, most time.Duration, ignoreMigrations string) {
	t.Helper()
	size := 0
	for _, n := range c.nodes {
		if n.cmd != nil {
			size++
		}
	}
	ask := fmt.Sprintf("cluster-stable:size=%d;ignore-migrations=%s", size, ignoreMigrations)
	last := ""
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		keys := map[string]bool{}
		for i, n := range c.nodes {
			if n.cmd == nil {
				continue
			}
			select {
			case <-n.gone:
				t.Fatalf("node %s has ended; the end of its log:\n%s", n.id, c.logTail(i))
			default:
			}
			key, err := c.Info(i, ask)
			if err != nil || strings.HasPrefix(key, "ERROR") {
				key = fmt.Sprintf("%s: %s %v", n.id, key, err)
			}
			keys[key] = true
			last = key
		}
		if len(keys) == 1 && !strings.Contains(last, ":") {
			return
		}
	}
	t.Fatalf("the cluster is not stable after %s; last: %s", most, last)
}

// warnings are the last lines of a node's log that are not mere information.
func (c *Cluster) warnings(i int) string {
	data, err := os.ReadFile(filepath.Join(c.nodes[i].dir, "asd.log"))
	if err != nil {
		return err.Error()
	}
	var lines []string
	for line := range strings.Lines(string(data)) {
		if !strings.Contains(line, "GMT: INFO") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-20):], "")
}

func (c *Cluster) logTail(i int) string {
	data, err := os.ReadFile(filepath.Join(c.nodes[i].dir, "asd.log"))
	if err != nil {
		return err.Error()
	}
	return string(data[max(0, len(data)-3000):])
}
