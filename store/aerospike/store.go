package aerospike

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	as "github.com/aerospike/aerospike-client-go/v7"

	"dailyroster/roster"
	"dailyroster/store"
	"dailyroster/store/aerospike/fence"
	"dailyroster/store/aerospike/info"
)

// Deps are what a store needs from the program around it. Both have defaults.
type Deps struct {
	Log *slog.Logger     // default: nowhere
	Now func() time.Time // default: time.Now
}

// Store is a store.Store in an Aerospike cluster. It is safe for use by many
// goroutines.
type Store struct {
	cfg    Config
	log    *slog.Logger
	now    func() time.Time
	client *as.Client
	fence  *fence.Fence

	attempt    time.Duration // writeAttempt, but for tests
	lateness   time.Duration // likewise
	settleTime time.Duration // likewise
	emptyAfter time.Duration // likewise
	marks      *marks
	turns      *turns
	seen       *store.Recent[dayAt, roster.Day]
	clocks     clocks
	people     *directory[roster.Person, roster.Names]
	teams      *directory[roster.Team, roster.Teams]
	months     *store.Recent[monthOf, keptMonth]
	members    *store.Recent[memberOf, struct{}] // who is on the index for certain
	ensured    sync.Map                          // the names of records that were made, or are being
	ensuring   chan struct{}                     // holds a token for each record that is being made
	listed     sync.Map                          // the days of notices that are listed for certain
	indexing   sync.Once
	indexed    atomic.Bool // this process has made the index of members
	reads      atomic.Int64
	writes     atomic.Int64

	ctx        context.Context // ends with Close
	stop       context.CancelFunc
	background sync.WaitGroup
	spilling   chan struct{} // holds a token while months are being relieved
	mends      mends         // records that are being touched
}

var _ store.Clustered = (*Store)(nil)

// Open makes a store for the cluster. A cluster that does not answer is not an error:
// the store is then unavailable until it does. An error means that the configuration
// cannot be used, or that ctx ended. The caller closes the store.
func Open(ctx context.Context, cfg Config, deps Deps) (*Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	var hosts []*as.Host
	for _, seed := range cfg.Seeds {
		h, err := info.HostOf(seed)
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, h)
	}
	s := &Store{
		cfg: cfg, log: deps.Log, now: deps.Now, attempt: writeAttempt, lateness: fence.Lateness, settleTime: settleTime, emptyAfter: emptyAfter,
		marks: newMarks(), turns: newTurns(), seen: store.NewRecent[dayAt, roster.Day](maxSeenDays), spilling: make(chan struct{}, 1),
		ensuring: make(chan struct{}, ensuredAtOnce),
		months:   store.NewRecent[monthOf, keptMonth](maxMonths),
		members:  store.NewRecent[memberOf, struct{}](maxKnownMembers),
		mends:    mends{wanted: map[string]bool{}},
	}
	s.people = newDirectory(s, personKind(), func(list []roster.Person, was roster.Names) roster.Names { return was.Renewed(list) })
	s.teams = newDirectory(s, teamKind(), func(list []roster.Team, _ roster.Teams) roster.Teams { return roster.NewTeams(list) })
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.now == nil {
		s.now = time.Now
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	client, err := as.NewClientWithPolicyAndHost(clientPolicy(cfg), hosts...)
	if client == nil {
		return nil, errors.Join(errors.New("the cluster's client cannot start"), err)
	}
	if err != nil {
		s.log.Warn("the Aerospike cluster does not answer yet", "seeds", cfg.Seeds, "error", err)
	}
	s.client = client
	if _, err := client.WarmUp(warmConnections); err != nil {
		s.log.Debug("not every connection could be opened beforehand", "error", err)
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.fence = fence.New(s.log, s.now)
	s.background.Go(func() { s.fence.Watch(s.ctx, s.addresses) })
	return s, nil
}

// addresses lists every node known: the seeds, then the others in the cluster.
func (s *Store) addresses() []string {
	all := append([]string(nil), s.cfg.Seeds...)
	known := map[string]bool{}
	for _, a := range all {
		known[a] = true
	}
	for _, n := range s.client.GetNodes() {
		h := n.GetHost()
		if a := net.JoinHostPort(h.Name, strconv.Itoa(h.Port)); !known[a] {
			known[a] = true
			all = append(all, a)
		}
	}
	return all
}

// Ping asks the cluster for a record, found or not.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.read(ctx, lookup{key: s.key(setTeam, "ping"), bins: []string{binMonths}})
	return err
}

// Name is what people call this store.
func (s *Store) Name() string { return "Aerospike cluster" }

// Close ends what runs in the background and every connection.
func (s *Store) Close() error {
	s.stop()
	s.background.Wait()
	s.client.Close()
	return nil
}

// RoundTrips are the exchanges with the cluster since the store was opened, each
// attempt counted. One batch counts once: its nodes are asked at the same time.
type RoundTrips struct {
	Reads  int64
	Writes int64
}

// RoundTrips counts what was sent so far. What the client and the store exchange with
// the nodes beside that, about their state and not about any record, is not in it.
func (s *Store) RoundTrips() RoundTrips {
	return RoundTrips{Reads: s.reads.Load(), Writes: s.writes.Load()}
}
