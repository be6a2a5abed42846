import { type Static, Type } from 'typebox'
import { isListed, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import { optionalChoice, optionalText, text } from '../../../platform/http/input.ts'
import { pageOf, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { type Language, languageOf, wordsIn } from '../../../platform/words.ts'
import type { Setups } from '../../channels/channel.ts'
import { channelOf } from '../../channels/channels.ts'
import type { MessageRow } from '../../channels/part.ts'
import type { Reason } from '../../channels/reason.ts'
import { keptReason, reasonAndAdvice, wordsOf } from '../../channels/telling.ts'
import { findOfCorp } from '../fate/status.ts'
import * as store from './console-store.ts'
import { namesOf } from './message-list.ts'

const fates = ['sent', 'waiting', 'failed', 'unknown', 'cancelled', 'recalled'] as const
const receiverRowSchema = Type.Object({
  userId: Type.String(),
  name: Type.String(),
  state: Type.Enum(['failed', 'unknown', 'sent', 'waiting', 'cancelled', 'recalled']),
  /** Why it failed, or why somebody does not see yet what was sent; '' where there is nothing to say. */
  reason: Type.String(),
  /** What to do about the reason; '' where there is nothing to do. */
  advice: Type.String(),
  /** The vendor's receipt confirms that it arrived. */
  delivered: Type.Boolean(),
  /** The message (msgId) of a digest within which they get it; '' where they get it by itself. */
  digestId: Type.String(),
})
export type ReceiverRow = Static<typeof receiverRowSchema>

export const messageReceivers = pageCall({
  method: 'GET',
  path: '/web/messages/receivers',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: {
    msgId: text('消息 id', { max: 64 }),
    ...paging,
    state: optionalChoice('状态', fates),
    userId: optionalText('成员 userId', { max: 64 }),
  },
  output: Type.Object({
    list: Type.Array(receiverRowSchema),
    total: Type.Number(),
  }),
  async handle(ctx: Core & { messageSettings: Setups; mirrors: Mirrors }, { input, corpId, request }) {
    const language = languageOf(request.headers['accept-language'])
    const message = await findOfCorp(ctx, corpId, input.msgId)
    const { userId, state } = input
    const known = userId && ctx.mirrors.of(corpId).members.byKey(userKey(userId))?.userId
    const userIds = userId ? [...new Set([userId, known || userId, '@all'])] : undefined
    const { rows, total } = await store.receiversPage(ctx.db, message, { state, userIds }, pageOf(input))
    const names = await namesOf(ctx, corpId, rows)
    const list = rows.map(row => ({
      userId: row.userId,
      name: names.get(row.userId) ?? '',
      state: row.state as ReceiverRow['state'],
      ...reasonOfReceiver(ctx, message, row, language),
      delivered: row.delivered,
      digestId: row.digestId ?? '',
    }))
    return { list, total }
  },
})

/**
 * What upstream said of a receiver. Of somebody for whom it took the message, or of everybody in one call, the address book says what
 * the forecast said.
 */
function reasonOfReceiver(
  ctx: { mirrors: Mirrors },
  { corpId, channel }: MessageRow,
  { userId, memberId, state, reason }: store.Receiver,
  language: Language,
): { reason: string; advice: string } {
  const obstacleOf = channelOf(channel).obstacle
  if (state !== 'sent' || !obstacleOf) return reasonAndAdvice(language, channel, reason)
  const { members } = ctx.mirrors.of(corpId)
  if (userId !== '@all') {
    const core = (memberId === null ? undefined : members.byId(memberId)) ?? members.byKey(userKey(userId))
    const obstacle = core && obstacleOf(core)
    return reasonAndAdvice(language, channel, obstacle?.isTaken ? keptReason(obstacle.reason) : '')
  }
  const counts = new Map<Reason, number>()
  for (const core of members.all()) {
    const obstacle = isListed(core) ? obstacleOf(core) : undefined
    if (obstacle) counts.set(obstacle.reason, (counts.get(obstacle.reason) ?? 0) + 1)
  }
  const told = Array.from(counts, ([why, n]) =>
    wordsIn(language, {
      zh: `${n} 人：${wordsIn('zh', wordsOf(why))}`,
      en: `${n}: ${wordsIn('en', wordsOf(why))}`,
    }),
  )
  return { reason: told.join(wordsIn(language, { zh: '；', en: '; ' })), advice: '' }
}
