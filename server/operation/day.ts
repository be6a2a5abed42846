const dayMs = 86_400_000
const beijingMs = 8 * 3_600_000

/** Days are Beijing's, for people as for WeCom's limits: `2026-03-01`. `at` in ms since 1970. */
export function dayOf(at: number): string {
  return new Date(at + beijingMs).toISOString().slice(0, 10)
}

/** When the day after this moment's begins. */
export function nextDayAt(at: number): number {
  return (Math.floor((at + beijingMs) / dayMs) + 1) * dayMs - beijingMs
}
