import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { giveToOwnerOf } from './owner.ts'

/**
 * The locks of a data directory. They are SQLite's file locks, which the operating system keeps: they are atomic, visible
 * to every container that shares the directory, and released however the process ends. Neither a pid file nor a socket
 * gives all this.
 *
 * - `users`: shared by everybody who uses PostgreSQL. A process that gets it exclusively is the last user.
 * - `turn`: held briefly while starting, restarting, leaving or stopping.
 * - `server`: held by the process that started PostgreSQL for as long as that PostgreSQL lives.
 */
export type LockName = 'users' | 'turn' | 'server'

export type Lock = { release(): void }

/** Returns undefined when another holder prevents the lock; `shared` is prevented only by an exclusive holder. */
export function tryLock(
  dataDir: string,
  name: LockName,
  how: 'shared' | 'exclusive' = 'exclusive',
): Lock | undefined {
  const path = join(dataDir, `postgres.${name}.lock`)
  const file = new DatabaseSync(path)
  try {
    giveToOwnerOf(dataDir, path)
    // Nothing is ever written, so no journal is needed, and a file left by a killed process would only confuse people.
    file.exec('pragma journal_mode = memory')
    if (how === 'exclusive') file.exec('begin exclusive')
    else {
      file.exec('begin')
      // The first read takes the lock, which lasts until the transaction ends.
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

/** Waits until the lock is free. Rejects when the signal aborts. */
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
