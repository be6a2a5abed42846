import { type Static, Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { type Language, wordsIn } from '../../../platform/http/words.ts'
import type { Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import { openContent } from '../../channels/sealed.ts'
import { toldIn } from '../../channels/telling.ts'
import { type PartOfPerson, partsOfPerson, type Reader } from './my-messages-store.ts'

/** A message as somebody may see it who helps its receiver: not what it says, but its title and what became of it. */
export const messageOfPersonSchema = Type.Object({
  id: Type.String(),
  at: Type.String(),
  /** The channel's name in the reader's language. */
  via: Type.String(),
  sender: Type.String(),
  /** '' for a message without one, and for a recalled one. */
  title: Type.String(),
  state: Type.Enum(['waiting', 'sent', 'failed', 'unknown', 'recalled']),
  /** Why it failed or is not known; '' where there is nothing to say. */
  reason: Type.String(),
  /** Until when a limit keeps it waiting; '' when none does. */
  heldUntil: Type.String(),
})
export type MessageOfPerson = Static<typeof messageOfPersonSchema>

/** The latest messages to a person since then, of all channels. */
export async function messagesOfPerson(
  ctx: Core & { messageSettings: Setups },
  reader: Reader,
  { after, limit }: { after: Date; limit: number },
  language: Language,
): Promise<MessageOfPerson[]> {
  // Looks a minute ahead, because the clocks of nodes differ a little.
  const before = { at: new Date(ctx.now() + 60_000), id: 0 }
  const rows = await partsOfPerson(ctx.db, reader, { after, before, limit })
  return rows.map(row => {
    const state = stateOf(row)
    return {
      id: row.id,
      at: row.at.toISOString(),
      via: wordsIn(language, channelOf(row.channel).label),
      sender: row.sender,
      title: state === 'recalled' ? '' : titleOf(ctx, reader.corpId, row),
      state,
      reason: state === 'failed' || state === 'unknown' ? toldIn(language, row.reason) : '',
      heldUntil: state === 'waiting' ? (row.heldUntil?.toISOString() ?? '') : '',
    }
  })
}

function stateOf({ recalledAt, state, isRefused }: PartOfPerson): MessageOfPerson['state'] {
  if (recalledAt !== null) return 'recalled'
  return isRefused ? 'failed' : state
}

/** Only a title of its own: the first line of a plain text may be all that the message says, such as a code. */
function titleOf(ctx: Core & { messageSettings: Setups }, corpId: string, row: PartOfPerson): string {
  const { title } = channelOf(row.channel).read(
    openContent(ctx, row),
    ctx.messageSettings.setupOf(corpId, row.channel),
  )
  const prefix = `【${row.sender}】`
  return title.startsWith(prefix) ? title.slice(prefix.length) : title
}
