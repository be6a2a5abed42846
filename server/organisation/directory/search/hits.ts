import type { Stream } from './grams.ts'
import { matchTier, TIER_COUNT } from './match.ts'
import { type Cursor, DONE } from './postings.ts'
import type { Query } from './query.ts'
import { RecordView } from './record.ts'
import { compareRecords, type RecordStore } from './records.ts'
import { openStreams, type Segment } from './segment.ts'

export type Allow = ((ordinal: number) => boolean) | undefined

/** The matching members of one store in one tier, in rank order. */
export type Hits = {
  readonly store: RecordStore
  /** The current local id; meaningless before the first `advance`. */
  local: number
  /** Moves to the next hit; false when there is none. */
  advance(): boolean
}

const view = new RecordView()

/** Matches every record of an unsorted store and returns one list of hits per tier. */
export function scanHits(store: RecordStore, query: Query, allow: Allow): Hits[] {
  const tiers: number[][] = Array.from({ length: TIER_COUNT }, () => [])
  for (let local = 0; local < store.count; local++) {
    if (store.isDead(local)) continue
    store.open(local, view)
    const tier = matchTier(view, query)
    if (tier < TIER_COUNT && (!allow || allow(store.ordinals[local]!))) tiers[tier]!.push(local)
  }
  return tiers.map(locals => new ListedHits(store, locals))
}

/** Matches the candidates that a segment's postings suggest for the tier, lazily as the hits are advanced. */
export function openHits(
  segment: Segment,
  streams: Stream[],
  tier: number,
  query: Query,
  allow: Allow,
): Hits {
  const cursor = openStreams(segment, streams)
  return cursor
    ? new SegmentHits(segment.store, cursor, tier, query, allow)
    : new ListedHits(segment.store, [])
}

class ListedHits implements Hits {
  readonly store: RecordStore
  local = -1
  #locals: number[]
  #at = 0

  constructor(store: RecordStore, locals: number[]) {
    this.store = store
    this.#locals = locals.sort((a, b) => compareRecords(store, a, store, b))
  }

  advance(): boolean {
    if (this.#at >= this.#locals.length) return false
    this.local = this.#locals[this.#at++]!
    return true
  }
}

class SegmentHits implements Hits {
  readonly store: RecordStore
  local = -1
  #cursor: Cursor
  #tier: number
  #query: Query
  #allow: Allow

  constructor(store: RecordStore, cursor: Cursor, tier: number, query: Query, allow: Allow) {
    this.store = store
    this.#cursor = cursor
    this.#tier = tier
    this.#query = query
    this.#allow = allow
  }

  advance(): boolean {
    const { store } = this
    for (let local = this.#cursor.next(); local !== DONE; local = this.#cursor.next()) {
      if (store.isDead(local)) continue
      if (this.#allow && !this.#allow(store.ordinals[local]!)) continue
      store.open(local, view)
      if (matchTier(view, this.#query) !== this.#tier) continue
      this.local = local
      return true
    }
    return false
  }
}
