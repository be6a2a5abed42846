import type { IndexRanges, Source, Statement } from '../tree/source.ts'
import type { Finding } from './finding.ts'

/** Acts, sign-ins and refusals are kept 400 days; clocks may differ by a day, and a statement enters a day later at most. */
const youngMs = 397 * 86_400_000

type GapStatement = { ranges: IndexRanges; at: Date; source: Source | undefined }

/** What is missing, and the statements that say why. */
export function createGaps() {
  const missing: { index: number; source: Source; rowId: string }[] = []
  const erased: typeof missing = []
  const saidAge: GapStatement[] = []
  const saidErased: GapStatement[] = []
  const restored: { index: number; at: Date }[] = []
  let existingUpTo = 0

  const covers = ({ ranges, source }: GapStatement, index: number, of: Source) =>
    (source === undefined || source === of) && ranges.some(([first, last]) => first <= index && index <= last)

  return {
    missing: (index: number, source: Source, rowId: string) => void missing.push({ index, source, rowId }),
    erased: (index: number, source: Source, rowId: string) => void erased.push({ index, source, rowId }),
    said(statement: Statement, index: number, at: Date) {
      if (statement.what === 'age') saidAge.push({ ranges: statement.indexes, at, source: statement.source })
      if (statement.what === 'erased') saidErased.push({ ranges: statement.indexes, at, source: undefined })
      if (statement.what === 'restored') restored.push({ index, at: new Date(statement.at) })
      if (statement.what === 'existing') existingUpTo = Math.max(existingUpTo, statement.upTo)
    },
    restored: () => restored,
    /** `enteredAfter`: the time of the last checkpoint that has no such entry, so that the entry is younger. */
    findings(enteredAfter: (index: number) => Date | undefined): Finding[] {
      const found = missing.flatMap(({ index, source, rowId }): Finding[] => {
        const finding = { indexes: [index, index] as const, source, rows: [rowId], count: 1 }
        const said = saidAge.find(one => covers(one, index, source))
        if (!said) return [{ what: 'removed', ...finding }]
        const since = enteredAfter(index)
        const isYoung =
          source !== 'data_read' &&
          index >= existingUpTo &&
          since !== undefined &&
          said.at.getTime() - since.getTime() < youngMs
        return isYoung ? [{ what: 'removedEarly', ...finding }] : []
      })
      const unsaid = erased
        .filter(({ index, source }) => !saidErased.some(one => covers(one, index, source)))
        .map(({ index, source, rowId }): Finding => {
          return { what: 'erasedUnsaid', indexes: [index, index], source, rows: [rowId], count: 1 }
        })
      return [...found, ...unsaid]
    },
  }
}
