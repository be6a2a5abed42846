import type { Bus } from '../bus.ts'
import { type Clock, clockToldMs } from './clock.ts'
import { areCommitsStuck, type Beat } from './node-store.ts'

/** What a node finds wrong beside it, told once each time that it begins. */
export type Troubles = {
  /** Undefined unless commits are known to wait for standbys. */
  unconfirmed(): string | undefined
  /** Undefined while this machine's clock is right enough. */
  clock(): string | undefined
  hear(beat: Pick<Beat, 'isStuck'>): void
  /** For a beat that does not come back: commits that wait for standbys hold all connections of the pool in the end. Never rejects. */
  askBeside(): Promise<void>
}

const waiting = 'what is written is not confirmed: is every synchronous standby away?'

export function createTroubles(
  bus: Pick<Bus, 'ask'>,
  clock: Clock,
  onBegin: (problem: string) => void,
): Troubles {
  let isStuck = false
  const finders = {
    unconfirmed: () => (isStuck ? waiting : undefined),
    clock() {
      const aheadMs = clock.aheadMs()
      if (Math.abs(aheadMs) < clockToldMs) return undefined
      const seconds = `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'}`
      return `the clock of this machine is ${seconds} that of the database: set right whichever is wrong`
    },
  }
  const told = new Set<() => string | undefined>()

  function tell() {
    for (const find of Object.values(finders)) {
      const problem = find()
      if (problem === undefined) told.delete(find)
      else if (!told.has(find)) {
        told.add(find)
        onBegin(problem)
      }
    }
  }

  return {
    ...finders,
    hear(beat) {
      isStuck = beat.isStuck
      tell()
    },
    async askBeside() {
      // Where nobody answers, nothing is known to wait.
      isStuck = (await bus.ask<Pick<Beat, 'isStuck'>>(areCommitsStuck))?.isStuck === true
      tell()
    },
  }
}
