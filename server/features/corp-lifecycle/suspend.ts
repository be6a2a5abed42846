import { type Corps, unknownCorp } from '../../organisation/corps/corps.ts'
import { setSuspension } from '../../organisation/corps/suspension/change.ts'
import { closureOf } from '../../organisation/corps/suspension/closure.ts'
import { lockSuspension } from '../../organisation/corps/suspension/store.ts'
import { requestSyncIn } from '../../organisation/sync/request.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import { ApiError } from '../../platform/http/errors.ts'
import { checkRequired } from '../../platform/http/rules.ts'
import type { Queue } from '../../platform/queue/queue.ts'
import { signal } from '../../platform/storage/bus.ts'

type Needs = Core & { corps: Corps; queue: Queue }

export const reasonAtMost = 200

/**
 * Suspends a corp: sign-in and calls are refused with the reason, which is shown to its people, its work waits, pushes are stored, and
 * orders and refunds that are under way end. One that is suspended already gets the other reason and stays suspended since then.
 * Throws 1000 and 1001.
 */
export async function suspendCorp(
  ctx: Needs,
  actor: string,
  corpId: string,
  given: { reason: string },
): Promise<void> {
  const reason = given.reason.trim()
  checkRequired(reason, 'reason', reasonAtMost)
  await ctx.db.transaction().execute(async tx => {
    const row = await lockSuspension(tx, corpId)
    if (!row) throw unknownCorp(corpId)
    if (row.removingAt) throw removing()
    const at = row.suspendedAt ?? new Date(ctx.now())
    await setSuspension(tx, corpId, { at, by: actor, reason })
    await record(tx, ctx, { corpId, actor, act: 'corp.suspend', target: corpId, detail: { reason } })
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
}

/** Everything goes on where it stopped, beginning with a full sync. Throws 1000. */
export async function resumeCorp(ctx: Needs, actor: string, corpId: string): Promise<void> {
  await ctx.db.transaction().execute(async tx => {
    const row = await lockSuspension(tx, corpId)
    if (!row) throw unknownCorp(corpId)
    const closure = closureOf(row)
    if (closure?.kind === 'removing') throw removing()
    if (!closure) throw new ApiError('badParameter', { zh: '企业没有暂停', en: 'the corp is not suspended' })
    await setSuspension(tx, corpId, { at: null, by: '', reason: '' })
    await record(tx, ctx, { corpId, actor, act: 'corp.resume', target: corpId, detail: {} })
    await requestSyncIn(tx, ctx, actor, corpId, 'full')
    await signal(tx, 'wisp_config', corpId)
  })
  await ctx.reloadConfig(corpId)
  ctx.queue.kick(corpId)
}

function removing(): ApiError {
  return new ApiError('badParameter', {
    zh: '企业正在删除，不能再暂停或恢复',
    en: 'the corp is being deleted, and can be neither suspended nor resumed',
  })
}
