import { record } from '../../audit/audit.ts'
import type { Core } from '../../core.ts'
import type { Corps } from '../../corps/corps.ts'
import { ApiError } from '../../http/errors.ts'
import { upstreamError } from '../../http/upstream-error.ts'
import type { Words } from '../../http/words.ts'
import { channelList, channelOf } from '../channels/channels.ts'
import type { CommonReason } from '../reason.ts'
import type { MessageRow } from '../store.ts'
import * as store from '../store.ts'
import * as records from './fate-store.ts'
import { keptReason, Refusal } from './telling.ts'

const sendingAtMostMs = 20_000
const recalled: CommonReason = { code: 'recalled' }

/**
 * Cancels what has not been sent, and recalls from WeCom what was sent in the last 24 hours, after waiting for calls
 * under way. Mail and SMS that were sent cannot be recalled. Throws 1000, 1008, 1011.
 */
export async function recall(ctx: Core & { corps: Corps }, message: MessageRow, actor: string) {
  const at = new Date(ctx.now())
  const cancelled = await ctx.db.transaction().execute(async tx => {
    await store.markRecalled(tx, message.id, at)
    const count = await store.cancelParts(tx, message.id, keptReason(recalled), at)
    await record(tx, ctx, {
      corpId: message.corpId,
      actor,
      act: 'message.recall',
      target: message.id,
      detail: {},
    })
    return count
  })
  const sent = await sentParts(ctx, message.id)
  const { recall: upstream } = channelOf(message.channel)
  if (!upstream) {
    if (cancelled === 0) throw new ApiError('badParameter', notRecallable())
    return { recalled: cancelled, unrecalled: sent.length }
  }
  if (at.getTime() - message.createdAt.getTime() > upstream.withinMs && sent.length > 0) {
    throw new ApiError('badParameter', {
      zh: '只能撤回 24 小时内的消息',
      en: 'only messages of the last 24 hours can be recalled',
    })
  }
  const corp = ctx.corps.get(message.corpId)
  const recallable = sent.filter(part => part.vendorId)
  for (const part of recallable) {
    const refused = await upstream.send(corp, message.agentId, part.vendorId ?? '').catch(error => {
      throw upstreamError(error)
    })
    if (refused) throw new Refusal(refused)
  }
  return { recalled: cancelled + recallable.length, unrecalled: sent.length - recallable.length }
}

/** Says for all channels which of them recall nothing. */
function notRecallable(): Words {
  const labels = channelList.flatMap(([, { recall, label }]) => (recall ? [] : [label]))
  const inEnglish = labels.map(({ en }) => (/^[A-Z][a-z]/.test(en) ? en.toLowerCase() : en))
  return {
    zh: `${new Intl.ListFormat('zh').format(labels.map(({ zh }) => zh))}发出后不能撤回`,
    en: `${new Intl.ListFormat('en').format(inEnglish)} cannot be recalled once they are sent`,
  }
}

/** The parts that were sent or may have been. Waits for calls under way, but at most `sendingAtMostMs`. */
async function sentParts(ctx: Core, messageId: string): Promise<records.PartView[]> {
  const until = performance.now() + sendingAtMostMs
  for (;;) {
    const parts = await records.partsOf(ctx.db, messageId)
    if (!parts.some(part => part.state === 'sending') || performance.now() > until)
      return parts.filter(part => ['sent', 'unknown', 'sending', 'asking'].includes(part.state))
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
