const dayMs = 86_400_000
const beijingMs = 8 * 3_600_000

/** The Beijing day as `2026-03-01`, which is the day for people and for WeCom's limits. `at` is in ms since the epoch. */
export function dayOf(at: number): string {
  return new Date(at + beijingMs).toISOString().slice(0, 10)
}

/** When the day after the one of this moment begins, in ms since the epoch. */
export function nextDayAt(at: number): number {
  return (Math.floor((at + beijingMs) / dayMs) + 1) * dayMs - beijingMs
}
