import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import type { ActiveTask, Queue } from '../../../platform/queue/queue.ts'
import { openContent } from '../../channels/sealed.ts'
import { type CardRow, findCard, sentOf } from '../../channels/wecom/cards/card-store.ts'
import { changeCards, wantedAmong } from '../../channels/wecom/cards/change-cards.ts'
import type { CardContent } from '../../channels/wecom/cards/content.ts'
import { cardParts } from '../../channels/wecom/cards/receiver-store.ts'
import { personId } from '../../channels/wecom/cards/receivers.ts'
import { findMessage } from '../../messages/parts/store.ts'
import { pressesById } from './press-store.ts'
import { endedBy } from './take-press.ts'

declare module '../../../platform/queue/queue-store.ts' {
  interface Streams {
    cards: true
  }
}

type Needs = Core & { corps: Corps; mirrors: Mirrors; queue: Queue }

const againAfterMs = 5000
const tasksAtOnce = 16

/**
 * Changes the cards of the others once somebody's press has ended a card for all. What was done already is not done again, because its
 * codes are used.
 */
export function settleCards(ctx: Needs): void {
  ctx.queue.handle({ name: 'cards', atOnce: tasksAtOnce, work: held => settle(ctx, held) })
}

async function settle(ctx: Needs, { corpId, key }: ActiveTask): Promise<Date | undefined> {
  const card = await findCard(ctx.db, { corpId, id: key })
  if (!card || card.firstPress === null) return undefined
  const message = await findMessage(ctx.db, { corpId, id: key })
  if (!message || !ctx.corps.find(corpId)) return undefined
  const { onPress } = openContent(ctx, message) as CardContent
  const isPassing = await ctx.mirrors.during(corpId, async () => {
    const sent = await sentOf(ctx.db, { corpId, id: key })
    const parts = await cardParts(
      ctx.db,
      corpId,
      sent.map(one => one.messageId),
    )
    const first = await firstPerson(ctx, card)
    const view = { mirror: ctx.mirrors.of(corpId) }
    const wanted = wantedAmong(view, parts, one => one.id !== first)
    const change = { replaceName: endedBy(card.firstUser ?? '', onPress) }
    const { failed } = await changeCards(ctx, message, wanted, change)
    // A code that a node was using when it died can be used when its claim is over. What goes out later enqueues this again.
    return [...failed.values()].some(
      ({ isPassing, reason }) => isPassing && !('why' in reason && reason.why === 'notSent'),
    )
  })
  return isPassing ? new Date(ctx.now() + againAfterMs) : undefined
}

async function firstPerson(ctx: Core, { corpId, firstPress }: CardRow): Promise<string | undefined> {
  const press = (await pressesById(ctx.db, corpId, firstPress === null ? [] : [firstPress]))
    .values()
    .next().value
  return press && personId(press.memberId, press.userId)
}
