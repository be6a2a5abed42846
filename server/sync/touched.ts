/**
 * When this node last began to read an entity of a corp from WeCom. A full sync reads whole departments; what it read
 * before an event's own reading began is older than what the event brought, and must not overwrite it. Readings are
 * ordered by a count, not by the clock: two of one millisecond have an order too.
 */
export type Touched = {
  note(entity: string, at: number): void
  /** Milliseconds since the epoch; 0 when it was not read lately. */
  lastRead(entity: string): number
  /** A moment between readings, for `readSince`. */
  mark(): number
  /** Whether no reading of any entity began after the mark. */
  isQuietSince(mark: number): boolean
  /** Whether a reading of the entity began after the mark. */
  readSince(entity: string, mark: number): boolean
  /** Forgets what no run needs: readings that began before `before`. */
  prune(before: number): void
}

export function createTouched(): Touched {
  const readings = new Map<string, { at: number; order: number }>()
  let count = 0
  let latest = 0
  return {
    note(entity, at) {
      // Set anew, so that the map stays in the order of time.
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
