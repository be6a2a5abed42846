import { closeSync, copyFileSync, fstatSync, openSync, readSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

const rotateAtBytes = 5 * 1024 * 1024

export function logPath(dataDir: string): string {
  return join(dataDir, 'postgres.log')
}

/** For PostgreSQL to write to: appending, so that it goes on at the beginning when the file has been emptied. */
export function openLogFile(dataDir: string): number {
  rotateLog(dataDir)
  return openSync(logPath(dataDir), 'a', 0o600)
}

/**
 * Keeps what was written in `postgres.log.1` and empties the file. PostgreSQL has it open under another user who may not enter
 * this directory, so it can be neither replaced nor reopened; lines that are written during the copy are lost.
 */
export function rotateLog(dataDir: string, atBytes = rotateAtBytes): void {
  const path = logPath(dataDir)
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size < atBytes) return
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
}

/** What was written since `from`, at most the last 4 kB of it. */
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
