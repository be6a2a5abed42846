import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import type { Db } from '../../../platform/storage/db.ts'
import type { WriteResult } from '../../directory/write/writer.ts'

/**
 * What follows from a write of the address book, in its transaction: the end of what members who may no longer act had, the return of what
 * was theirs to members who are back, and the end of what was given for departments that were deleted.
 */
export async function afterWrite(
  ctx: Pick<Core, 'now'> & { offered: FeatureOffers },
  tx: Db,
  corpId: string,
  { ended, arrived, changes }: WriteResult,
): Promise<void> {
  const at = new Date(ctx.now())
  await ctx.offered.endAccess(tx, corpId, ended, at)
  await ctx.offered.arrived(tx, corpId, arrived, at)
  const dropped = changes.filter(one => one.kind === 'department' && one.op === 'drop')
  await ctx.offered.endDepartments(
    tx,
    ctx,
    corpId,
    dropped.map(one => Number(one.entityId)),
  )
}
