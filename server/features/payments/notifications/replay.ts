import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { pageEvents, reopenEvents } from '../../../platform/inbox/event-list-store.ts'
import { eventView } from '../../../platform/inbox/event-store.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Merchants } from '../merchants/merchants.ts'

export type ReplayNeeds = Core & { merchants: Merchants; queue: Queue }

/**
 * Applies stored notifications again, failed and finished ones; what was applied once changes nothing more. Returns how many.
 * @throws ApiError 1001 without ids, 1000 if one of them does not exist.
 */
export async function replayNotifications(
  ctx: ReplayNeeds,
  actor: string,
  corpId: string,
  ids: number[],
): Promise<number> {
  if (ids.length === 0) throw new ApiError('missingParameter', 'ids')
  const at = new Date(ctx.now())
  await ctx.db.transaction().execute(async tx => {
    const opened = await reopenEvents(tx, corpId, 'pay', { ids }, at)
    if (opened !== ids.length) throw noSuchNotification(ids)
    const target = ids.length === 1 ? String(ids[0]) : String(ids.length)
    await record(tx, ctx, { corpId, actor, act: 'pay.notification.replay', target, detail: { ids } })
    const tasks = ctx.merchants
      .ofCorp(corpId)
      .map(({ mchId }) => ({ corpId, stream: 'pay' as const, key: mchId }))
    await enqueue(tx, tasks, at)
  })
  return ids.length
}

export async function showNotification(ctx: Core, corpId: string, id: number) {
  const page = { limit: 1, offset: 0 }
  const [row] = await pageEvents(ctx.db, corpId, 'pay', { ids: [id] }, { by: 'id', descending: true }, page)
  const texts = await eventView(ctx.db, corpId, 'pay', id)
  if (!row || !texts) throw noSuchNotification([id])
  return { ...row, raw: texts.raw ?? '', plain: texts.plain ?? '' }
}

const noSuchNotification = (ids: readonly number[]) =>
  new ApiError('badParameter', {
    zh: told`没有编号为 ${ids.join('、')} 的通知：编号不对，或已过保留期`,
    en: told`there is no notification ${ids.join(', ')}: the id is wrong, or its retention is over`,
  })
