import { CallError } from './api.ts'

const firstPauseMs = 2000
const longestPauseMs = 20_000
/** Open pages do not come back all at once. */
const ownPace = 0.8 + Math.random() * 0.4

let awaySinceMs: number | undefined

/** Whether nobody has answered, or only to say that the server cannot work now. It passes without anybody doing anything. */
export function isAway(error: unknown): boolean {
  return error instanceof CallError && (error.status === 0 || error.status >= 502)
}

/** To be told how each call ended: with an error, or well. */
export function noteEnd(error?: unknown): void {
  awaySinceMs = isAway(error) ? (awaySinceMs ?? Date.now()) : undefined
}

/** How long to wait after an attempt that failed at `atMs`: the longer, the longer nobody has answered. */
export function pauseAfterMs(atMs: number): number {
  const lastedMs = atMs - (awaySinceMs ?? atMs)
  return ownPace * Math.min(longestPauseMs, Math.max(firstPauseMs, lastedMs / 2))
}
