import type { Core } from '../../../platform/core.ts'
import type { Caller } from '../../../platform/http/caller.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { type Language, wordsIn } from '../../../platform/words.ts'
import type { Outcome } from '../../channels/channel.ts'
import type { ChannelName } from '../../channels/channels.ts'
import type { MessageKey, MessageRow, PartState } from '../../channels/part.ts'
import type { ApprovalReason } from '../../channels/reason.ts'
import { toldIn, wordsOf } from '../../channels/telling.ts'
import { countActs } from '../marks/mark-store.ts'
import { findByRequest, findMessage, isExpanding } from '../parts/store.ts'
import { fallsBack } from '../plans/persons-store.ts'
import { isOpen, nextOf, type PlanRow, planOf } from '../plans/plan-store.ts'
import * as records from './fate-store.ts'

/** How far a message has come, in one word. */
export type MessageStatus = 'failed' | 'unknown' | 'sent' | 'queued' | 'cancelled'

export type Messages = {
  /** The message's status, and the first of the receivers who did not get it. */
  outcome(message: MessageKey): Promise<{ status: MessageStatus; failed: string[] }>
}

const lostAtMost = 1000
const attemptsAtMost = 200
export const answerAtMost = 500

export function createMessages(ctx: Pick<Core, 'db'>): Messages {
  return {
    async outcome(key) {
      const message = await findMessage(ctx.db, key)
      if (!message) return { status: 'failed', failed: [] }
      const lost = await records.lostOf(ctx.db, message, lostAtMost)
      return {
        status: await stateOf(ctx, message, await records.summaryOf(ctx.db, message)),
        failed: lost.filter(one => one.state === 'failed').map(one => one.userId),
      }
    },
  }
}

/** What is known of a message already, to spare asking for it again. */
type StatusBasis = { plan: PlanRow | undefined; fates: records.Count[] }

async function stateOf(
  ctx: Pick<Core, 'db'>,
  message: MessageRow,
  summary: records.Summary[],
  known?: StatusBasis,
): Promise<MessageStatus> {
  // With a fallback a person may be in several parts, of which the best counts.
  const isOnce = await fallsBack(ctx.db, message)
  const states = new Set<PartState>(isOnce ? [] : summary.map(one => one.state))
  if (message.children) {
    const plan = known ? known.plan : await planOf(ctx.db, message)
    // Next steps are no reason to call a message that reached everybody unsent.
    if (isOpen(plan) && !(isOnce && plan?.state === 'people')) return 'queued'
    if (plan?.state === 'cancelled') return 'cancelled'
    // Those who are in no part are counted with the others.
    for (const { state } of known?.fates ?? (await records.countFates(ctx.db, message))) states.add(state)
  }
  if (states.has('waiting') || states.has('sending') || states.has('asking')) return 'queued'
  if (await isExpanding(ctx.db, message)) return 'queued'
  if (states.has('unknown')) return 'unknown'
  if (states.has('sent')) return 'sent'
  // What was taken back before anything left keeps its word of before there were plans.
  const isCancelled = !states.has('failed') && states.has('cancelled') && message.recalledAt === null
  return isCancelled ? 'cancelled' : 'failed'
}

