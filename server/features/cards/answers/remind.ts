import type { Developers } from '../../../callers/developers/developers.ts'
import { operator, senderOf } from '../../../callers/developers/operator.ts'
import { zoneOf } from '../../../organisation/corps/corps.ts'
import { viewOf } from '../../../organisation/directory/read/view.ts'
import { formatMoment } from '../../../platform/format.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { own, told } from '../../../platform/http/told.ts'
import { isAnswerable } from '../../../upstream/wecom/cards/check-card.ts'
import { asksReceipt, type MessageRow } from '../../channels/part.ts'
import { type SubmitNeeds, submit } from '../../messages/accept/submit.ts'
import { type Answers, type AskedCard, answersOf } from './answers.ts'

export type RemindNeeds = SubmitNeeds & { developers: Developers }

/** People are reminded of one card no more often than this. */
export const remindEveryMs = 4 * 3_600_000

/** When people can be reminded of the card again; undefined when they can be now. */
export function remindableAt({ sent }: AskedCard, now: number): Date | undefined {
  const last = sent.length > 1 ? sent.at(-1) : undefined
  const at = last ? last.createdAt.getTime() + remindEveryMs : 0
  return at > now ? new Date(at) : undefined
}

/** Why nobody can be reminded; undefined when somebody can be. */
export function obstacleOf(answers: Answers, now: number, timeZone: string): ApiError | undefined {
  const { asked, unanswered, first } = answers
  const { message, content } = asked
  const refused = (zh: string, en: string) =>
    new ApiError('badParameter', { zh: told`${own(zh)}`, en: told`${own(en)}` })
  if (!isAnswerable(content.card)) return refused('这张卡片不需要回答', 'this card is not to be answered')
  // A card of its own would be acknowledged in its place.
  if (asksReceipt(content))
    return refused(
      '这条消息要求回执，请用催办',
      'this message asks for a receipt: urge its receivers instead',
    )
  if (message.recalledAt) return refused('消息已撤回', 'the message was recalled')
  if (content.firstPressWins && (first || asked.card.firstPress !== null))
    return refused('已有人回答，不需要其他人再回答', 'somebody answered, which ended it for all')
  if (unanswered.length === 0) return refused('所有人都已回答', 'everybody has answered')
  const at = remindableAt(asked, now)
  if (!at) return undefined
  const time = formatMoment(at, timeZone, now)
  return refused(
    `4 小时内已提醒过，${time.zh} 之后可以再次提醒`,
    `people were reminded within the last 4 hours; the next time is after ${time.en}`,
  )
}

/**
 * Sends the card again, in the name of whoever sent it, to those who have not answered (提醒未答); their answers belong to the message
 * that asked first. The number of
 * the reminder is in its requestId, so that two that are asked for at once, on any nodes, are one. Throws 1000 when there is nobody to
 * remind, or too soon, and what a send throws.
 */
export async function remindOfCard(
  ctx: RemindNeeds,
  message: MessageRow,
  actor?: string,
): Promise<{ msgId: string; receivers: number }> {
  const caller = senderOf(ctx, message) ?? operator(message.corpId)
  const answers = await answersOf(ctx, viewOf(ctx, caller), message)
  const timeZone = zoneOf(ctx, message.corpId)
  const obstacle = obstacleOf(answers, ctx.now(), timeZone)
  if (obstacle) throw obstacle
  const { message: first, content, sent } = answers.asked
  const toUser = answers.unanswered.map(one => one.person.userId)
  const submission = {
    channel: 'wecom' as const,
    receivers: { toUser, toParty: [], toTag: [] },
    content: { ...content, asked: first.id },
    truncated: [],
    agentName: first.agentName,
    agentId: String(first.agentId),
    templateId: undefined,
    requestId: `card-reminder ${first.id} ${sent.length}`,
    ...(actor === undefined ? {} : { actor }),
  }
  try {
    const { msgId } = await submit(ctx, caller, submission)
    return { msgId, receivers: toUser.length }
  } catch (error) {
    // Somebody else reminded them at the same moment.
    throw obstacleOf(await answersOf(ctx, viewOf(ctx, caller), message), ctx.now(), timeZone) ?? error
  }
}
