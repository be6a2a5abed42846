import type { Corps } from '../../organisation/corps/corps.ts'
import { checkOn } from '../../organisation/corps/features/check-on.ts'
import type { Mirrors } from '../../organisation/directory/mirror/mirrors.ts'
import { record } from '../../platform/audit/audit.ts'
import type { Core } from '../../platform/core.ts'
import type { Caller } from '../../platform/http/caller.ts'
import { ApiError } from '../../platform/http/errors.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import { numbersBetween, readFeed } from '../events/event-store.ts'
import { type DeveloperEvent, tell } from '../events/tell.ts'
import { putDeliveries } from './delivery-store.ts'
import { enqueueWebhook, lockOwn, ownWebhook } from './webhooks.ts'

/** Numbers of the feed, both included, or times. */
export type Range = { fromSeq: number; toSeq: number } | { from: Date; to: Date }

export const replayedAtMost = 10_000
const lookedAtMost = 100_000
const pageSize = 500

/**
 * Sends events of a range to a webhook again, under the same `webhook-id`: those that it is subscribed to and its developer
 * sees. What still waits is tried at once. Returns how many. Throws 1000, also for numbers that the webhook has not reached
 * yet, and 1009.
 */
export async function replay(
  ctx: Core & { corps: Corps; mirrors: Mirrors; offered: FeatureOffers },
  actor: string,
  developer: Caller,
  id: string,
  range: Range,
): Promise<number> {
  const { corpId, devId } = developer
  checkOn(ctx, corpId, 'webhooks')
  const webhook = await ownWebhook(ctx.db, developer, id)
  if (!webhook.isOn)
    throw new ApiError('badParameter', {
      zh: '订阅已停用，请先启用',
      en: 'the webhook is switched off: switch it on first',
    })
  const numbers = await numbersOf(ctx, corpId, range)
  const told = numbers ? await toldAgain(ctx, developer, webhook.types, numbers, webhook.seq) : []
  await ctx.db.transaction().execute(async tx => {
    await lockOwn(tx, developer, id)
    await putDeliveries(tx, webhook, told, new Date(ctx.now()))
    const detail = { webhookId: id, ...numbers, count: told.length }
    await record(tx, ctx, { corpId, actor, act: 'webhook.replay', target: devId, detail })
    await enqueueWebhook(ctx, tx, corpId, id)
  })
  return told.length
}

async function numbersOf(
  ctx: Core,
  corpId: string,
  range: Range,
): Promise<{ fromSeq: number; toSeq: number } | undefined> {
  const [from, to] = 'from' in range ? [range.from, range.to] : [range.fromSeq, range.toSeq]
  if (from > to)
    throw new ApiError('badParameter', {
      zh: '范围的起点在终点之后',
      en: 'the range ends before it begins',
    })
  if ('fromSeq' in range) return range
  const found = await numbersBetween(ctx.db, corpId, range.from, range.to)
  return found && { fromSeq: found.first, toSeq: found.last }
}

/** What comes after `seq` is told anyway. */
async function toldAgain(
  ctx: Core & { mirrors: Mirrors; offered: FeatureOffers },
  developer: Caller,
  types: readonly string[],
  { fromSeq, toSeq }: { fromSeq: number; toSeq: number },
  seq: number,
): Promise<Pick<DeveloperEvent, 'seq' | 'type' | 'entity'>[]> {
  const upTo = Math.min(toSeq, seq)
  const found: Pick<DeveloperEvent, 'seq' | 'type' | 'entity'>[] = []
  let looked = 0
  for (let since = fromSeq - 1; ; ) {
    const rows = await readFeed(ctx.db, developer.corpId, { since, upTo }, pageSize)
    for (const { seq, type, entity } of await tell(ctx, developer, rows, types))
      found.push({ seq, type, entity })
    looked += rows.length
    if (found.length > replayedAtMost || looked > lookedAtMost)
      throw new ApiError('badParameter', {
        zh: `一次最多重放 ${replayedAtMost} 个事件，请缩小范围`,
        en: `at most ${replayedAtMost} events are replayed at once: take a smaller range`,
      })
    const last = rows.at(-1)?.seq
    if (last === undefined || rows.length < pageSize) return found
    since = last
  }
}