function noMessage(msgId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有消息 ${msgId}：编号不对、已过保存期，或不在您的范围内`,
    en: told`there is no message ${msgId}: the id is wrong, its retention is over, or it is outside your range`,
  })
}

/** Finds a message of this developer. Throws 1000 for any other. */
export async function findOwn(ctx: Core, developer: Caller, msgId: string): Promise<MessageRow> {
  const message = await findMessage(ctx.db, { corpId: developer.corpId, id: msgId })
  if (message?.devId !== developer.devId) throw noMessage(msgId)
  return message
}

/** Finds a message of this developer by its id, or by the developer's own. Throws 1000, also when both or none are given. */
export async function findOwnBy(
  ctx: Core,
  developer: Caller,
  { msgId, requestId }: { msgId: string | undefined; requestId: string | undefined },
): Promise<MessageRow> {
  const { corpId, devId } = developer
  if (msgId === undefined && requestId === undefined)
    throw new ApiError('missingParameter', { zh: 'msgId 或 requestId', en: 'msgId or requestId' })
  if (msgId !== undefined && requestId !== undefined)
    throw new ApiError('badParameter', {
      zh: 'msgId 与 requestId 只能填其中一个',
      en: 'give either msgId or requestId, not both',
    })
  if (msgId !== undefined) return findOwn(ctx, developer, msgId)
  const known = await findByRequest(ctx.db, { corpId, devId, requestId: requestId! })
  if (!known)
    throw new ApiError('badParameter', {
      zh: told`没有 requestId 为 ${requestId} 的消息`,
      en: told`there is no message with the requestId ${requestId}`,
    })
  return findOwn(ctx, developer, known.id)
}

/** Finds a message of this corp. Throws 1000 for any other. */
export async function findOfCorp(ctx: Core, corpId: string, msgId: string): Promise<MessageRow> {
  const message = await findMessage(ctx.db, { corpId, id: msgId })
  if (!message) throw noMessage(msgId)
  return message
}

/** When the next of it is looked at; nothing for what does not wait. */
export async function waitOf(
  ctx: Core,
  message: MessageRow,
  plan: PlanRow | undefined,
): Promise<{ waitsUntil?: string }> {
  if (!isOpen(plan) || heldReason(plan)) return {}
  const at = plan?.state === 'people' ? await nextOf(ctx.db, message) : plan?.dueAt
  return at ? { waitsUntil: at.toISOString() } : {}
}

/** Why it waits for a person, and not for its time. */
function heldReason(plan: PlanRow | undefined): ApprovalReason | undefined {
  if (plan?.state === 'approval') return { code: 'awaitsApproval' }
  return plan?.state === 'paused' ? { code: 'pausedByAdministrator' } : undefined
}

/** Why it is cancelled, or waits for a person; '' otherwise. */
export async function reasonOf(
  ctx: Core,
  message: MessageRow,
  plan: PlanRow | undefined,
  { status, language }: { status: string; language: Language },
): Promise<string> {
  const held = heldReason(plan)
  if (held) return wordsIn(language, wordsOf(held))
  if (status !== 'cancelled') return ''
  const kept = plan?.reason ?? (await records.partsOf(ctx.db, message)).find(one => one.reason)?.reason
  return toldIn(language, kept ?? '')
}

/** How far the sending has come, who did not get the message and why, and what upstream answered. */
export async function statusOf(ctx: Core, message: MessageRow, language: Language) {
  const summary = await records.summaryOf(ctx.db, message)
  const fates = await records.countFates(ctx.db, message)
  const plan = await planOf(ctx.db, message)
  const status = await stateOf(ctx, message, summary, { plan, fates })
  const reason = await reasonOf(ctx, message, plan, { status, language })
  const attempts = await records.attemptsOf(ctx.db, message, attemptsAtMost)
  const lost = await records.lostOf(ctx.db, message, lostAtMost)
  const receiversIn = (state: PartState) => {
    const found = fates.filter(one => one.state === state)
    const persons = found.reduce((sum, one) => sum + one.receivers, 0)
    // The single name `@all` stands for every receiver.
    return persons + (found.some(one => one.isAll) ? message.receivers - 1 : 0)
  }
  const heldUntil = summary.map(one => one.heldUntil?.getTime() ?? 0).reduce((a, b) => Math.max(a, b), 0)
  return {
    msgId: message.id,
    status,
    ...(await waitOf(ctx, message, plan)),
    ...(status === 'cancelled' || reason !== '' ? { reason } : {}),
    ...(message.about === null ? {} : { about: message.about }),
    channel: message.channel as ChannelName,
    ...(message.typeKey === null ? {} : { type: message.typeKey, typeVersion: message.typeVersion ?? 0 }),
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
    ...(await countActs(ctx.db, message)),
    attempts: attempts.map(one => ({
      at: one.at.toISOString(),
      ms: one.ms,
      outcome: one.outcome as Outcome['kind'],
      answer: toldIn(language, one.answer, answerAtMost),
    })),
    failed: lost.map(one => ({ ...one, reason: toldIn(language, one.reason) })),
  }
}
