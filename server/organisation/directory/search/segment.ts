import { addGrams, type Stream } from './grams.ts'
import { type Cursor, IntersectionCursor, PostingsCursor, UnionCursor } from './postings.ts'
import { putVarint, RecordView } from './record.ts'
import { compareRecords, grown, RecordStore } from './records.ts'

/** A store whose records lie in rank order, with the postings of all their grams. Only its dead marks still change. */
export type Segment = {
  store: RecordStore
  /** Where each record was copied from, `slot << 16 | local`; empty once the segment is in use. */
  sources: Uint32Array
  /** Ascending gram keys; list `i` is `postings[starts[i]..starts[i + 1])`. */
  keys: Uint32Array
  starts: Uint32Array
  postings: Uint8Array
}

/** Candidates of one tier in rank order; undefined when the segment has none. */
export function openStreams(segment: Segment, streams: Stream[]): Cursor | undefined {
  const cursors: Cursor[] = []
  for (const stream of streams) {
    const cursor = openStream(segment, stream)
    if (cursor) cursors.push(cursor)
  }
  return cursors.length > 1 ? new UnionCursor(cursors) : cursors[0]
}

function openStream(segment: Segment, stream: Stream): Cursor | undefined {
  const lists: PostingsCursor[] = []
  for (const key of stream) {
    const at = indexOfKey(segment.keys, key)
    if (at < 0) return undefined
    lists.push(new PostingsCursor(segment.postings, segment.starts[at]!, segment.starts[at + 1]!))
  }
  const [first, ...rest] = lists
  return first && rest.length > 0 ? new IntersectionCursor([first, ...rest]) : first
}

function indexOfKey(keys: Uint32Array, key: number): number {
  let low = 0
  let high = keys.length - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const found = keys[middle]!
    if (found === key) return middle
    if (found < key) low = middle + 1
    else high = middle - 1
  }
  return -1
}

export function segmentBytes(segment: Segment): number {
  const { store, keys, starts, postings } = segment
  return store.memoryBytes() + keys.byteLength + starts.byteLength + postings.byteLength
}

/** A build in small steps of some 50 µs; the last step returns the segment. */
export type SegmentBuild = Generator<undefined, Segment>

const RECORDS_PER_STEP = 16
const COMPARISONS_PER_STEP = 256
const POSTINGS_PER_STEP = 8192
const PAIRS_PER_PIECE = 1 << 14
const PART_SHIFT = 20

/** Builds one segment from the living records of several stores, which together must not exceed STORE_LIMIT. */
export function* buildSegment(slot: number, sources: RecordStore[]): SegmentBuild {
  const bySlot = new Map(sources.map(source => [source.slot, source]))
  const places = yield* sortPlaces(sources, bySlot)
  const store = new RecordStore(slot)
  const collector = new GramCollector()
  const view = new RecordView()
  const ends = new Uint32Array(places.length)
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!
    const source = bySlot.get(place >>> 16)!
    const local = place & 0xffff
    store.append(source.bytes, source.offsets[local]!, source.offsets[local + 1]!, source.ordinals[local]!)
    source.open(local, view)
    collector.record = i
    addGrams(view, collector)
    ends[i] = collector.pairCount
    if (i % RECORDS_PER_STEP === 0) yield
  }
  store.seal()
  const lists = yield* collector.encode(ends)
  return { store, sources: places, ...lists }
}

/** Sorts the living records by rank. The merge sort starts from segments, which are sorted already. */
function* sortPlaces(
  sources: RecordStore[],
  bySlot: Map<number, RecordStore>,
): Generator<undefined, Uint32Array> {
  const total = sources.reduce((sum, source) => sum + source.live, 0)
  const compare = (a: number, b: number) =>
    compareRecords(bySlot.get(a >>> 16)!, a & 0xffff, bySlot.get(b >>> 16)!, b & 0xffff)
  let from = new Uint32Array(total)
  let to = new Uint32Array(total)
  let runs = [0]
  let count = 0
  for (const source of sources) {
    for (let local = 0; local < source.count; local++) {
      if (source.isDead(local)) continue
      from[count] = ((source.slot << 16) | local) >>> 0
      if (count > 0 && compare(from[count - 1]!, from[count]!) > 0) runs.push(count)
      if (++count === total) break
      if (count % COMPARISONS_PER_STEP === 0) yield
    }
  }
  while (runs.length > 1) {
    const merged: number[] = []
    for (let r = 0; r < runs.length; r += 2) {
      const start = runs[r]!
      const middle = runs[r + 1] ?? count
      const end = runs[r + 2] ?? count
      merged.push(start)
      for (let a = start, b = middle, out = start; out < end; out++) {
        const takesFirst = b >= end || (a < middle && compare(from[a]!, from[b]!) <= 0)
        to[out] = takesFirst ? from[a++]! : from[b++]!
        if (out % COMPARISONS_PER_STEP === 0) yield
      }
    }
    runs = merged
    const spare = from
    from = to
    to = spare
  }
  return from.subarray(0, count)
}

