import type { Retention } from '../storage/retention.ts'

export const queueRetention: readonly Retention[] = [
  { table: 'queue', isBounded: true, because: 'a row goes when nothing is left to do' },
  { table: 'timer', isBounded: true, because: 'one row per job that any version scheduled' },
]
