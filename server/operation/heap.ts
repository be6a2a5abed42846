import { setFlagsFromString } from 'node:v8'

/**
 * Settings of V8's garbage collector. The address book of a corp of 100,000 members takes some 150 MB that live as long
 * as the process. A full collection has to scan them all, which stops all calls for 0.2 s, so it should happen rarely.
 *
 * `npm run serve` and the Dockerfile add `--initial-old-space-size=384`, which node accepts only on its command line.
 * Without it, V8 starts with some 20 MB and scans a growing address book again and again while it is read: four times for
 * 100,000 members, an eighth of the time of their first sync. Where memory is short, V8 takes less by itself.
 */

/**
 * When objects made at one place in the code live long, as they do while the address book is read, V8 starts to make them
 * in its old space, and does so from then on. Objects made there later for a single call keep the whole call alive until
 * the next full collection.
 */
setFlagsFromString('--no-allocation-site-pretenuring')

/** Where collecting is slow, V8 lets the old space grow by only a fifth before it collects again; this lets it double. */
setFlagsFromString('--heap-growing-percent=100')

/**
 * In an idle moment, V8 collects everything and lowers the size at which it collects next, so that the next load meets one
 * full collection after another. (`--no-memory-reducer` works only on node's command line.)
 */
setFlagsFromString('--memory-reducer-gc-count=0')
