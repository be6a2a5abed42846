const firstDelayMs = 200
const longestDelayMs = 30_000
/** Beyond it every delay is the longest one, and the power is no number that time could hold. */
const doublingsAtMost = 16

/** Between the attempts of one call: a random delay between half and all of 0.2 s × 2^step, at most 30 s. */
export function backoffMs(step: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** step)
  return full * (0.5 + Math.random() / 2)
}

/** Between the attempts of work that is stored: twice as long after each of those that `failed`, from `first` to `longest`. */
export function growingDelayMs(
  failed: number,
  { first, longest }: { first: number; longest: number },
): number {
  return Math.min(first * 2 ** Math.min(failed, doublingsAtMost), longest)
}
