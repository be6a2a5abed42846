import { setFlagsFromString } from 'node:v8'

/**
 * How V8 keeps memory. A corp of 100,000 is some 150 MB that live as long as the process does, and to look through them
 * stops all calls for 0.2 s: that is to happen rarely.
 *
 * `npm run serve` and the Dockerfile add what node takes on its command line only: `--initial-old-space-size=384`. Otherwise
 * V8 begins with some 20 MB, and looks through an address book that is being read time and again as it grows: four times for
 * 100,000 members, an eighth of what their first sync takes. Where memory is short V8 takes less by itself.
 */

/**
 * V8 moves an allocation site to its old space when what is made there lives long, as it does while the address book is
 * read, and leaves it there. What is made there afterwards for a call keeps the whole call until the next full collection.
 */
setFlagsFromString('--no-allocation-site-pretenuring')

/** Where collecting is slow, V8 lets the old space grow by a fifth before it collects again; this lets it double. */
setFlagsFromString('--heap-growing-percent=100')

/**
 * An idle moment makes V8 give memory back: it collects everything and lowers the limit at which it collects next, so that
 * the load after it meets one full collection after the other. (`--no-memory-reducer` works on node's command line only.)
 */
setFlagsFromString('--memory-reducer-gc-count=0')
