import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { eraseDaysOf, putEraseDays } from './request-store.ts'

/** Sooner than this a leaver may be one whom somebody deleted by mistake. */
export const eraseDays = { min: 30, max: 730 }

/** After how many days leavers are erased; undefined: only when asked for. */
export async function setEraseDays(
  ctx: Core,
  actor: string,
  corpId: string,
  days: number | undefined,
): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const before = await eraseDaysOf(tx, corpId)
    if (before === days) return
    await putEraseDays(tx, corpId, days)
    const changes = [{ field: 'eraseDays', before: before ?? null, after: days ?? null }]
    await record(tx, ctx, { corpId, actor, act: 'person.settings', target: corpId, detail: { changes } })
  })
}
