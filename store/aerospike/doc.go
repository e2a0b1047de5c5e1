// Package aerospike keeps the roster in an Aerospike Community Edition cluster of
// three nodes, any one of which may die, freeze or be cut off.
//
// # What it promises, and on what it depends
//
// Everything that package store asks of a Store. An edit that was acknowledged is on
// every node of the cluster in memory, and soon on their devices: it survives the death
// of any one node, and that of all three together if their devices keep up (see
// Settling, which says what was measured when they did not). A retried edit takes effect
// once, for as long as the history goes back. While two of three nodes are down
// nothing is acknowledged.
//
// That holds with the server settings of asdtest/asd.conf.tmpl, above all
// min-cluster-size 2 (of two halves of a cluster only one serves), replication-factor
// 3 with commit and read level ALL, no deletes, no expiry, and flush-max-ms 1; and with
// clocks that agree within 50 ms (see Time). The namespace must not be used by others: the
// user keys below are all there is to keep teams apart.
//
// # Records
//
//	set      user key           bins
//	month    team/2026-11       d       ordered map day of month → [revision, note, {role: person}]
//	                            ops     list of the ids of the last 64 edits, in order
//	                            h       list of the newest history entries, in order of effect
//	                            hn      how many entries were moved out of h before them
//	                            seq     number of edits
//	history  team/2026-11/0     h       entries 0–31 of the month, 32–63 in team/2026-11/1, …
//	team     team               months  ordered map 2026-11 → 1: the months that may have history
//	teams    0 … 15             all     ordered map team id → [revision, JSON or a reference]
//	                            ops     list of the ids of the last 64 writes
//	                            seq     number of writes
//	people   0 … 15             …       as teams
//	tokens   0 … 15             …       as teams
//	bodies   people/ana/01J…/ab text    the JSON that a reference refers to; empty once nothing does
//	signouts 0 … 15             …       as teams
//	channels 0 … 15             …       as teams
//	notices  0/0 … 31/255       …       as teams, with entries 2026-11-23/notice id
//	         days               days    ordered map 2026-11-23 → 1: the days that may have any
//	about    store              …       as teams, with the one entry store: what the store is
//	members  person             teams   ordered map team → 1: the teams in whose days they were
//	         /done              since   since when members has everybody, in ms since 1970
//
// Every record also has the bin at, the server's time of its last write. Nothing is
// ever deleted: a deleted record comes back with a node that was away.
//
// A month is one record, so that an edit of several days with its history entries is
// one atomic write. An edit waits for nobody: its filter looks only at the days that it
// touches, so edits of other days do not disturb it.
//
// People and teams stand in ordered maps, spread over 16 records each, instead of in a
// record each with an index of ids. Listing them is then one batch of 16 reads, with no
// second step that depends on the first; and creating one is one atomic write, so that there
// is no state between index and entity that a crash could leave behind. A record ends at the
// servers' limit of 1 MiB, so that no neighbour may fill it: an entity of more than 16 kB,
// and every one whose record has 512 kB already, is a reference to a body, which is written
// and settles before it. A record has room for some 3,000 references, so the 16 for 50,000
// entities beside the first 20,000 or so, which are read in one round trip; the others take
// one more for each thousand, or for each 4 MB of them. Bodies are never changed, so that a
// reference and its body are what was written at one time. One that is replaced is emptied:
// whoever reads the reference just before looks again. Records from before that have large
// entities are read as they are, and relieved when one is full. The price is that an edit of a
// person writes the record of its neighbours again, which is a few kB, rarely. Scans and secondary indexes are not used: neither
// answers reliably while a node is dying.
//
// # Writing once
//
// An edit is one Operate, UPDATE_ONLY, with a filter: the edit's id is not in ops, and
// each of its days is at the revision that the edit was based on. The history entries
// say what was there before, so that must be known when the edit is sent: it is the day
// at that revision, which the store has usually handed out itself a moment ago and
// remembers (8,192 days); otherwise it reads first. So a save is one round trip.
//
// An attempt takes at most 300 ms and is repeated with pauses of 5 to 100 ms until 4 s
// or the caller's context are over, for any error that may pass. Repeating without
// asking is safe, because the filter has the id. When the filter refuses, confirm finds
// out why: a write that touches the record if it has the id. Its success means that the
// edit took effect and every replica has it. Reading would not do: a master that was cut
// off shows its own write, which nobody else has. Only for an edit more than 64 edits
// ago the history is read instead; what 64 acknowledged writes came after is replicated.
// And where days are read to be already as the edit wants them, a touch confirms that they are at
// the revisions that were read, before anybody is told so. What is read may be the phantom of the
// very edit: in drill 19, where a process saw two nodes that did not see each other, the other
// process was asked again, read it in the copy of one node, and acknowledged what the next write
// through another node replaced (1 to 4 edits in three of four runs).
//
// # Settling
//
// The servers acknowledge a write when all three have it in memory, and write it to
// their devices within flush-max-ms (1 ms) and a little; only the Enterprise Edition
// knows commit-to-device. In one of eight kills of all three at once, under load, an
// edit that had been acknowledged 3 ms before was lost. And in a partial cut the node
// that loses its place acknowledges writes together with the one that it still sees,
// until it has noticed: the majority never had them (see Phantoms). So a write is
// reported as done only when the node that acknowledged it and others, more than half of
// all, answered a question that was sent 5 ms after it, on connections that were open
// before it, with the key of the cluster that the write was sent to (see Footing): they lived
// long enough to write it, if their devices keep up, and the node was with the majority all
// the time. Where they do not answer, or not that, the write is sent again, as for any
// attempt in doubt. The question goes
// over the fence's connections and is shared by all that wait, so the record is not
// asked again; a save takes 5 ms longer. With it nothing
// was lost in the kills of a stable cluster that followed. It is a margin and no proof:
// where nodes were killed seconds after a restart, while they still moved data on a
// machine with four times more to do than cores, edits acknowledged up to 90 ms before
// were missing (10 and 24 in two of five kills). Reads may show an edit in these 5 ms. History that is moved
// settles before it is cut off its month, and a team's list before its month is made.
//
// Most of what is missing then one node has kept, and the others take it from there once they are one
// cluster, as it is the later copy; unless they have been written to before. In a drill beside all the
// other checks two of three nodes, killed while they were busy, had not kept what they had acknowledged in
// the half second before, and the third had: the two were up first, and three months were saved on their
// older copies, which then were the later ones. So a write also fails on a copy with fewer edits
// than this process has shown (see guards), as reads do, until the third is there; or until readers have
// been refused for 10 s, as then there is nothing newer. What is left is what no running process has seen.
//
// # Time
//
// Each write begins with an operation that fails when the node's clock is more than
// 300 ms past the moment at which the cluster was last known to be as the write goes by (see
// Footing). A frozen node takes, when it thaws, the writes that
// waited in its sockets: their senders have given up on them, others are masters of its
// keys and have taken edits since, and yet it applies them to its old copies, with the
// newest last-update-time, and the copies of the others are replaced. The filter does
// not help, as it is evaluated on the old copy. Measured with 20 months, a write waiting
// for each in a node that was frozen for 3.3 s: without the deadline, edits that were
// acknowledged meanwhile were lost in 6 of 8 runs, 46 of 160 in all; with one of 700 ms none
// (the test "writes that waited in a frozen node" does it). It must be less than the time
// that a node must be silent until others take over its keys, 0.8 s with heartbeats of
// 100 ms and a timeout of 8; that it is less than half of it is for partial cuts.
//
// The server's time is ExpLastUpdate + ExpSinceUpdate; every write returns it, and the
// store keeps, for each node, the difference to its own clock. So the app's clock may be wrong,
// and so may that of a node: a write is in time by the clock of the node that it goes to. A node
// whose clock was set since it was heard last refuses writes as late; it is asked for its time, and
// they are sent again. (Of a record that a node wrote whose clock was ahead, the others take its
// last-update-time for now until they are past it: ExpSinceUpdate is never below 0. The same
// happens then.) What should agree are the clocks of the nodes, within 50 ms, as they decide which
// of two copies is the later one. Where all nodes see a record, they keep that right even so: a
// last-update-time never goes back, and of two that are equal the one with more generations wins.
// With a node a minute ahead, then behind, and another or itself killed meanwhile, nothing was lost
// (drill 16).
//
// # Phantoms
//
// In a partial cut the node that loses its place takes writes into its old copies
// without being able to acknowledge them. Such a copy can win: its last-update-time is later
// than that of edits which the majority acknowledged meanwhile. It need not wait for the node
// to be back. A node of the majority that it still sees takes such a copy as that of a master,
// whatever cluster it comes from, if it is the later one. So a write that was in doubt and
// came to nothing is followed by a touch (see orphan.go), and every other write in doubt ends
// with one that the whole cluster acknowledges, which is later than its own phantoms. What
// others have saved meanwhile is kept by the footing.
//
// # Space
//
// A replica without space for its copy says so, and its master acknowledges the write nevertheless.
// The server keeps 8 of its blocks, of 8 MiB each, for moving records together, and has no space when
// only these are left; its default of stop-writes-avail-pct 5 is below that where the file is
// smaller than 1.3 GB. On two nodes in that state 557 edits that had been acknowledged could not be
// read when a third was killed. So the setting is 96 MiB or more: each node looks every ten seconds,
// and then refuses edits, which is ErrFull here. And the file is reserved before the server starts:
// of a sparse one on a full disk the server ends in the middle of its writes, with what it had
// acknowledged a millisecond before.
//
// # Footing
//
// A write goes by a footing: more than half of the nodes have just said, with cluster-stable,
// that they are in one cluster, by its key, which is new for each set of nodes. It is sent
// only to a node that has said so too, takes effect only until 300 ms after that (see Time),
// and counts only if it is upheld in the same cluster (see Settling). And where a cluster has
// formed without one of the nodes, nothing is sent on it for the first 350 ms.
//
// So let E be the instant from which more than half of the nodes are in the new cluster. No
// footing in the old one is from after E, and no write that goes by one takes effect after
// E + 300 ms, on the node that was left out or elsewhere. Whoever writes to the new cluster
// saw it at E or later and sent the write 350 ms after that, whichever copy of the program it
// is, so that every edit that is acknowledged in it is later than every phantom.
//
// Without that, drill 6 lost an acknowledged edit in some of its runs on a machine with five
// times more to do than it could: attempts that waited on the cut-off node for another write
// of the same month were looked at there as late as 0.3 s after the others had formed a
// cluster and taken edits of that month. The ones that took effect replaced these. The price is 350 ms, once, in which nothing is saved after a node
// was cut off or froze. Where an address refuses connections no process is left that could
// take anything, so that a node that was killed costs nothing, nor does one that comes back.
// A footing may be 100 ms old, and the questions of Settling renew it; where nobody saves, a
// save asks first, for half a millisecond or so.
//
// What is left: a node whose clock was set back since it was heard last, or is wrong while there is a cut.
// And the client decides by its own map, a microsecond after the store has looked into it, to which node a
// write goes. In a cut that leaves both sides in sight that map goes back and forth with each look that the
// client takes at the nodes, as two claim to be the master and the last one counts. A write waits for the
// turn of the right one (destination); repeated at intervals of two looks, it met the other for over a
// second. The client must be told to take the master alone: left to choose, it turns to the next node with
// a copy where no connection to the master is free. In one of seven runs of drill 19 that was the node that
// had been left out, and three acknowledged edits of the month were lost to its old copy.
//
// A refusal, too, counts in one cluster only: what is refused by a node because it has the
// edit's id, and by the next one's confirm because that has not, is sent again.
//
// # Reading
//
// Reads are batches with SEQUENCE and read mode ALL, 40 ms for each node asked and 2 s
// in all. (The policy of a single read of a batch overrules the batch's: both must say
// ALL.) A page is up to three reads one after the other, and each may meet the node that
// died: with 100 ms a node, pages took 313 and 362 ms while one was frozen or cut off.
// Keys are looked up in the thread that was asked (AllowInlineSSD), as they are few and
// often in memory: 16 of them take 0.46 ms instead of 0.69, with eight at it at once 2.4 ms
// instead of 3.9. An answer that is merely late costs a second question to another node.
//
// What a node refuses, because it has lost its place, and what is not to be believed, is
// asked of all replicas at once (MASTER_PROLES and an entry for each): the client takes the
// node for the master of its keys until the others have told, and 275 ms went by with asking
// it again. So did 264 ms with asking any one replica: the client counts on from one entry to
// the next, and three keys in one batch got the same three nodes each time. That question is
// over after 25 ms, whoever has not answered: of a node that has died the client has no
// connections left, and as it does not count that as an attempt it would try to open one
// until the time of the whole is over. With 2 s for that, reads took up to 1.2 s when a node
// was killed under load; with 25 ms at most 37 ms.
//
// Three things keep wrong answers out.
//
// A fence asks every node four times a second, over connections of its own, for cluster_key
// and cluster_is_member. Where more than half of the nodes seen in the last ten minutes agree
// on a key, answers of the others are discarded, those of silent ones too, and the read is
// repeated at all replicas, as the client has no way to leave out a node. Its map may name no
// other either, for a moment after a node has come back; so the fence looks again at once
// when an answer is discarded, or it would be 214 ms, as after a thaw, until it knew that the
// node was with the others. Where no majority agrees, as for a moment at every change, or for
// longer where a process sees just two nodes that do not see each other, a node is outside that
// counts more nodes in its cluster (cluster_size) than can be in it, as another says that it is
// in a different one: reads were 2.2 s old otherwise. Beyond that the servers' own
// min-cluster-size decides.
//
// A version of a month that this process has not shown before is asked of all replicas, and
// shown only if two nodes have it, or have had it and something newer. A node shows what it
// is still passing on to the others, and one that was cut off what nobody else will ever get:
// when its readers were shown that, the next one, who asked another node, had to wait until
// the edit was in there too (in five of eight drills one to three reads took 190 to 370 ms
// so), or went back in time, if another process asked. It costs a second round trip for each month
// that another process has edited, and none while nothing changes. Versions are told apart by seq
// and at, as the halves of a cut may count alike.
//
// What two have survives any one fault that comes later. But of a write that a cut interrupts two may
// have what the third has not, which is about to be the master: in drill 22 one half of a cut came 12 ms
// after the other, a write in between, and a reader was shown what its author was refused a second
// later. So where the answers differ, nodes are asked once more, in which cluster they are, and what is
// shown is with all of those of the majority, which is what an acknowledged write is with; where they
// are between two clusters, with all that answered. That goes on for 5 s, which is longer than any
// write takes.
//
// If only one of the replicas answers and is believed, it is asked again with the others. After 40 ms it
// is enough: it takes two faults, a move of the partition during which the client's map names no other, or
// that one of two notices before the other that the third is gone. (With 500 ms where others answered who
// are not believed, three reads of drill 20 took 260 ms.) The client looks for a new map 20 times a
// second: with five times, one read in a hundred took over 150 ms, 353 at most, as it waited for the map
// of the next node, in a drill that cut off one node after the other, each cut with its halves 40 ms
// apart; with twenty, none of 5,800, and 122 ms at most.
//
// And no month is shown with a lower seq than this process had shown when it was asked for
// (16,384 of them); unless nothing newer turns up for 10 s: then what was shown was never the
// cluster's. What remains is a reader that comes to an orphan within 250 ms of the cut, while
// the client's map names no other, and has not seen the month before.
//
// When no majority has been seen for 2 s nothing is attempted twice, so that the refusal
// comes within milliseconds.
//
// # Looking
//
// What this process has read of people, teams and months stays decoded, and a look (see look.go)
// asks only for the seq and at of each record that it has: in one batch, however many there are,
// and with the same fence, witnesses and marks as every read of a month. Nothing is taken from
// memory whose version was not answered in that same batch. Where a version is new, the question
// to all replicas, which it needs anyway, brings the content, so that a change costs one round
// trip more and not two. Versions are compared with the count of writes that the servers keep
// beside seq and at: records of people and teams from before they had a seq are told apart by
// that. A batch that would take longer than a node has time for is sent in parts, one after the
// other: the versions of 2,500 records are one batch, and 500 whole months.
//
// # Members
//
// In which teams somebody is would take all months of all teams to find out. So before a
// person is saved in a team's days for the first time, the team is written to a record of that
// person, and settles: a crash between the two leaves a team too many, never one too few. Each
// process remembers whom it has written, so that further saves are one round trip as before.
// What was saved before there was the index is added by the first process that is asked; until
// that is done, and for a day after it in each process that has not done so itself, as one from
// before may still run, somebody counts as a member of every team.
//
// # Notices
//
// What is known of a notice is an entry like that of a team, by the same compare-and-set. The
// entries of one day are spread over 256 records, as a write takes as long as its record is
// large, and a busy company has 30,000 in a day. Days that are 32 apart share their records, so
// that the number of these has an end although nothing is ever deleted. Days that are over
// are cleared, one after the other, and then go off the list of days; a day is put on that list
// before it has its first entry.
//
// # History
//
// A new month is put on its team's list before its record is made, so that no month has
// history that is not found. Entries are numbered in the order of taking effect. When a
// record has 48 of them, the oldest 32 are written to a record of their own by a
// create-only write, and only then cut off the month, if no one did it first. A crash
// between the two leaves a record that nobody looks at until hn says so, and that the
// next attempt takes as written. Readers go by the numbers, so nothing is seen twice.
//
// Between months the order is that of Change.Time. A page reads the list of months and
// the last 8 entries of each, in two round trips, and more only of the months that it
// turns out to need.
package aerospike