/** Collects (gram, record) pairs by ascending record and turns them into encoded lists by counting sort. */
class GramCollector {
  record = 0
  pairCount = 0
  /** Split into pieces, because growing one large array would copy tens of megabytes in one step. */
  #pairs: Uint32Array[] = []
  #piece = new Uint32Array(0)
  #keys = new Uint32Array(1024)
  #counts = new Uint32Array(1024)
  #latest = new Uint32Array(1024)
  #keyCount = 0
  #table = new Uint32Array(4096)
  #shift = 20

  add(key: number): void {
    const id = this.#idOf(key)
    if (this.#latest[id] === this.record + 1) return
    this.#latest[id] = this.record + 1
    this.#counts[id]!++
    if (this.pairCount % PAIRS_PER_PIECE === 0) {
      this.#piece = new Uint32Array(PAIRS_PER_PIECE)
      this.#pairs.push(this.#piece)
    }
    this.#piece[this.pairCount++ % PAIRS_PER_PIECE] = id
  }

  /** Open addressing; the table stores id + 1 and is never more than half full. */
  #idOf(key: number): number {
    const mask = this.#table.length - 1
    let at = Math.imul(key, 0x9e3779b1) >>> this.#shift
    for (;;) {
      const id = this.#table[at]! - 1
      if (id < 0) break
      if (this.#keys[id] === key) return id
      at = (at + 1) & mask
    }
    const id = this.#keyCount++
    if (id === this.#keys.length) {
      this.#keys = grown(this.#keys, id * 2)
      this.#counts = grown(this.#counts, id * 2)
      this.#latest = grown(this.#latest, id * 2)
    }
    this.#keys[id] = key
    this.#table[at] = id + 1
    if (this.#keyCount * 2 > this.#table.length) this.#rehash()
    return id
  }

  #rehash(): void {
    this.#table = new Uint32Array(this.#table.length * 2)
    this.#shift--
    const mask = this.#table.length - 1
    for (let id = 0; id < this.#keyCount; id++) {
      let at = Math.imul(this.#keys[id]!, 0x9e3779b1) >>> this.#shift
      while (this.#table[at] !== 0) at = (at + 1) & mask
      this.#table[at] = id + 1
    }
  }

  *encode(ends: Uint32Array): Generator<undefined, Pick<Segment, 'keys' | 'starts' | 'postings'>> {
    const places = new Uint32Array(this.#keyCount)
    for (let id = 1; id < this.#keyCount; id++) places[id] = places[id - 1]! + this.#counts[id - 1]!
    const records = new Uint16Array(this.pairCount)
    for (let record = 0, pair = 0; record < ends.length; record++) {
      for (const end = ends[record]!; pair < end; pair++) {
        const id = this.#pairs[Math.floor(pair / PAIRS_PER_PIECE)]![pair % PAIRS_PER_PIECE]!
        records[places[id]!++] = record
      }
      if (record % (RECORDS_PER_STEP * 8) === 0) yield
    }
    this.#pairs = []
    const keys = yield* sortKeys(this.#keys.subarray(0, this.#keyCount))
    const starts = new Uint32Array(keys.length + 1)
    let postings = new Uint8Array(Math.ceil(this.pairCount * 1.5) + 4096)
    let at = 0
    let spent = 0
    for (let i = 0; i < keys.length; i++) {
      const id = this.#idOf(keys[i]!)
      const count = this.#counts[id]!
      // Three bytes hold any distance below STORE_LIMIT.
      if (at + count * 3 > postings.length) postings = grown(postings, postings.length * 2 + count * 3)
      // The pass above left each place pointing to the end of its list.
      for (let p = places[id]! - count, previous = -1; p < places[id]!; p++) {
        at = putVarint(postings, at, records[p]! - previous)
        previous = records[p]!
      }
      starts[i + 1] = at
      spent += count + 16
      if (spent > POSTINGS_PER_STEP) {
        spent = 0
        yield
      }
    }
    return { keys, starts, postings: postings.slice(0, at) }
  }
}

/** Partitions by the leading bits first, so that each step sorts only one part. */
function* sortKeys(keys: Uint32Array): Generator<undefined, Uint32Array> {
  const ends = new Uint32Array(1 << (32 - PART_SHIFT))
  for (const key of keys) ends[key >>> PART_SHIFT]!++
  for (let part = 1; part < ends.length; part++) ends[part]! += ends[part - 1]!
  const sorted = new Uint32Array(keys.length)
  const next = ends.slice()
  for (const key of keys) sorted[--next[key >>> PART_SHIFT]!] = key
  for (let part = 0; part < ends.length; part++) {
    if (next[part] === ends[part]) continue
    sorted.subarray(next[part], ends[part]).sort()
    yield
  }
  return sorted
}
