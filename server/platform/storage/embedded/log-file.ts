import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

const rotateAtBytes = 5 * 1024 * 1024

export function logPath(dataDir: string): string {
  return join(dataDir, 'postgres.log')
}

/** Opens the log for PostgreSQL in append mode, so that it continues at the start after the file is emptied. */
export function openLogFile(dataDir: string): number {
  rotateLog(dataDir)
  return openSync(logPath(dataDir), 'a', 0o600)
}

/**
 * Copies the log to `postgres.log.1` and empties it. PostgreSQL has the file open under a user who may not enter this
 * directory, so the file can be neither replaced nor reopened. Lines written during the copy are lost.
 */
export function rotateLog(dataDir: string, atBytes = rotateAtBytes): void {
  const path = logPath(dataDir)
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < atBytes) return
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
}

/** What was written after position `from`, but at most the last 4 kB. */
export function readLogSince(dataDir: string, from: number): string {
  const file = openSync(logPath(dataDir), 'r')
  try {
    const { size } = fstatSync(file)
    const start = Math.max(Math.min(from, size), size - 4096)
    const bytes = Buffer.alloc(size - start)
    readSync(file, bytes, 0, bytes.length, start)
    return bytes.toString('utf8').trim()
  } finally {
    closeSync(file)
  }
}
