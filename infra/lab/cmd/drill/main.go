// Command drill does the drills to a running lab, all or those whose numbers are given,
// and writes the report. It runs as root, as it enters network namespaces.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"dailyroster/infra/lab/control"
	"dailyroster/infra/lab/drill"
	"dailyroster/infra/lab/drill/report"
	"dailyroster/infra/lab/drill/watch"
)

type command struct {
	Drills    []string `arg:"" optional:"" help:"Numbers of drills, or ${soak} for drill 22 over two hours; all of them if none is given."`
	Socket    string   `help:"Where the lab listens; by default ${socket}, and if no lab is there, one is started."`
	Lab       string   `default:"bin/lab" help:"The program that is a lab, to start one."`
	Edge      string   `default:"keepalived" enum:"keepalived,haproxy" help:"The edge of a lab that is started: ${enum}."`
	Labs      int      `default:"1" help:"How many labs are started to share the drills, side by side, if none is there."`
	Part      part     `placeholder:"1/2" help:"Do a part of the drills: of two parts, the first has every other one."`
	Memory    bool     `help:"Start a lab of its own that keeps the hosts' files in memory, on a machine whose disk is slow to ask."`
	Set       []string `sep:"none" placeholder:"VARIABLE=VALUE" help:"Start a lab of its own with another value for a variable of a role, such as aerospike_min_cluster_size=1, to see a drill fail."`
	URL       string   `help:"The site; by default the lab's virtual IP."`
	Workers   int      `default:"12" help:"How many people and programs are at work at once."`
	Rate      float64  `help:"How many requests they make in a second, in all; by default ${rate} for each processor, at most ${mostRate}."`
	Brief     bool     `help:"For a machine with other work to do: be content with 2,000 requests where 20,000 are asked for, and with ten times the times that are promised."`
	Report    string   `default:"bin/drill-report" help:"Folder for the report."`
	Histories string   `help:"Folder for the histories; a temporary one by default."`
	List      bool     `help:"Say what the drills are, and end."`
	Again     bool     `help:"Make the page of the report anew from its JSON, and end."`
}

// The load in requests a second, by default: for each processor, as five hosts, the cluster's
// migrations and the load itself share them, and at most.
const (
	processorRate = 30
	mostRate      = 300
)

// calm is how long the load runs before and after all that is done.
const calm = 3 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		if !errors.Is(err, errTold) {
			fmt.Fprintln(os.Stderr, "drill:", err)
		}
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var c command
	parser, err := kong.New(&c, kong.Name("drill"), kong.Vars{"socket": control.DefaultSocket, "rate": fmt.Sprint(processorRate), "mostRate": fmt.Sprint(mostRate), "soak": soakName},
		kong.Description("Break a running lab under load, and see whether anyone notices."))
	if err != nil {
		return err
	}
	if _, err := parser.Parse(args); err != nil {
		return err
	}
	all := drill.Drills()
	if c.Brief {
		// The siege is the last of them, and wants all processors. First, it has them: what
		// runs beside brief drills, such as other checks, has hardly begun.
		slices.Reverse(all)
	}
	numbers, soak, err := numbersOf(c.Drills)
	if err != nil {
		return err
	}
	chosen, err := choose(all, numbers)
	if err != nil {
		return err
	}
	chosen = c.Part.of(chosen)
	switch {
	case c.List:
		for _, d := range chosen {
			fmt.Fprintf(out, "%2d  %s: %s\n", d.Number, d.Title, d.Must)
		}
		return nil
	case c.Again:
		r, err := report.Read(c.Report)
		if err != nil {
			return err
		}
		return r.Write(c.Report)
	}
	if c.Socket == "" {
		if _, err := control.NewClient("").State(ctx); err != nil || c.Memory || len(c.Set) > 0 || c.Labs > 1 {
			return c.inOwnLabs(ctx, args, out)
		}
	}
	return c.drill(ctx, chosen, soak, out)
}

// soakName asks for the soak at its full length, and soakNumber is its drill.
const (
	soakName   = "soak"
	soakNumber = 22
)

