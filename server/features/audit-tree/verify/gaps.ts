import type { Finding } from '../tree/finding.ts'
import type { Source, Statement } from '../tree/source.ts'

/** Acts, sign-ins and refusals are kept 400 days; clocks may differ by a day, and a statement enters a day later at most. */
const youngMs = 397 * 86_400_000

/** Rows of before the tree enter when it begins; later nobody can say so of others. */
const beginningMs = 30 * 86_400_000

/** Reads are kept for as many days at least, as what is known of the corp's settings since then says. */
export type ReadRetention = { days: number; since: Date }
const clocksMs = 3 * 86_400_000

type Gap = { index: number; source: Source; rowId: string }

/**
 * What is missing, and the statements that say why. Of years of rows that age took only those that no statement names are kept.
 * `enteredAfter`: the time of the last checkpoint that has no such entry, so that the entry is younger. `enteredBefore`: a time by which it had
 * entered, which a statement is not younger than, whatever its row says. `reads`: how long reads of personal data are kept, which a corp may change.
 */
export function createGaps(
  enteredAfter: (index: number) => Date | undefined,
  enteredBefore: (index: number) => Date | undefined = () => undefined,
  reads: ReadRetention = { days: 0, since: new Date(0) },
) {
  const missing: Gap[] = []
  const erased: Gap[] = []
  const early: Gap[] = []
  const saidAge = new Map<string, SaidRanges>()
  const saidErased = createRanges()
  const restored: { index: number; at: Date }[] = []
  let existingUpTo = 0
  const ageOf = (source: string) => saidAge.get(source) ?? saidAge.set(source, createRanges()).get(source)!
  const isEarly = ({ index, source }: Gap, saidAt: number) => {
    if (index < existingUpTo) return false
    const since = enteredAfter(index)
    const young = source === 'data_read' ? reads.days * 86_400_000 - clocksMs : youngMs
    return since !== undefined && saidAt - since.getTime() < young
  }
  const isBeginning = (at: number) => {
    const began = enteredBefore(-1)
    return began === undefined || at - began.getTime() < beginningMs
  }
  /** What was set when reads went long ago is not known any more. */
  const isJudged = ({ source }: { source: Source }, index: number) => {
    const since = enteredAfter(index)
    return source !== 'data_read' || (since !== undefined && since > reads.since)
  }
  /** Whether a statement names it. */
  const isSaid = (gap: Gap) => {
    const saidAt = ageOf(gap.source).saidAt(gap.index)
    if (saidAt !== undefined && isEarly(gap, saidAt)) early.push(gap)
    return saidAt !== undefined
  }
  return {
    missing: (gap: Gap) => void (isSaid(gap) || missing.push(gap)),
    erased: (gap: Gap) => void (saidErased.saidAt(gap.index) ?? erased.push(gap)),
    said(statement: Statement, index: number, enteredAt: Date) {
      const at = Math.min(enteredAt.getTime(), enteredBefore(index)?.getTime() ?? enteredAt.getTime())
      if (statement.what === 'age')
        ageOf(statement.source).add(statement.indexes, isJudged(statement, index) ? at : Infinity)
      if (statement.what === 'erased') saidErased.add(statement.indexes, at)
      if (statement.what === 'restored') restored.push({ index, at: new Date(statement.at) })
      if (statement.what === 'existing' && statement.upTo <= index && isBeginning(at))
        existingUpTo = Math.max(existingUpTo, statement.upTo)
    },
    restored: () => restored,
    findings(): Finding[] {
      // What went while the tree was read is named by what was said meanwhile.
      const removed = missing.filter(gap => !isSaid(gap))
      const unsaid = erased.filter(gap => saidErased.saidAt(gap.index) === undefined)
      const told = (what: Finding['what'], gaps: readonly Gap[]) =>
        gaps.map(({ index, source, rowId }): Finding => {
          return { what, indexes: [index, index], source, rows: [rowId], count: 1 }
        })
      return [...told('removed', removed), ...told('removedEarly', early), ...told('erasedUnsaid', unsaid)]
    },
  }
}

type SaidRanges = ReturnType<typeof createRanges>

/** Ranges of indexes, of which there may be as many as rows, and when each was said. */
function createRanges() {
  const ranges: { first: number; last: number; at: number }[] = []
  /** The largest end of the ranges up to each; undefined until they are sorted. */
  let ends: number[] | undefined
  return {
    add(indexes: readonly (readonly [first: number, last: number])[], at: number) {
      for (const [first, last] of indexes) ranges.push({ first, last, at })
      ends = undefined
    },
    /** When an index was said first; undefined for one that was not. */
    saidAt(index: number): number | undefined {
      ends ??= sortedEnds(ranges)
      let [below, above] = [-1, ranges.length]
      while (above - below > 1) {
        const middle = (below + above) >> 1
        if (ranges[middle]!.first <= index) below = middle
        else above = middle
      }
      let found: number | undefined
      for (let n = below; n >= 0 && ends[n]! >= index; n--) {
        const { last, at } = ranges[n]!
        if (last >= index && !(found !== undefined && found <= at)) found = at
      }
      return found
    },
  }
}

function sortedEnds(ranges: { first: number; last: number }[]): number[] {
  ranges.sort((a, b) => a.first - b.first)
  let end = -1
  return ranges.map(({ last }) => (end = Math.max(end, last)))
}
