import type { Core } from '../../platform/core.ts'
import type { ActiveTask, Queue } from '../../platform/queue/queue.ts'
import { enqueue, holdLease } from '../../platform/queue/queue-store.ts'
import { webhooksBehind } from '../webhooks/webhook-store.ts'
import { numberEvents } from './event-store.ts'

/** The feed is locked meanwhile, for which directory writes wait. */
const numberedAtOnce = 500

/** Numbers what features wrote into the outbox, and wakes the webhooks of corps where something has a new number. */
export function handleNumbering(ctx: Core & { queue: Queue }): void {
  ctx.queue.handle({ name: 'events', atOnce: 8, work: held => number(ctx, held) })
}

async function number(ctx: Core, { corpId, lease, signal }: ActiveTask): Promise<undefined> {
  let count = numberedAtOnce
  while (count === numberedAtOnce && !signal.aborted) {
    count = await ctx.db.transaction().execute(async tx => {
      const numbered = await numberEvents(tx, corpId, numberedAtOnce)
      await holdLease(tx, lease)
      return numbered
    })
  }
  const tasks = (await webhooksBehind(ctx.db, corpId)).map(key => ({
    corpId,
    stream: 'webhook' as const,
    key,
  }))
  if (tasks.length > 0) await enqueue(ctx.db, tasks, new Date(ctx.now()))
}
