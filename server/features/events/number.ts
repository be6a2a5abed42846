/**
 * Developers' events have one number for each corp. A change of the address book gets its number in its own transaction. Other
 * events are written into `event_outbox` by the transaction that makes them true, if a developer can get them, and numbered by
 * the queue's task `events`. Memory and the change feed read only the rows of `directory_change`, so they skip the other
 * events. What is sent is read when it is sent, through the developer's view of that moment (tell.ts).
 */

import type { Core } from '../../platform/core.ts'
import type { FeatureOffers } from '../../platform/manifest/offered.ts'
import type { ActiveTask, Queue } from '../../platform/queue/queue.ts'
import { holdLease } from '../../platform/queue/queue-store.ts'
import { withMonths } from '../../platform/storage/months/months.ts'
import { numberEvents, timesOfOutbox } from './event-store.ts'

declare module '../../platform/queue/queue-store.ts' {
  interface Streams {
    events: true
  }
}

/** Events numbered in one transaction, which locks the feed, so that directory writes wait for it. */
const numberedAtOnce = 500

type Needs = Core & { offered: FeatureOffers; queue: Queue }

/** Numbers what features wrote into the outbox, and tells those who follow a corp's numbers that there are new ones. */
export function handleNumbering(ctx: Needs): void {
  ctx.queue.handle({ name: 'events', atOnce: 8, work: held => number(ctx, held) })
}

async function number(ctx: Needs, { corpId, lease, signal }: ActiveTask): Promise<undefined> {
  let count = numberedAtOnce
  while (count === numberedAtOnce && !signal.aborted) {
    count = await withMonths(
      ctx,
      'event',
      () => timesOfOutbox(ctx.db, corpId, numberedAtOnce),
      () =>
        ctx.db.transaction().execute(async tx => {
          const numbered = await numberEvents(tx, corpId, numberedAtOnce)
          await holdLease(tx, lease)
          return numbered
        }),
    )
  }
  await ctx.offered.numbered(corpId)
}
