const firstDelayMs = 200
const longestDelayMs = 30_000

/** Between the attempts of one call: a random delay between half and all of 0.2 s × 2^step, at most 30 s. */
export function backoffMs(step: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** step)
  return full * (0.5 + Math.random() / 2)
}
