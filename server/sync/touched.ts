/**
 * When this node last began to read an entity of a corp from WeCom. A full sync reads whole departments; what it read
 * before an event's own reading began is older than what the event brought, and must not overwrite it.
 */
export type Touched = {
  note(entity: string, at: number): void
  /** 0 when it was not read lately. */
  lastRead(entity: string): number
  /** Forgets what no run needs: readings that began before `before`. */
  prune(before: number): void
}

export function createTouched(): Touched {
  const readings = new Map<string, number>()
  return {
    note(entity, at) {
      // Set anew, so that the map stays in the order of time.
      readings.delete(entity)
      readings.set(entity, at)
    },
    lastRead: entity => readings.get(entity) ?? 0,
    prune(before) {
      for (const [entity, at] of readings) {
        if (at >= before) return
        readings.delete(entity)
      }
    },
  }
}
