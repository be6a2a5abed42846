/** A payment or refund as one side has it; `amount` in fen. */
export type Entry = { number: string; amount: number }

/** Neither side alone is right before WeChat Pay was asked about it. */
export type Difference = {
  number: string
  difference: 'thereOnly' | 'hereOnly' | 'amount'
  theirs: number | null
  ours: number | null
}

export type Comparison = { equal: number; differences: Difference[] }

/**
 * The four cases of a reconciliation (docs/upstream/wechat-pay-bills.md#reconciling). `ours` are entries of whichever day, since
 * the file decides what belongs to it; `oursOfDay` are those that should be in it.
 */
export function compare(
  theirs: readonly Entry[],
  ours: ReadonlyMap<string, number>,
  oursOfDay: readonly Entry[],
): Comparison {
  const differences: Difference[] = []
  let equal = 0
  for (const { number, amount } of theirs) {
    const own = ours.get(number)
    if (own === amount) equal += 1
    else if (own === undefined)
      differences.push({ number, difference: 'thereOnly', theirs: amount, ours: null })
    else differences.push({ number, difference: 'amount', theirs: amount, ours: own })
  }
  const there = new Set(theirs.map(entry => entry.number))
  for (const { number, amount } of oursOfDay)
    if (!there.has(number)) differences.push({ number, difference: 'hereOnly', theirs: null, ours: amount })
  return { equal, differences }
}

export function sumOf(entries: readonly { amount: number }[]): number {
  return entries.reduce((sum, { amount }) => sum + amount, 0)
}
