import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { keptReason, reasonAndAdvice } from '../../channels/telling.ts'
import { type PartOfPerson, partsOfPerson, type Reader } from '../mine/my-messages-store.ts'
import { findMessages } from '../parts/store.ts'
import { waitingOfPerson } from '../plans/waiting-store.ts'
import { titleOf } from './subject.ts'

/** A message as somebody may see it who helps its receiver: not what it says, but its title and what became of it. */
export const messageOfPersonSchema = Type.Object({
  id: Type.String(),
  at: Type.String(),
  /** The channel's name in the reader's language. */
  via: Type.String(),
  sender: Type.String(),
  /** Of an SMS its wording without the values; '' for a message without a title. */
  title: Type.String(),
  state: Type.Enum(['waiting', 'sent', 'failed', 'unknown', 'recalled']),
  /** Why it failed, is not known, or is not seen yet; '' where there is nothing to say. */
  reason: Type.String(),
  /** What to do about the reason; '' where there is nothing to do. */
  advice: Type.String(),
  /** Until when a limit keeps it waiting; '' when none does. */
  heldUntil: Type.String(),
})
export type MessageOfPerson = Static<typeof messageOfPersonSchema>

/** The latest messages to a person of this status since then, of all channels. */
export async function messagesOfPerson(
  ctx: Core & { messageSettings: Setups },
  reader: Reader,
  { status, after, limit }: { status: number; after: Date; limit: number },
  language: Language,
): Promise<MessageOfPerson[]> {
  // Looks a minute ahead, because the clocks of nodes differ a little.
  const before = { at: new Date(ctx.now() + 60_000), id: 0 }
  const rows = await partsOfPerson(ctx.db, reader, { after, before, limit })
  const waiting = await waitingOfPerson(ctx.db, reader.corpId, reader.memberId, limit)
  const messages = await findMessages(
    ctx.db,
    reader.corpId,
    waiting.map(row => row.messageId),
  )
  const held = waiting.flatMap((row): MessageOfPerson[] => {
    const message = messages.get(row.messageId)
    if (!message) return []
    return [
      {
        id: message.id,
        at: row.createdAt.toISOString(),
        via: wordsIn(language, channelOf(message.channel).label),
        sender: message.agentName,
        // Of a call to several the title may be written for another of them.
        title: message.receivers === 1 ? titleOf(ctx, message) : '',
        state: 'waiting',
        reason: '',
        advice: '',
        heldUntil: row.dueAt.toISOString(),
      },
    ]
  })
  const inParts = rows.map((row): MessageOfPerson => {
    const { state, reason } = fateOf(row, status)
    return {
      id: row.id,
      at: row.at.toISOString(),
      via: wordsIn(language, channelOf(row.channel).label),
      sender: row.sender,
      title: titleOf(ctx, { ...row, corpId: reader.corpId, agentName: row.sender }),
      state,
      ...reasonAndAdvice(language, row.channel, reason),
      heldUntil: state === 'waiting' ? (row.heldUntil?.toISOString() ?? '') : '',
    }
  })
  return [...held, ...inParts].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, limit)
}

/** `reason` is '' where there is nothing to say. A call to everybody names nobody, so that the member's status tells whether it reached them. */
function fateOf(
  { recalledAt, state, isRefused, isForAll, channel, reason }: PartOfPerson,
  status: number,
): { state: MessageOfPerson['state']; reason: string } {
  if (recalledAt !== null) return { state: 'recalled', reason: '' }
  if (isRefused || state === 'failed') return { state: 'failed', reason }
  if (state !== 'sent') return { state, reason: state === 'unknown' ? reason : '' }
  const obstacle = channelOf(channel).obstacle?.({ status })
  if (!obstacle || !(obstacle.isTaken || isForAll)) return { state, reason: '' }
  return { state: obstacle.isTaken ? 'sent' : 'failed', reason: keptReason(obstacle.reason) }
}
