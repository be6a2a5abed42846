import { type Corps, unknownCorp } from '../../organisation/corps/corps.ts'
import { type Closure, closureOf } from '../../organisation/corps/suspension/closure.ts'
import { readSuspension } from '../../organisation/corps/suspension/store.ts'
import type { Core } from '../../platform/core.ts'
import { type CorpExport, readExport } from './export/export-store.ts'
import { type Obstacle, obstaclesTo, removableFrom } from './removal/may-remove.ts'
import { listRemovals, type Removal } from './removal/removal-store.ts'

export type CorpState = {
  corpId: string
  name: string
  state: 'open' | 'suspended' | 'removing' | 'removed'
  suspension: { at: Date; by: string; reason: string } | undefined
  /** When the seven days of the suspension are over. */
  removableFrom: Date | null
  lastExport: CorpExport | undefined
  /** What keeps it from being deleted now. */
  obstacles: readonly Obstacle[]
  /** The latest deletion of a corp of this id, also an earlier one. */
  removal: Removal | undefined
  /** How many rows the export had that the deletion under way asked for. */
  rowsToRemove: number | undefined
}

/** Returns the state of a corp that wisp has, or has deleted. @throws ApiError 1000 for any other corp. */
export async function corpState(ctx: Core & { corps: Corps }, corpId: string): Promise<CorpState> {
  const [row, [removal]] = await Promise.all([
    readSuspension(ctx.db, corpId),
    listRemovals(ctx.db, corpId, { limit: 1 }),
  ])
  if (!row) {
    if (!removal) throw unknownCorp(corpId)
    const { name } = removal
    const nothing = { suspension: undefined, removableFrom: null, lastExport: undefined, obstacles: [] }
    return { corpId, name, state: 'removed', ...nothing, removal, rowsToRemove: undefined }
  }
  const closure = closureOf(row)
  const isRemoving = closure?.kind === 'removing'
  const { obstacles, lastExport } = isRemoving
    ? { obstacles: [], lastExport: await readExport(ctx.db, corpId) }
    : await obstaclesTo(ctx.db, ctx, corpId, row)
  return {
    corpId,
    name: row.name,
    state: stateOf(closure),
    suspension: row.suspendedAt
      ? { at: row.suspendedAt, by: row.suspendedBy, reason: row.suspendedReason }
      : undefined,
    removableFrom: removableFrom(row),
    lastExport,
    obstacles,
    removal,
    rowsToRemove: isRemoving && lastExport ? sumOf(lastExport.rows) : undefined,
  }
}

/** What was restored from a backup is a matter of the three administrators, and no state of the corp's life. */
function stateOf(closure: Closure | undefined) {
  return closure && closure.kind !== 'restored' ? closure.kind : 'open'
}

export function sumOf(rows: Readonly<Record<string, number>>): number {
  return Object.values(rows).reduce((sum, one) => sum + one, 0)
}
