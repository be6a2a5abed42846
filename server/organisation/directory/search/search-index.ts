import { planQuery } from './grams.ts'
import { type Hits, openHits, scanHits } from './hits.ts'
import { TIER_COUNT } from './match.ts'
import { pinyinOf } from './pinyin.ts'
import { prepareQuery } from './query.ts'
import { encodeRecord, type SearchFields } from './record.ts'
import { compareRecords, grown, type RecordArrays, RecordStore, STORE_LIMIT } from './records.ts'
import { buildSegment, type Segment, type SegmentBuild, segmentBytes } from './segment.ts'

export type { SearchFields } from './record.ts'

export type SearchOptions = {
  offset: number
  limit: number
  /** Whether mobiles may be searched; if not, they neither match nor affect the rank. */
  mobile: boolean
  /** Whether the searcher may see a member. It runs before matching, so it should cost no more than an array look-up. */
  allow?: (ordinal: number) => boolean
}

/** `pinyin` is derived from the name when absent. */
export type SearchRecord = Omit<SearchFields, 'pinyin'> & { pinyin?: string }

export type SearchIndex = {
  /** Inserts or replaces a member; the very next search sees it. */
  set(ordinal: number, fields: SearchRecord): void
  remove(ordinal: number): void
  /**
   * Returns the ordinals of matching members, best first, `limit` of them from `offset` on. An empty query finds nobody.
   *
   * Members are ordered by tier (see `matchTier`), then by shorter name, name and userId. The order depends on the
   * members alone, so pages of one query never overlap and are the same on every node.
   *
   * Any offset and limit are answered in full. Each tier is read in rank order and reading stops at `offset + limit`, so
   * even a query that matches everybody (`1`) costs only what its page costs, and a deep page costs its depth.
   */
  search(query: string, options: SearchOptions): number[]
  /** All of it at this moment, which later changes leave as it is. */
  cut(): (SegmentSlice | RecordArrays)[]
  /** Takes a part of a cut, but for those of whom `isKnown` says that they are gone; nobody may be in two parts. */
  adopt(part: SegmentSlice | RecordArrays, isKnown: (ordinal: number) => boolean): void
  /** Does one step (some 50 µs) of the building that many changes left undone. Returns false when nothing is left. */
  step(): boolean
  /** Whether changes left nothing worth building. */
  readonly isSettled: boolean
  readonly size: number
  memoryBytes(): number
}

export type SegmentSlice = RecordArrays & Pick<Segment, 'keys' | 'starts' | 'postings'>

/** Sizes in records; only tests use other values. */
export type SearchTuning = { batch: number; segment: number }

const NOWHERE = 0xffffffff
/** A store is merged into a build when it is at most this many times larger than what is being built. */
const MERGE_FACTOR = 2
/** One build step per this many records that a search had to scan, so that scanning and building cost about the same. */
const SCANNED_PER_STEP = 512
/** Cap on unbuilt batches; beyond this, late building costs more garbage collection than it saves. */
const WAITING_AT_MOST = 2

/**
 * Substring search over the members of a corp, in memory.
 *
 * A change is encoded into searchable bytes with the pinyin of the name (2.5 µs) and appended to an open batch, which
 * searches scan. When searches find that a batch has grown, it is built into a segment: records sorted by rank, with posting lists of their grams. Small
 * segments are merged into larger ones. Building happens in steps of some 50 µs inside `set`, `remove` and `search`, so
 * that no call waits for a whole build and nothing runs in the background. A load without searches only fills batches as
 * large as whole segments; two of them may wait to be built by `step` or by the searches that would otherwise scan them.
 */
export function createSearchIndex(tuning: SearchTuning = { batch: 128, segment: STORE_LIMIT }): SearchIndex {
  return new MemberIndex(tuning)
}

class MemberIndex implements SearchIndex {
  #tuning: SearchTuning
  #count = 0
  /** Small at first, as are the batches: thousands of small corps have one each. */
  #places = new Uint32Array(32).fill(NOWHERE)
  #stores: (RecordStore | undefined)[] = []
  #segments: Segment[] = []
  #open: RecordStore
  /** Full batches that are not built yet, including the one being built. */
  #waiting: RecordStore[] = []
  #build: { steps: SegmentBuild; sources: RecordStore[] } | undefined

