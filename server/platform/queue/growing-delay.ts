/** After this many, every delay is the longest one, and a larger power would be too large for a time. */
const doublingsAtMost = 16

/** Between the attempts of work that is stored: twice as long after each of those that `failed`, from `first` to `longest`. */
export function growingDelayMs(
  failed: number,
  { first, longest }: { first: number; longest: number },
): number {
  return Math.min(first * 2 ** Math.min(failed, doublingsAtMost), longest)
}
