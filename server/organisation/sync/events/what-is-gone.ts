import type { Core } from '../../../platform/core.ts'
import type { Offered } from '../../../platform/manifest/offered.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { WriteResult } from '../../directory/write/writer.ts'

/** Ends what members who may no longer act had, and what was given for departments that were deleted, in the transaction of the write. */
export async function endWhatIsGone(
  ctx: Pick<Core, 'now'> & { offered: Offered },
  tx: Db,
  corpId: string,
  { ended, changes }: WriteResult,
): Promise<void> {
  await ctx.offered.endAccess(tx, corpId, ended, new Date(ctx.now()))
  const dropped = changes.filter(one => one.kind === 'department' && one.op === 'drop')
  await ctx.offered.endDepartments(
    tx,
    ctx,
    corpId,
    dropped.map(one => Number(one.entityId)),
  )
}
