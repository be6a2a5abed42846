import { statfsSync } from 'node:fs'
import type { Log } from '../operation/log.ts'

/** PostgreSQL's disk_full. */
const diskFull = '53100'
/** A write that failed because the disk was full counts as a problem for this long; there is always a write within that time. */
const rememberedMs = 15_000
/** PostgreSQL's log grows by files of 16 MB, and it stops where it cannot have the next one. */
const needed = 16 * 1024 * 1024

/** Whether the database has room to write; without it only reads work. */
export type Room = {
  /** Undefined while there is room. The first call that notices the beginning or the end logs it. */
  problem(): string | undefined
  /** In bytes; undefined where the disk is another machine's. */
  free(): number | undefined
  /** Looks at the error of a statement. */
  note(error: unknown): void
}

/** `dataDir` is that of the embedded database, whose disk is this machine's. */
export function createRoom(log: Log, dataDir?: string, now = () => performance.now()): Room {
  let refusedAt = Number.NEGATIVE_INFINITY
  let last: string | undefined

  function free(): number | undefined {
    if (dataDir === undefined) return undefined
    const { bavail, bsize } = statfsSync(dataDir)
    return bavail * bsize
  }

  function find(): string | undefined {
    const left = free()
    if (left !== undefined && left < needed)
      return `the disk of ${dataDir} is full (${Math.floor(left / 1024 / 1024)} MB left): nothing can be written`
    return now() - refusedAt < rememberedMs
      ? 'the disk of the database is full: nothing can be written'
      : undefined
  }

  return {
    free,
    problem() {
      const found = find()
      if (found !== undefined && last === undefined) log.error({ problem: found }, 'disk full')
      if (found === undefined && last !== undefined) log.info('there is room on the disk again')
      last = found
      return found
    },
    note(error) {
      if ((error as { code?: unknown } | null)?.code === diskFull) refusedAt = now()
    },
  }
}
