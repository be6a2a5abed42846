import { record } from '../audit/audit.ts'
import { signal } from '../bus.ts'
import type { Context } from '../context.ts'
import type { Developer } from '../developers/developers.ts'
import { ApiError } from '../errors.ts'
import { upstreamError } from '../upstream-error.ts'
import type { Language } from '../words.ts'
import { channels } from './channels/channels.ts'
import type { SendAnswer } from './messages.ts'
import { keptReason, keptReasonIn, recalled } from './reason.ts'
import * as records from './records.ts'
import type { MessageRow, PartState } from './store.ts'
import * as store from './store.ts'

/** What became of messages. */
export type Messages = {
  /** How it stands, and the first of those who did not get it. */
  outcome(id: string): Promise<{ status: SendAnswer['status']; failed: string[] }>
}

const lostAtMost = 1000
const attemptsAtMost = 200

export function createMessages(ctx: Pick<Context, 'db'>): Messages {
  return {
    async outcome(id) {
      const message = (await store.findMessages(ctx.db, [id])).get(id)
      const lost = await records.lostOf(ctx.db, id, lostAtMost)
      return {
        status: stateOf(message?.expandedTo ?? null, await records.summaryOf(ctx.db, id)),
        failed: lost.filter(one => one.state === 'failed').map(one => one.userId),
      }
    },
  }
}

function stateOf(expandedTo: number | null, summary: records.Summary[]): SendAnswer['status'] {
  const states = new Set<PartState>(summary.map(one => one.state))
  if (expandedTo !== null || states.has('waiting') || states.has('sending') || states.has('asking'))
    return 'queued'
  if (states.has('unknown')) return 'unknown'
  return states.has('sent') ? 'sent' : 'failed'
}

export function noMessage(msgId: string): ApiError {
  return new ApiError('badParameter', { zh: `没有消息 ${msgId}`, en: `there is no message ${msgId}` })
}

/** Throws 1000 for a message that is not this developer's. */
export async function findOwn(ctx: Context, developer: Developer, msgId: string): Promise<MessageRow> {
  const message = (await store.findMessages(ctx.db, [msgId])).get(msgId)
  if (message?.devId !== developer.devId) throw noMessage(msgId)
  return message
}

/** How far a message is, who did not get it and why, and what upstream answered. */
export async function statusOf(ctx: Context, message: MessageRow, language: Language) {
  const summary = await records.summaryOf(ctx.db, message.id)
  const fates = await records.countFates(ctx.db, message.id)
  const attempts = await records.attemptsOf(ctx.db, message.id, attemptsAtMost)
  const lost = await records.lostOf(ctx.db, message.id, lostAtMost)
  const receiversIn = (state: PartState) => {
    const found = fates.find(one => one.state === state)
    // One name stands for all of them.
    return (found?.receivers ?? 0) + (found?.isAll ? message.receivers - 1 : 0)
  }
  const heldUntil = summary.map(one => one.heldUntil?.getTime() ?? 0).reduce((a, b) => Math.max(a, b), 0)
  return {
    msgId: message.id,
    status: stateOf(message.expandedTo, summary),
    channel: message.channel,
    createdAt: message.createdAt.toISOString(),
    recalledAt: message.recalledAt?.toISOString() ?? '',
    heldUntil: heldUntil ? new Date(heldUntil).toISOString() : '',
    receivers: {
      total: message.receivers,
      sent: receiversIn('sent'),
      waiting: receiversIn('waiting'),
      failed: receiversIn('failed'),
      unknown: receiversIn('unknown'),
      cancelled: receiversIn('cancelled'),
    },
    attempts: attempts.map(one => ({
      at: one.at.toISOString(),
      ms: one.ms,
      outcome: one.outcome,
      answer: keptReasonIn(language, one.answer),
    })),
    failed: lost.map(one => ({ ...one, reason: keptReasonIn(language, one.reason) })),
  }
}

const recallWithinMs = 24 * 3_600_000
const sendingAtMostMs = 20_000

/**
 * Takes back what has not gone out, and from WeCom what has in the last 24 hours; what is just being sent is waited for.
 * Mail and SMS that went out cannot be taken back. Throws 1000, 1008, 1011.
 */
export async function recall(ctx: Context, message: MessageRow, actor: string) {
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
  const { recall: recallFrom } = channels[message.channel]
  if (!recallFrom) {
    if (cancelled === 0)
      throw new ApiError('badParameter', {
        zh: '邮件和短信发出后不能撤回',
        en: 'mail and SMS cannot be recalled once they are sent',
      })
    return { recalled: cancelled, unrecalled: sent.length }
  }
  if (at.getTime() - message.createdAt.getTime() > recallWithinMs && sent.length > 0) {
    throw new ApiError('badParameter', {
      zh: '只能撤回 24 小时内的消息',
      en: 'only messages of the last 24 hours can be recalled',
    })
  }
  const corp = ctx.corps.get(message.corpId)
  const recallable = sent.filter(part => part.vendorId)
  for (const part of recallable) {
    await recallFrom(ctx, corp, message.agentId, part.vendorId ?? '').catch(error => {
      throw upstreamError(error)
    })
  }
  return { recalled: cancelled + recallable.length, unrecalled: sent.length - recallable.length }
}

/** What has gone out, or may have, once nothing of the message is being sent any more. */
async function sentParts(ctx: Context, messageId: string): Promise<records.PartView[]> {
  const until = performance.now() + sendingAtMostMs
  for (;;) {
    const parts = await records.partsOf(ctx.db, messageId)
    if (!parts.some(part => part.state === 'sending') || performance.now() > until)
      return parts.filter(part => ['sent', 'unknown', 'sending', 'asking'].includes(part.state))
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** A person decides to send once more to those whom it failed to reach, or may not have reached. Answers how many. */
export async function resend(
  ctx: Context,
  actor: string,
  corpId: string,
  msgId: string,
): Promise<{ receivers: number }> {
  const message = (await store.findMessages(ctx.db, [msgId])).get(msgId)
  if (message?.corpId !== corpId) throw noMessage(msgId)
  const receivers = await ctx.db.transaction().execute(async tx => {
    const count = await records.reopenFailed(tx, msgId, new Date(ctx.now()))
    await record(tx, ctx, {
      corpId,
      actor,
      act: 'message.resend',
      target: msgId,
      detail: { receivers: count },
    })
    await signal(tx, 'wisp_sync', corpId)
    return count
  })
  ctx.dispatcher.kick()
  return { receivers }
}