  constructor(tuning: SearchTuning) {
    this.#tuning = tuning
    this.#open = this.#newBatch()
  }

  get size(): number {
    return this.#count
  }

  get isSettled(): boolean {
    return !this.#build && this.#waiting.length === 0 && this.#open.count < this.#tuning.batch
  }

  set(ordinal: number, fields: SearchRecord): void {
    const record = encodeRecord(fields, fields.pinyin ?? pinyinOf(fields.name))
    // This comes first, because it may finish a build, which moves members to other places.
    this.#makeRoom(ordinal)
    const place = this.#places[ordinal] ?? NOWHERE
    if (place !== NOWHERE) {
      const store = this.#stores[place >>> 16]!
      if (store.holds(place & 0xffff, record)) return
      store.kill(place & 0xffff)
    } else this.#count++
    const local = this.#open.append(record.bytes, 0, record.length, ordinal)
    this.#places[ordinal] = ((this.#open.slot << 16) | local) >>> 0
    this.#follow()
  }

  remove(ordinal: number): void {
    const place = this.#places[ordinal] ?? NOWHERE
    if (place === NOWHERE) return
    this.#stores[place >>> 16]!.kill(place & 0xffff)
    this.#places[ordinal] = NOWHERE
    this.#count--
    this.#follow()
  }

