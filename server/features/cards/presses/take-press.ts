/**
 * A press is decided in the transaction that stores its push: the answer to WeCom, the press, what developers get, and the code
 * that the press brought. A card that the first press ends is locked there. A repetition of the push rolls the
 * transaction back.
 */

import { userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Core } from '../../../platform/core.ts'
import type { NewEvent as Push } from '../../../platform/inbox/event-store.ts'
import type { AcceptResult, Inbox } from '../../../platform/inbox/inbox.ts'
import type { CardPress } from '../../../platform/manifest/card-press.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import type { Db } from '../../../platform/storage/db.ts'
import { type CardChange, cardReplyXml } from '../../../upstream/wecom/cards/card-reply.ts'
import { isInteractive } from '../../../upstream/wecom/cards/check-card.ts'
import type { MessageRow } from '../../channels/part.ts'
import { asksReceipt } from '../../channels/part.ts'
import { openContent } from '../../channels/sealed.ts'
import { type CardRow, findCard, lockCard } from '../../channels/wecom/cards/card-store.ts'
import { type CardContent, messageOfTask, replaceNameAtMost } from '../../channels/wecom/cards/content.ts'
import { codeMs, endForAll, keepPressCode } from '../../channels/wecom/cards/keep.ts'
import { personId } from '../../channels/wecom/cards/receivers.ts'
import { type NewEvent, tellDevelopers } from '../../events/outbox-store.ts'
import { isReceiver } from '../../messages/marks/mark-store.ts'
import { listedOf, noteAcknowledged } from '../../messages/marks/marks.ts'
import { findMessage } from '../../messages/parts/store.ts'
import { type KnownMember, memberOf, putPress } from './press-store.ts'

type Needs = Core & { inbox: Inbox; queue: Queue }

/** A press of one of wisp's cards, with what is known of the card before it is decided. */
type PressedCard = {
  press: CardPress
  message: MessageRow
  content: CardContent
  member: KnownMember | undefined
  /** Who is told: the sender of the message that asked first, whoever sent the reminder. */
  devId: string
}

/** `change`: what the presser's card becomes; undefined when it stays. */
export type PressDecision = { accepted: boolean; change: CardChange | undefined }

/**
 * What a press on a card of another feature does, within the transaction that stores it and that a repetition undoes. `memberId`: who
 * pressed; undefined for a userid that nobody has.
 */
export type PressDecider = (tx: Db, memberId: number | undefined) => Promise<PressDecision>

/**
 * Decides what a press does and stores it, in one transaction with the push, so that a repeated push changes nothing and gets the same
 * answer. A press is kept and told whatever became of the card since: recalled, too old to be changed, or of an agent that is gone.
 * Undefined for a card that wisp did not send by this agent, or does not know any more.
 */
export async function takePress(
  ctx: Needs,
  press: CardPress,
  push: Push,
  byOther?: PressDecider,
): Promise<AcceptResult | undefined> {
  const message = await messageOf(ctx, press)
  const sent = message && (await findCard(ctx.db, message))
  if (!message || !sent) return undefined
  const content = openContent(ctx, message) as CardContent
  const member = await memberOf(ctx.db, press.corpId, userKey(press.userId), new Date(ctx.now()))
  const first =
    sent.asked === message.id ? message : await findMessage(ctx.db, { corpId: press.corpId, id: sent.asked })
  const pressed = { press, message, content, member, devId: (first ?? message).devId }
  try {
    return await ctx.db.transaction().execute(async tx => {
      const card = await cardToDecide(tx, sent, content)
      const { accepted, change } = byOther ? await byOther(tx, member?.id) : decide(pressed, card)
      await keep(ctx, tx, pressed, card, accepted)
      const head = { corpId: press.corpId, userId: press.userId, at: ctx.now() }
      const answer = change && { xml: cardReplyXml(head, change) }
      return storeOnce(ctx, tx, { ...push, ...(answer ? { answer: () => answer } : {}) })
    })
  } catch (error) {
    if (error instanceof Repeated) return error.accepted
    throw error
  }
}

/** The push was stored before: what it did then stands. */
class Repeated extends Error {
  readonly accepted: AcceptResult

