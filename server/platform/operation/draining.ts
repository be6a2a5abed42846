import { setTimeout as delay } from 'node:timers/promises'

/** A caller that keeps its connection asks again within this time or not at all, in ms. */
export const quietMs = 250
/** For callers that come back over new connections all the time. */
const refusedAtMostMs = 3000
const lookMs = 20

/**
 * How a node leaves its callers. `isLeaving`: readiness fails, so that balancers look elsewhere, and everything is still
 * answered. `isRefusing`: new calls are refused and their connections closed, and calls under way are finished.
 */
export type Drain = {
  readonly isLeaving: boolean
  readonly isRefusing: boolean
  leave(): void
  refuse(): void
  noteRefusal(): void
  /** Resolves when nobody was refused for a while, or when there is nobody who could be. */
  quiet(hasConnections: () => boolean): Promise<void>
}

export function createDraining(): Drain {
  let isLeaving = false
  let isRefusing = false
  let refusedAt = 0
  return {
    get isLeaving() {
      return isLeaving
    },
    get isRefusing() {
      return isRefusing
    },
    leave() {
      isLeaving = true
    },
    refuse() {
      isLeaving = true
      isRefusing = true
      refusedAt = performance.now()
    },
    noteRefusal() {
      refusedAt = performance.now()
    },
    async quiet(hasConnections) {
      const until = performance.now() + refusedAtMostMs
      const isOver = () => performance.now() - refusedAt >= quietMs || performance.now() >= until
      while (hasConnections() && !isOver()) await delay(lookMs)
    },
  }
}
