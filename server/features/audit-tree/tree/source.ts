/** The tree of a corp by its id; that of the installation, which also has what names a corp that is gone, is ''. */
export type TreeName = string

/** Tables whose rows are entries of the audit. */
export const sources = ['audit', 'sign_in_log', 'refusal', 'data_read'] as const
export type Source = (typeof sources)[number]

/** What wisp itself says in a tree. */
export type Statement =
  /** Rows went: because of their age, or because a person was erased; of these only the personal fields. `indexes` are ranges, ends included. */
  | { what: 'age'; source: Source; indexes: IndexRanges }
  | { what: 'erased'; indexes: IndexRanges; reason: string; by: string }
  /** A backup was restored: what the tree had after this place before is gone. */
  | { what: 'restored'; at: string }
  /** Entries before this place are of before the tree, and entered when it began. */
  | { what: 'existing'; upTo: number }

export type IndexRanges = (readonly [first: number, last: number])[]

/** Puts sorted indexes into ranges. */
export function rangesOf(indexes: readonly number[]): IndexRanges {
  const ranges: [number, number][] = []
  for (const index of indexes) {
    const last = ranges.at(-1)
    if (last && last[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges
}
