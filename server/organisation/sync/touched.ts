/**
 * Remembers when this node last began to read each entity of a corp from WeCom. A full sync reads whole departments; if an
 * event's own read of an entity began later, the sync's copy is older and must not overwrite it. Reads are ordered by a
 * counter instead of the clock, so that two within one millisecond have an order too.
 */
export type ReadTimes = {
  note(entity: string, at: number): void
  /** When the entity was last read, in ms since the epoch; 0 if not lately. */
  lastRead(entity: string): number
  /** A point between two reads, for `isQuietSince` and `readSince`. */
  mark(): number
  /** Whether no entity was read after the mark. */
  isQuietSince(mark: number): boolean
  /** Whether a read of this entity began after the mark. */
  readSince(entity: string, mark: number): boolean
  /** Forgets reads that began before `before`, in ms since the epoch; no run needs them any more. */
  prune(before: number): void
}

export function createTouched(): ReadTimes {
  const readings = new Map<string, { at: number; order: number }>()
  let count = 0
  let latest = 0
  return {
    note(entity, at) {
      // Deleting first moves the entry to the end, so that the map stays ordered by time.
      readings.delete(entity)
      latest = ++count
      readings.set(entity, { at, order: latest })
    },
    lastRead: entity => readings.get(entity)?.at ?? 0,
    mark: () => ++count,
    isQuietSince: mark => latest <= mark,
    readSince: (entity, mark) => (readings.get(entity)?.order ?? 0) > mark,
    prune(before) {
      for (const [entity, { at }] of readings) {
        if (at >= before) return
        readings.delete(entity)
      }
    },
  }
}
