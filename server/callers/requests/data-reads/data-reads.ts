import type { PersonalData } from '../../../platform/http/output.ts'
import type { DataRead } from './data-read-store.ts'

/** While the database is away, the ids of more people than this are counted and no longer kept. */
const idsAtMost = 500_000
/** And of more rows than this what is alike is one row, whenever it was. */
export const rowsAtMost = 50_000

/**
 * Collects in memory whose data left, until it is written: answers of one second to the same call of a developer with the same fields are one
 * row, in which a person stands once. What waits for the database keeps the time of its call.
 */
export function createDataReads(): {
  add(of: { corpId: string; devId: string }, path: string, data: PersonalData, at: number): void
  take(): DataRead[]
  putBack(taken: readonly DataRead[]): void
} {
  type DataReadBatch = Omit<DataRead, 'memberIds'> & { ids: Set<number> }
  let rows = new Map<string, DataReadBatch>()
  let kept = 0

  function put({ memberIds, ...read }: DataRead) {
    const second = rows.size < rowsAtMost ? Math.floor(read.at.getTime() / 1000) : ''
    const key = `${second} ${read.devId} ${read.path} ${read.fields.join()}`
    const row = rows.get(key) ?? { ...read, unlisted: 0, ids: new Set<number>() }
    rows.set(key, row)
    row.unlisted += read.unlisted
    for (const id of memberIds) {
      if (row.ids.has(id)) continue
      if (kept < idsAtMost) {
        row.ids.add(id)
        kept++
      } else row.unlisted++
    }
  }

  return {
    add: ({ corpId, devId }, path, { memberIds, fields }, at) =>
      put({ corpId, devId, path, at: new Date(at), fields, memberIds, unlisted: 0 }),
    take() {
      const taken = [...rows.values()].map(({ ids, ...read }) => ({ ...read, memberIds: [...ids] }))
      rows = new Map()
      kept = 0
      return taken
    },
    putBack(taken) {
      for (const one of taken) put(one)
    },
  }
}
