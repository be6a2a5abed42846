import { setFlagsFromString } from 'node:v8'

/*
 * Settings of V8's garbage collector: see docs/decisions/rare-full-collections.md.
 */

/**
 * When the objects that one place in the code creates live long, as they do while the address book is read, V8 begins to create
 * them in its old space, and continues to. Objects made there later for a single call keep the whole call alive until the next
 * full collection.
 */
setFlagsFromString('--no-allocation-site-pretenuring')

/** Where collecting is slow, V8 lets the old space grow by only a fifth before it collects again; this lets it double. */
setFlagsFromString('--heap-growing-percent=100')
