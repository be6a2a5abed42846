import { enqueueEach } from '../../../../platform/queue/queue-store.ts'
import type { Db } from '../../../../platform/storage/db.ts'
import type { MessageRow, Part } from '../../../messages/outbox/store.ts'
import { endedAmong, putCards } from './card-store.ts'
import { putCodes } from './code-store.ts'
import type { CardContent } from './content.ts'

/** How long a response_code is good (docs/upstream/wecom-cards.md#the-life-of-a-card). */
export const codeMs = 72 * 3_600_000

/** What is kept of a card beside its message, in the transaction that accepts it. */
export async function keepCards(
  tx: Db,
  sends: readonly { message: MessageRow; content: object }[],
): Promise<void> {
  const cards = sends.flatMap(({ message: { id, corpId }, content }) => {
    const { kind, asked = id, card } = content as CardContent
    return kind === 'template_card' ? [{ messageId: id, corpId, asked, cardType: card.card_type }] : []
  })
  await putCards(tx, cards)
}

/**
 * Keeps the codes that WeCom gave with its answers. A card that goes out after somebody's press has ended it for all is changed like
 * those of the others.
 */
export async function keepCodes(
  tx: Db,
  calls: readonly { part: Pick<Part, 'id' | 'corpId' | 'messageId'>; responseCode?: string | undefined }[],
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
export async function enqueueCards(
  tx: Db,
  cards: readonly { corpId: string; asked: string }[],
  at: Date,
): Promise<void> {
  await enqueueEach(
    tx,
    cards.map(({ corpId, asked }) => ({ corpId, stream: 'cards' as const, key: asked, dueAt: at })),
  )
}
