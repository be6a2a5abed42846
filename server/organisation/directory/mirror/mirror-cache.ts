/**
 * An address book is in memory from its first use. A declaration says `directory: true`, and the gate waits for the corp's
 * address book; a handler that takes `mirrors` without that does not compile. All other code uses `mirrors.load` or, over
 * several steps, `mirrors.during`. While a large address book is being read, calls that say which members they are `about` have
 * a mirror of their own, made of rows (meanwhile.ts), so that rules of view and scope have one place. Beyond
 * `WISP_MIRROR_BYTES` the least recently used address books are evicted, except those in use. Writes of other nodes to a corp
 * that is not in memory cost nothing here. No other code keeps a mirror; what is derived from one is kept by its `revision`,
 * which is unique.
 */

import { bytesOf, type Mirror } from './mirror.ts'

/**
 * Address books in memory: each from its first use until it is the least recently used of too many, where those of corps that are at home
 * on another node go before all others.
 */
export type MirrorCache = {
  /** Undefined when it is not in memory. `peek` does not count as a use. */
  peek(corpId: string): Mirror | undefined
  find(corpId: string): Mirror | undefined
  load(corpId: string): Promise<Mirror>
  during<T>(corpId: string, work: () => T | Promise<T>): T | Promise<T>
  all(): Mirror[]
  /** Those that are being read: they may have been read before a change that is told now. */
  isLoading(corpId: string): boolean
  loading(): string[]
  replace(mirror: Mirror): void
  drop(corpId: string): void
  /** To be called when this mirror may have grown. */
  grown(corpId: string): void
}

/** `usedAt` counts uses, not time. `bytes`: what it took when it was last looked at. */
type Entry = { mirror: Mirror; usedAt: number; users: number; bytes: number }

export type MirrorCacheOptions = {
  /** What all may take together; those in use stay all the same. */
  bytes: number
  /** Uses that come together share one reading. */
  read(corpId: string): Promise<Mirror>
  /** Readings take turns with what else is done to a corp's mirror. */
  inTurn<T>(corpId: string, step: () => Promise<T>): Promise<T>
  isAtHome(corpId: string): boolean
}

const keptPart = 31 / 32

/** Those that nobody uses: the ones that are at home elsewhere before all others, and then by their last use. */
function idle(entries: ReadonlyMap<string, Entry>, uses: number, isAtHome: (corpId: string) => boolean) {
  return [...entries]
    .filter(([, entry]) => entry.users === 0 && entry.usedAt !== uses)
    .sort(([one, a], [other, b]) => Number(isAtHome(one)) - Number(isAtHome(other)) || a.usedAt - b.usedAt)
    .map(([corpId]) => corpId)
}

/** What all take is kept up: adding it up anew for each use would cost 20,000 corps milliseconds. */
function createWeighed() {
  const entries = new Map<string, Entry>()
  let held = 0
  return {
    entries: entries as ReadonlyMap<string, Entry>,
    isMoreThan: (bytes: number) => held > bytes,
    add(entry: Entry) {
      entries.set(entry.mirror.corpId, entry)
      held += entry.bytes
    },
    remove(corpId: string) {
      held -= entries.get(corpId)?.bytes ?? 0
      entries.delete(corpId)
    },
    weigh(entry: Entry) {
      if (entries.get(entry.mirror.corpId) !== entry) return
      held -= entry.bytes
      entry.bytes = bytesOf(entry.mirror)
      held += entry.bytes
    },
  }
}

/** Asked for many times before it runs, it runs once. */
function onceSoon(work: () => void): () => void {
  let isDue = false
  return () => {
    if (isDue) return
    isDue = true
    setImmediate(() => {
      isDue = false
      work()
    })
  }
}

export function createMirrorCache({ bytes, read, inTurn, isAtHome }: MirrorCacheOptions): MirrorCache {
  const { entries, isMoreThan, add, remove, weigh } = createWeighed()
  const reading = new Map<string, Promise<Entry>>()
  let uses = 0

  function makeRoom() {
    if (!isMoreThan(bytes)) return
    for (const corpId of idle(entries, uses, isAtHome)) {
      remove(corpId)
      // Some more than must, so that not each of the next readings sorts all of them.
      if (!isMoreThan(bytes * keptPart)) return
    }
  }

  /** When those who waited for an address book have begun to use it. */
  const makeRoomSoon = onceSoon(makeRoom)

  async function readEntry(corpId: string): Promise<Entry> {
    try {
      return await inTurn(corpId, async () => {
        const mirror = await read(corpId)
        const entry = { mirror, usedAt: ++uses, users: 0, bytes: bytesOf(mirror) }
        add(entry)
        makeRoomSoon()
        return entry
      })
    } finally {
      reading.delete(corpId)
    }
  }

  function loadEntry(corpId: string): Promise<Entry> {
    const known = entries.get(corpId)
    if (known) return Promise.resolve(known)
    return reading.getOrInsertComputed(corpId, () => readEntry(corpId))
  }

  function use<T>(entry: Entry, work: () => T | Promise<T>): T | Promise<T> {
    entry.usedAt = ++uses
    const result = work()
    if (!(result instanceof Promise)) return result
    entry.users++
    return result.finally(() => {
      entry.users--
      weigh(entry)
      makeRoomSoon()
    })
  }

  return {
    peek: corpId => entries.get(corpId)?.mirror,
    find(corpId) {
      const entry = entries.get(corpId)
      if (entry) entry.usedAt = ++uses
      return entry?.mirror
    },
    load: async corpId => {
      const entry = await loadEntry(corpId)
      entry.usedAt = ++uses
      return entry.mirror
    },
    during(corpId, work) {
      const entry = entries.get(corpId)
      return entry ? use(entry, work) : loadEntry(corpId).then(loaded => use(loaded, work))
    },
    all: () => [...entries.values()].map(entry => entry.mirror),
    isLoading: corpId => reading.has(corpId),
    loading: () => [...reading.keys()],
    replace(mirror) {
      const entry = entries.get(mirror.corpId)
      if (entry) entry.mirror = mirror
    },
    drop: remove,
    grown(corpId) {
      const entry = entries.get(corpId)
      if (!entry) return
      weigh(entry)
      makeRoomSoon()
    },
  }
}
