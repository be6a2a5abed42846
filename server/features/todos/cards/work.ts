import type { Lease } from '../../../platform/queue/queue-store.ts'
import { type DueCard, dueCards, nextDue, putSettled } from './card-store.ts'
import { type CardNeeds, settleCard } from './settle-card.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'todo-cards': true
  }
}

const corpsAtOnce = 4
const cardsAtOnce = 8
const readAtOnce = 200

/** Sends and changes the cards of to-dos; the queue gives each corp to one node at a time. */
export function handleCards(ctx: CardNeeds): void {
  ctx.queue.handle({
    name: 'todo-cards',
    atOnce: corpsAtOnce,
    async work({ corpId, lease, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      return ctx.mirrors.during(corpId, async () => {
        while (!signal.aborted && (await settleDue(ctx, corpId, lease, signal)));
        return nextDue(ctx.db, corpId)
      })
    },
  })
}

/** Returns whether there may be more. */
async function settleDue(
  ctx: CardNeeds,
  corpId: string,
  _lease: Lease,
  signal: AbortSignal,
): Promise<boolean> {
  const due = await dueCards(ctx.db, corpId, new Date(ctx.now()), readAtOnce)
  const isLast = due.length < readAtOnce
  const queue = due.values()
  const worker = async () => {
    for (const one of queue) if (!signal.aborted) await settle(ctx, corpId, one)
  }
  await Promise.all(Array.from({ length: cardsAtOnce }, worker))
  return !isLast
}

async function settle(ctx: CardNeeds, corpId: string, due: DueCard): Promise<void> {
  const settled = await settleCard(ctx, corpId, due)
  await putSettled(ctx.db, corpId, due.card, settled, new Date(ctx.now()))
}
