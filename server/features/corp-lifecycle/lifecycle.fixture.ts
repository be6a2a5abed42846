import { sql } from 'kysely'
import { until } from '../../../test/until.ts'
import type { Context } from '../../context.ts'
import { putExport } from './export/export-store.ts'
import { listRemovals, type Removal } from './removal/removal-store.ts'
import { removeCorp } from './removal/remove-corp.ts'
import { suspendCorp } from './suspend.ts'

const eightDays = 8 * 86_400_000

/** Suspends a corp as if that were a week ago, and notes an export. */
export async function readyToRemove(ctx: Context, corpId: string): Promise<void> {
  if (!ctx.corps.closureOf(corpId)) await suspendCorp(ctx, 'test', corpId, { reason: '合同到期' })
  const exportedAt = new Date(ctx.now())
  await sql`update corp set suspended_at = ${new Date(ctx.now() - eightDays)} where corp_id = ${corpId}`.execute(
    ctx.db,
  )
  await putExport(ctx.db, corpId, { exportedAt, exportedBy: 'test', sha256: 'x', bytes: 1, rows: {} })
}

/** Deletes a corp whole, on whichever node takes the task. */
export async function removeWhole(ctx: Context, corpId: string): Promise<Removal> {
  await readyToRemove(ctx, corpId)
  await removeCorp(ctx, 'test', corpId, corpId)
  return removalEnded(ctx, corpId)
}

export async function removalEnded({ db, corps }: Context, corpId: string): Promise<Removal> {
  let removal: Removal | undefined
  await until(
    'the end of the deletion',
    async () => {
      ;[removal] = await listRemovals(db, corpId, { limit: 1 })
      return removal?.endedAt !== null && corps.closureOf(corpId) === undefined
    },
    60_000,
  )
  return removal!
}
