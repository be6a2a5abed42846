export const dayMs = 86_400_000

/** From when on administrators are told that a certificate ends. */
export const soonMs = 14 * dayMs

/** Whole days, below 0 for a certificate that has ended. */
export function daysLeft(endsAt: number, now: number): number {
  return Math.floor((endsAt - now) / dayMs)
}
