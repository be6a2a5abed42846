import { enqueueEach } from '../../../../platform/queue/queue-store.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import type { MessagePart, MessageRow } from '../../part.ts'
import { type CardRow, endedAmong, putCards, setFirst } from './card-store.ts'
import { type NewCode, putCodes } from './code-store.ts'
import type { CardContent } from './content.ts'

/** How long a response_code is good (docs/upstream/wecom-cards.md#the-life-of-a-card). */
export const codeMs = 72 * 3_600_000

/** Stores what is kept of a card in addition to its message, in the transaction that accepts it. */
export async function keepCards(
  tx: Db,
  sends: readonly { message: MessageRow; content: CardContent }[],
): Promise<void> {
  const cards = sends.map(({ message: { id, corpId }, content: { asked = id, card } }) => ({
    messageId: id,
    corpId,
    asked,
    cardType: card.card_type,
  }))
  await putCards(tx, cards)
}

/**
 * Keeps the codes that WeCom gave with its answers. A card that goes out after somebody's press has ended it for all is changed like
 * those of the others.
 */
export async function keepCodes(
  tx: Db,
  calls: readonly {
    part: Pick<MessagePart, 'id' | 'corpId' | 'messageId'>
    responseCode?: string | undefined
  }[],
  at: Date,
): Promise<void> {
  const given = calls.flatMap(({ part: { id, corpId, messageId }, responseCode }) =>
    responseCode === undefined ? [] : [{ partId: id, corpId, messageId, code: responseCode }],
  )
  if (given.length === 0) return
  const expiresAt = new Date(at.getTime() + codeMs)
  await putCodes(
    tx,
    given.map(one => ({ ...one, person: null, expiresAt })),
  )
  const ended = await endedAmong(
    tx,
    given.map(({ corpId, messageId: id }) => ({ corpId, id })),
  )
  await enqueueCards(tx, ended, at)
}

/** Enqueues what is to be done about cards that somebody's press has ended for all. */
async function enqueueCards(
  tx: Db,
  cards: readonly { corpId: string; asked: string }[],
  at: Date,
): Promise<void> {
  await enqueueEach(
    tx,
    cards.map(({ corpId, asked }) => ({ corpId, stream: 'cards' as const, key: asked, dueAt: at })),
  )
}

/** Keeps the code that a press brought, by which the card of whoever pressed can be changed. */
export async function keepPressCode(tx: Db, code: Omit<NewCode, 'partId'>): Promise<void> {
  await putCodes(tx, [{ ...code, partId: null }])
}

/** Ends a card for all by this press, and has the others' cards changed. */
export async function endForAll(
  tx: Db,
  { corpId, messageId }: CardRow,
  press: { id: number; user: string },
  at: Date,
): Promise<void> {
  await setFirst(tx, { corpId, id: messageId }, press.id, press.user)
  await enqueueCards(tx, [{ corpId, asked: messageId }], at)
}