// numbersOf reads which drills are asked for, and whether the soak is to take its full time.
func numbersOf(asked []string) (numbers []int, soak bool, err error) {
	for _, text := range asked {
		if text == soakName {
			numbers, soak = append(numbers, soakNumber), true
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, false, fmt.Errorf("%q is neither the number of a drill nor %s", text, soakName)
		}
		numbers = append(numbers, n)
	}
	return numbers, soak, nil
}

// choose gives the drills with these numbers, or all.
func choose(all []drill.Drill, numbers []int) ([]drill.Drill, error) {
	if len(numbers) == 0 {
		return all, nil
	}
	var chosen []drill.Drill
	for _, n := range numbers {
		i := slices.IndexFunc(all, func(d drill.Drill) bool { return d.Number == n })
		if i < 0 {
			return nil, fmt.Errorf("there is no drill %d; --list says which there are", n)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

func (c *command) drill(ctx context.Context, chosen []drill.Drill, soak bool, out io.Writer) error {
	lab := control.NewClient(c.Socket)
	state, err := lab.State(ctx)
	if err != nil {
		return err
	}
	// From outside: where the load comes from is a host of its own on the lab's network.
	if err := watch.MoveInto(state.ClientNamespace); err != nil {
		return err
	}
	if c.Histories == "" {
		if c.Histories, err = os.MkdirTemp("", "drill-histories-"); err != nil {
			return err
		}
	} else if err := os.MkdirAll(c.Histories, 0o755); err != nil {
		return err
	}
	if c.Rate == 0 {
		c.Rate = float64(min(processorRate*runtime.NumCPU(), mostRate))
	}
	r := &report.Report{
		Begun: time.Now().UTC(), Edge: state.Edge, Machine: report.Machine(), Versions: report.Versions(ctx, state),
		Load: fmt.Sprintf("%d at work, %.0f requests/s", c.Workers, c.Rate),
	}
	if state.InMemory {
		r.Machine += ", the hosts' files in memory"
	}
	settings := drill.Settings{
		URL: c.URL, Workers: c.Workers, Rate: c.Rate, Warm: calm, Settle: calm, Brief: c.Brief, Soak: soak, Histories: c.Histories,
		Say: func(line string) { fmt.Fprintln(out, line) },
	}
	for _, d := range chosen {
		result := drill.Run(ctx, lab, d, settings)
		show(out, &result)
		r.Add(result)
		// After each, so that a run which is ended early has one too.
		if err := r.Write(c.Report); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	fmt.Fprintf(out, "the histories are in %s\n", c.Histories)
	return c.conclude(r, out)
}

// conclude says what came of all drills, and fails if one of them did. What failed is the end of what
// is said, which is read first.
func (c *command) conclude(r *report.Report, out io.Writer) error {
	for _, failure := range r.Failures() {
		fmt.Fprintln(out, failure)
	}
	fmt.Fprintf(out, "%d of %d passed; the report is %s/%s\n", r.Passed(), len(r.Drills), c.Report, report.PageFile)
	if r.Passed() < len(r.Drills) {
		return errors.New("a drill failed")
	}
	return nil
}

func show(out io.Writer, r *drill.Result) {
	for _, v := range r.Verdicts {
		sign := "ok  "
		switch {
		case v.Bound == "":
			sign = "    "
		case !v.OK:
			sign = "FAIL"
		}
		fmt.Fprintf(out, "    %s %-58s %-10s %s\n", sign, v.What, v.Bound, v.Measured)
		for _, example := range v.Examples {
			fmt.Fprintf(out, "           %s\n", example)
		}
	}
	switch {
	case r.Error != "":
		fmt.Fprintf(out, "  drill %d could not be done: %s\n", r.Number, r.Error)
	case r.Passed:
		fmt.Fprintf(out, "  drill %d passed\n", r.Number)
	default:
		fmt.Fprintf(out, "  drill %d FAILED\n", r.Number)
	}
}
