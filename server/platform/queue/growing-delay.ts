/** Beyond it every delay is the longest one, and the power is no number that time could hold. */
const doublingsAtMost = 16

/** Between the attempts of work that is stored: twice as long after each of those that `failed`, from `first` to `longest`. */
export function growingDelayMs(
  failed: number,
  { first, longest }: { first: number; longest: number },
): number {
  return Math.min(first * 2 ** Math.min(failed, doublingsAtMost), longest)
}
