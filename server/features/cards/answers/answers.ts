import type { View } from '../../../organisation/directory/read/view.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { isInteractive } from '../../../upstream/wecom/cards/check-card.ts'
import type { MessageRow } from '../../channels/part.ts'
import { openContent } from '../../channels/sealed.ts'
import { type CardRow, findCard, type SentCard, sentOf } from '../../channels/wecom/cards/card-store.ts'
import { codesOf } from '../../channels/wecom/cards/code-store.ts'
import type { CardContent } from '../../channels/wecom/cards/content.ts'
import { isUsable } from '../../channels/wecom/cards/plan-update.ts'
import { type CardPart, cardParts } from '../../channels/wecom/cards/receiver-store.ts'
import { isForAll, personId, personsOf, type Receiver } from '../../channels/wecom/cards/receivers.ts'
import { findOfCorp } from '../../messages/fate/status.ts'
import { checkBodyShown } from '../../messages/fate/subject.ts'
import { findMessage } from '../../messages/parts/store.ts'
import { newestAnswers, type PressRow } from '../presses/press-store.ts'
import { type SeenPerson, seenPersons } from '../seen-persons.ts'

/** A card that was sent: the message that asked first, and its reminders. */
export type AskedCard = {
  message: MessageRow
  card: CardRow
  content: CardContent
  sent: SentCard[]
}

/**
 * The card of a message; a reminder stands for the message that it reminds of. Throws 1000 for a message that is no card.
 */
export async function askedCard(ctx: Core, given: MessageRow): Promise<AskedCard> {
  const message = await bearerOf(ctx, given)
  const { corpId } = message
  const own = await findCard(ctx.db, message)
  if (!own)
    throw new ApiError('badParameter', {
      zh: told`消息 ${message.id} 不是卡片（msgType 04），没有回答`,
      en: told`the message ${message.id} is not a card (msgType 04), so it has no answers`,
    })
  const first = own.asked === own.messageId ? undefined : await findCard(ctx.db, { corpId, id: own.asked })
  const card = first ?? { ...own, asked: own.messageId }
  const asked = first ? await findMessage(ctx.db, { corpId, id: card.messageId }) : message
  const root = asked ?? message
  return {
    message: root,
    card,
    content: openContent(ctx, root) as CardContent,
    sent: await sentOf(ctx.db, { corpId, id: card.messageId }),
  }
}

/** A card that waited for its time is the message that left then. Throws 1000 while it waits. */
async function bearerOf(ctx: Core, message: MessageRow): Promise<MessageRow> {
  const { corpId, id, children } = message
  if (children === null) return message
  const [bearer] = children
  if (bearer === undefined)
    throw new ApiError('badParameter', {
      zh: told`消息 ${id} 还没有发出，请发出后再试`,
      en: told`the message ${id} has not been sent yet: try again after that`,
    })
  return (await findMessage(ctx.db, { corpId, id: bearer })) ?? message
}

/** Somebody who was asked, or who answered, with the newest answer. */
export type Respondent = { receiver: Receiver; person: SeenPerson; answer: PressRow | undefined }

export type Answers = {
  asked: AskedCard
  /** Those who answered, the newest first. */
  answered: (Respondent & { answer: PressRow })[]
  unanswered: Respondent[]
  /** Of a card with buttons, who used the menu in its corner. */
  menu: PressRow[]
  /** Who pressed first, where that ends it. */
  first: { person: SeenPerson; press: PressRow } | undefined
  parts: CardPart[]
}

/** The same for an administrator of the corp. Throws 1000, and 1009 for a private one. */
export async function shownAnswers(ctx: Core, view: View, msgId: string): Promise<Answers> {
  const message = await findOfCorp(ctx, view.mirror.corpId, msgId)
  checkBodyShown(ctx, message)
  return answersOf(ctx, view, message)
}

/** Returns who answered what, as this view may see it. */
export async function answersOf(ctx: Core, view: View, message: MessageRow): Promise<Answers> {
  const asked = await askedCard(ctx, message)
  const { messageId, firstPress } = asked.card
  const interactive = isInteractive(asked.content.card)
  const parts = await cardParts(ctx.db, message.corpId, [messageId])
  const seen = seenPersons(view)
  const receivers = personsOf(view, parts)
  const presses = await newestAnswers(ctx.db, asked.card, !interactive)
  const menu = interactive ? await newestAnswers(ctx.db, asked.card, true) : []
  const done = new Set<string>()
  const answered = presses.flatMap(answer => {
    const person = seen(answer)
    if (!person) return []
    const memberId = person.core?.id ?? answer.memberId
    const id = personId(memberId, answer.userId)
    if (done.has(id)) return []
    done.add(id)
    return [{ receiver: receivers.get(id) ?? { id, userId: person.userId, memberId }, person, answer }]
  })
  const unanswered = [...receivers.values()].flatMap(receiver => {
    const person = done.has(receiver.id) ? undefined : seen(receiver)
    return person ? [{ receiver, person, answer: undefined }] : []
  })
  const first = answered.find(one => one.answer.id === firstPress)
  return {
    asked,
    answered,
    unanswered,
    menu: menu.filter(one => seen(one)),
    first: first && { person: first.person, press: first.answer },
    parts,
  }
}

/**
 * How many people's cards can still be changed, and until when the last of them. What went to all counts as everybody who is listed.
 */
export async function countUpdatable(
  ctx: Core,
  view: View,
  { message: { corpId }, sent }: AskedCard,
): Promise<{ updatable: number; updatableUntil: string }> {
  const ids = sent.filter(one => one.recalledAt === null).map(one => one.messageId)
  const [parts, codes] = [await cardParts(ctx.db, corpId, ids), await codesOf(ctx.db, corpId, ids)]
  const usable = codes.filter(one => isUsable(one, ctx.now()))
  const last = Math.max(...usable.map(one => one.expiresAt.getTime()))
  const updatableUntil = usable.length > 0 ? new Date(last).toISOString() : ''
  const wholes = new Set(usable.map(one => one.partId))
  const persons = new Set(usable.flatMap(one => one.person ?? []))
  for (const part of parts) {
    if (!wholes.has(part.id)) continue
    if (isForAll(part)) return { updatable: view.mirror.members.listed, updatableUntil }
    part.userIds.forEach((userId, index) => {
      persons.add(personId(part.memberIds[index], userId))
    })
  }
  return { updatable: persons.size, updatableUntil }
}