  constructor(accepted: AcceptResult) {
    super('the push was stored before')
    this.accepted = accepted
  }
}

/**
 * Comes last, because all pushes to the agent wait for the commit from here on, and because whoever works on them locks the developers'
 * events before this. A repetition undoes what it would have done again.
 */
async function storeOnce(ctx: Needs, tx: Db, push: Push): Promise<AcceptResult> {
  const accepted = await ctx.inbox.acceptIn(tx, push)
  if (accepted.outcome !== 'stored') throw new Repeated(accepted)
  return accepted
}

async function messageOf(ctx: Core, { taskId, corpId, agentId }: CardPress): Promise<MessageRow | undefined> {
  const id = messageOfTask(taskId)
  const message = id === undefined ? undefined : await findMessage(ctx.db, { corpId, id })
  return message?.agentId === agentId ? message : undefined
}

/**
 * The card that asked first. Where the first press ends it, presses are decided one after the other; all others need not wait for
 * each other. A reminder outlives what it reminds of by a few hours, and then stands for itself.
 */
async function cardToDecide(tx: Db, sent: CardRow, { firstPressWins }: CardContent): Promise<CardRow> {
  const find = firstPressWins ? lockCard : findCard
  return (await find(tx, { corpId: sent.corpId, id: sent.asked })) ?? { ...sent, asked: sent.messageId }
}

function decide({ press, content }: PressedCard, { firstPress, firstUser }: CardRow): PressDecision {
  const { onPress } = content
  // The corner menu of a card with buttons is no answer to it.
  if (press.isMenu) return { accepted: true, change: isInteractive(content.card) ? undefined : onPress }
  if (!content.firstPressWins || firstPress === null) return { accepted: true, change: onPress }
  return { accepted: false, change: { replaceName: endedBy(firstUser ?? '', onPress) } }
}

/** What the others read on their button: `张三已同意`. */
export function endedBy(user: string, onPress: CardChange | undefined): string {
  const done = onPress && 'replaceName' in onPress ? onPress.replaceName : '已处理'
  return [...user, ...done].slice(0, replaceNameAtMost).join('')
}

async function keep(
  ctx: Needs,
  tx: Db,
  { press, message, content, member, devId }: PressedCard,
  card: CardRow,
  accepted: boolean,
): Promise<void> {
  const { corpId, key, cardType, selected, isMenu, pressedAt } = press
  const at = new Date(ctx.now())
  const own = userKey(press.userId)
  const id = await putPress(tx, {
    corpId,
    messageId: message.id,
    asked: card.asked,
    memberId: member?.id ?? null,
    userId: press.userId,
    userKey: own,
    key,
    selected,
    isMenu,
    accepted,
    pressedAt,
    receivedAt: at,
    cardType: cardType || content.card.card_type,
  })
  // What the press brought is good for 72 hours from when WeCom made it.
  const expiresAt = new Date(Math.min(pressedAt.getTime(), at.getTime()) + codeMs)
  const person = personId(member?.id, press.userId)
  await keepPressCode(tx, { corpId, messageId: message.id, person, code: press.responseCode, expiresAt })
  const ends = content.firstPressWins && !isMenu && accepted
  if (ends) await endForAll(tx, card, { id, user: member?.name || press.userId }, at)
  if (asksReceipt(content)) {
    // What is pressed there says that it was received, and is no answer that its developer asked for.
    if (!member || isMenu || message.recalledAt !== null) return
    if (await isReceiver(tx, message, member.id))
      await noteAcknowledged(tx, await listedOf(tx, message), member.id, at)
    return
  }
  await tellDevelopers(tx, [eventOf({ corpId, devId }, card, id, isMenu, person)], at)
}

function eventOf(
  { corpId, devId }: Pick<MessageRow, 'corpId' | 'devId'>,
  { asked }: CardRow,
  pressId: number,
  isMenu: boolean,
  person: string,
): NewEvent {
  return {
    corpId,
    devId,
    scope: undefined,
    type: isMenu ? 'message.card.menu' : 'message.card.pressed',
    // In order for each person; nobody waits for what others pressed.
    entity: `card:${asked}:${person}`,
    data: { pressId },
  }
}
