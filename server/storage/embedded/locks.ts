import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { giveToOwnerOf } from './owner.ts'

/**
 * The locks of a data directory. SQLite's file locks are the operating system's: atomic, seen by every container that shares the
 * directory, and gone with the process however that ends, which neither a pid file nor a socket gives.
 *
 * - `users`: shared by everybody who uses PostgreSQL. Whoever has it alone is the last one.
 * - `turn`: held for the moment of starting, restarting, leaving or stopping.
 * - `server`: held by whoever started PostgreSQL, for as long as that one lives.
 */
export type LockName = 'users' | 'turn' | 'server'

export type Lock = { release(): void }

/** Undefined while somebody else holds it; `shared` only while somebody holds it alone. */
export function tryLock(
  dataDir: string,
  name: LockName,
  how: 'shared' | 'exclusive' = 'exclusive',
): Lock | undefined {
  const path = join(dataDir, `postgres.${name}.lock`)
  const file = new DatabaseSync(path)
  try {
    giveToOwnerOf(dataDir, path)
    // Nothing is ever written, so that no journal is needed; one left by a killed process would only puzzle.
    file.exec('pragma journal_mode = memory')
    if (how === 'exclusive') file.exec('begin exclusive')
    else {
      file.exec('begin')
      // The lock is taken by the first reading, and kept until the transaction ends.
      file.prepare('select count(*) from sqlite_schema').get()
    }
  } catch (error) {
    file.close()
    if (isBusy(error)) return undefined
    throw error
  }
  return { release: () => file.close() }
}

const busy = 5

function isBusy(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === busy
}

const againMs = 20

/** Rejects when the signal aborts. */
export async function waitForLock(
  dataDir: string,
  name: LockName,
  how: 'shared' | 'exclusive',
  signal?: AbortSignal,
): Promise<Lock> {
  for (;;) {
    const lock = tryLock(dataDir, name, how)
    if (lock) return lock
    await delay(againMs, undefined, signal && { signal })
  }
}