  search(text: string, options: SearchOptions): number[] {
    const query = prepareQuery(text, options.mobile)
    if (!query || options.limit <= 0) return []
    const scanned = this.#waiting.reduce((sum, batch) => sum + batch.count, this.#open.count)
    if (this.#waiting.length === 0 && this.#open.count >= this.#tuning.batch) this.#freeze()
    this.#advance(1 + Math.floor(scanned / SCANNED_PER_STEP))
    const plan = planQuery(query)
    const batches = [this.#open, ...this.#waiting]
    const inBatches = batches.map(batch => scanHits(batch, query, options.allow))
    const found: number[] = []
    let toSkip = options.offset
    for (let tier = 0; tier < TIER_COUNT; tier++) {
      const heads = inBatches.map(hits => hits[tier]!)
      for (const segment of this.#segments)
        heads.push(openHits(segment, plan[tier]!, tier, query, options.allow))
      for (const hits of mergeHits(heads)) {
        if (toSkip-- > 0) continue
        found.push(hits.store.ordinals[hits.local]!)
        if (found.length >= options.limit) return found
      }
    }
    return found
  }

  cut(): (SegmentSlice | RecordArrays)[] {
    const segments = this.#segments.map(({ store, keys, starts, postings }) => ({
      ...store.cut(),
      keys,
      starts,
      postings,
    }))
    const loose = [...this.#waiting, this.#open].filter(store => store.live > 0)
    return [...segments, ...loose.map(store => store.cut())]
  }

  adopt(part: SegmentSlice | RecordArrays, isKnown: (ordinal: number) => boolean): void {
    const store = this.#newBatch()
    store.adopt(part)
    this.#place(store, isKnown)
    if (store.live === 0) this.#stores[store.slot] = undefined
    // It has no room to grow, as an open one must.
    else if (!('postings' in part)) this.#waiting.push(store)
    else {
      const { keys, starts, postings } = part
      this.#segments.push({ store, keys, starts, postings, sources: new Uint32Array(0) })
    }
  }

  #place(store: RecordStore, isKnown: (ordinal: number) => boolean): void {
    for (let local = 0; local < store.count; local++) {
      if (store.isDead(local)) continue
      const ordinal = store.ordinals[local]!
      if (ordinal >= this.#places.length)
        this.#places = grown(this.#places, ordinal * 2).fill(NOWHERE, this.#places.length)
      if (!isKnown(ordinal)) store.kill(local)
      else {
        this.#places[ordinal] = ((store.slot << 16) | local) >>> 0
        this.#count++
      }
    }
  }

  step(): boolean {
    if (this.#waiting.length === 0 && this.#open.count >= this.#tuning.batch) this.#freeze()
    this.#advance(1)
    return this.#build !== undefined || this.#waiting.length > 0
  }

  memoryBytes(): number {
    let bytes = this.#places.byteLength + this.#open.memoryBytes()
    for (const batch of this.#waiting) bytes += batch.memoryBytes()
    for (const segment of this.#segments) bytes += segmentBytes(segment)
    return bytes
  }

  #makeRoom(ordinal: number): void {
    if (ordinal >= this.#places.length) {
      const size = this.#places.length
      this.#places = grown(this.#places, Math.max(ordinal + 1, Math.ceil(size * 1.5))).fill(NOWHERE, size)
    }
    if (this.#open.count < this.#tuning.segment) return
    this.#freeze()
    while (this.#waiting.length > WAITING_AT_MOST + 1) this.#advance(1)
  }

  #newBatch(): RecordStore {
    const batch = new RecordStore(this.#freeSlot())
    this.#stores[batch.slot] = batch
    return batch
  }

  #freeSlot(): number {
    const free = this.#stores.indexOf(undefined)
    return free < 0 ? this.#stores.length : free
  }

  #freeze(): void {
    this.#waiting.push(this.#open)
    this.#open = this.#newBatch()
  }

  /** Builds `first` together with the segments that are not much larger, smallest first, up to a full segment. */
  #startBuild(first: RecordStore): void {
    const sources = [first]
    let total = first.live
    const others = this.#segments.map(segment => segment.store).filter(store => store !== first)
    for (const store of others.sort((a, b) => a.live - b.live)) {
      if (store.live > total * MERGE_FACTOR || total + store.live > this.#tuning.segment) break
      sources.push(store)
      total += store.live
    }
    const slot = this.#freeSlot()
    // Reserve the slot although its store does not exist yet.
    this.#stores[slot] = first
    this.#build = { steps: buildSegment(slot, sources), sources }
  }

  /** Runs with each change. While nobody searches, a load goes on without building until too many batches wait. */
  #follow(): void {
    const { length } = this.#waiting
    if (this.#build || length === 0 || length > WAITING_AT_MOST) this.#advance(1)
  }

  #advance(steps: number): void {
    for (let i = 0; i < steps; i++) {
      if (!this.#build) {
        const next = this.#waiting[0] ?? this.#wasteful()
        if (!next) return
        this.#startBuild(next)
      }
      const { steps, sources } = this.#build!
      const step = steps.next()
      if (step.done) this.#replace(step.value, sources)
    }
  }

  #wasteful(): RecordStore | undefined {
    const limit = ({ live }: RecordStore) => live * 2 + this.#tuning.batch
    return this.#segments.find(({ store }) => store.count > limit(store))?.store
  }

  /** Replaces the sources by the built segment. Members that were removed or changed during the build start out dead. */
  #replace(segment: Segment, sources: RecordStore[]): void {
    const { store, sources: places } = segment
    for (let local = 0; local < store.count; local++) {
      const ordinal = store.ordinals[local]!
      if (this.#places[ordinal] === places[local]) this.#places[ordinal] = ((store.slot << 16) | local) >>> 0
      else store.kill(local)
    }
    for (const source of sources) this.#stores[source.slot] = undefined
    this.#segments = this.#segments.filter(other => !sources.includes(other.store))
    this.#stores[store.slot] = store.live > 0 ? store : undefined
    if (store.live > 0) this.#segments.push({ ...segment, sources: new Uint32Array(0) })
    this.#waiting = this.#waiting.filter(batch => !sources.includes(batch))
    this.#build = undefined
  }
}

/** Merges the hits of all stores in rank order; each yielded value is a store's hits positioned at the member. */
function* mergeHits(all: Hits[]): Generator<Hits> {
  const heads = all.filter(hits => hits.advance())
  while (heads.length > 0) {
    let best = 0
    for (let i = 1; i < heads.length; i++) {
      const a = heads[i]!
      const b = heads[best]!
      if (compareRecords(a.store, a.local, b.store, b.local) < 0) best = i
    }
    yield heads[best]!
    if (!heads[best]!.advance()) heads.splice(best, 1)
  }
}
