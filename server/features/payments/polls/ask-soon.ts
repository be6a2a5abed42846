import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type Polled, setPollsAnew } from './poll-store.ts'

/** The queue's stream in which each merchant is a task. */
export const streams = { pay_order: 'pay-order', pay_refund: 'pay-refund' } as const

/** Enqueues the questions to WeChat Pay about orders and refunds that have not ended, in the caller's transaction. */
export async function askSoon(
  tx: Db,
  table: Polled,
  which: readonly { corpId: string; id: number; mchId: string }[],
  at: Date,
): Promise<void> {
  const open = []
  for (const one of which) if (await setPollsAnew(tx, table, one, at)) open.push(one)
  const tasks = open.map(({ corpId, mchId }) => ({ corpId, stream: streams[table], key: mchId }))
  await enqueue(tx, tasks, at)
}
