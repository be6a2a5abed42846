import { describeError } from '../../../platform/operation/log.ts'
import { DatabaseAway } from '../../../platform/storage/availability.ts'
import { type DueCard, dueCards, nextDue, putSettled, type SettledCard } from './card-store.ts'
import { type CardNeeds, settleCard } from './settle-card.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    'todo-cards': true
  }
}

const corpsAtOnce = 4
const cardsAtOnce = 8
const readAtOnce = 200
/** After a failure that nobody foresaw. */
const failedMs = 60_000

/** Sends and changes the cards of to-dos; the queue gives each corp to one node at a time. */
export function handleCards(ctx: CardNeeds): void {
  ctx.queue.handle({
    name: 'todo-cards',
    atOnce: corpsAtOnce,
    async work({ corpId, signal }) {
      if (!ctx.corps.find(corpId)) return undefined
      return ctx.mirrors.during(corpId, async () => {
        while (!signal.aborted && (await settleDue(ctx, corpId, signal)));
        return nextDue(ctx.db, corpId)
      })
    },
  })
}

/** Returns whether there may be more. */
async function settleDue(ctx: CardNeeds, corpId: string, signal: AbortSignal): Promise<boolean> {
  const due = await dueCards(ctx.db, corpId, new Date(ctx.now()), readAtOnce)
  const isLast = due.length < readAtOnce
  const queue = due.values()
  const worker = async () => {
    for (const one of queue) if (!signal.aborted) await settle(ctx, corpId, one)
  }
  await Promise.all(Array.from({ length: cardsAtOnce }, worker))
  return !isLast
}

/** A card that fails keeps no other waiting. */
async function settle(ctx: CardNeeds, corpId: string, due: DueCard): Promise<void> {
  let settled: SettledCard
  try {
    settled = await settleCard(ctx, corpId, due)
  } catch (error) {
    if (error instanceof DatabaseAway) throw error
    const { todoId, toId, sends, messageId, shows } = due.card
    ctx.log.error({ corpId, todoId, toId, ...describeError(error) }, 'card of a to-do not settled')
    settled = { sends, messageId, shows, dueAt: new Date(ctx.now() + failedMs) }
  }
  await putSettled(ctx.db, corpId, due.card, settled, new Date(ctx.now()))
}
