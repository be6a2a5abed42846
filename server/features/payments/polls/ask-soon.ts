import type { Core } from '../../../platform/core.ts'
import type { Gap } from '../../../platform/inbox/missed.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { hastenPolls, type PolledTable, setPollsAnew } from './poll-store.ts'

/** The queue's stream in which each merchant is a task. */
export const streams = { pay_order: 'pay-order', pay_refund: 'pay-refund' } as const

/** Enqueues the questions to WeChat Pay about orders and refunds that have not ended, in the caller's transaction. */
export async function askSoon(
  tx: Db,
  table: PolledTable,
  which: readonly { corpId: string; id: number; mchId: string }[],
  at: Date,
): Promise<void> {
  const open = []
  for (const one of which) if (await setPollsAnew(tx, table, one, at)) open.push(one)
  const tasks = open.map(({ corpId, mchId }) => ({ corpId, stream: streams[table], key: mchId }))
  await enqueue(tx, tasks, at)
}

/** What WeChat Pay repeats by itself comes first. */
const settleMs = 5000

/** Has WeChat Pay asked about all that has not ended of merchants whose notifications were refused, or may have been. */
export async function askAboutMissed(ctx: Core, tx: Db, gap: Gap): Promise<void> {
  const refused = gap.refused.filter(one => one.stream === 'pay').map(one => one.account)
  if (refused.length === 0 && !gap.isBlind) return
  const at = new Date(ctx.now() + settleMs)
  for (const table of ['pay_order', 'pay_refund'] as const) {
    const merchants = await hastenPolls(tx, table, gap.isBlind ? 'all' : refused, at)
    const tasks = merchants.map(({ corpId, mchId }) => ({ corpId, stream: streams[table], key: mchId }))
    await enqueue(tx, tasks, at)
  }
}
