import type { Developers } from '../../../callers/developers/developers.ts'
import { isListed, userKey } from '../../../organisation/directory/mirror/members.ts'
import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import { mayAct, roleLevel } from '../../../organisation/directory/permissions/person.ts'
import { rolesOfCorp } from '../../../organisation/people/store.ts'
import { record } from '../../../platform/audit/audit.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { told } from '../../../platform/http/told.ts'
import { checkAlerts } from '../../../platform/queue/check-alerts.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { enqueue } from '../../../platform/queue/queue-store.ts'
import type { MessageRow } from '../../channels/part.ts'
import { whoOf } from '../console/message-list.ts'
import { findOfCorp } from '../fate/status.ts'
import { stopWaiting } from '../fate/stop-waiting.ts'
import { type ApprovalRow, approvalOf, putDecision } from '../plans/approval-store.ts'
import { letLeave } from '../plans/held-store.ts'
import { lockPlan, type PlanRow } from '../plans/plan-store.ts'
import { sendersNow } from '../waiting/senders.ts'

export type DecideNeeds = Core & { developers: Developers; mirrors: Mirrors; queue: Queue }

/** Whether it still waits for a decision: to leave, or to be looked at after it left. */
export function isUndecided(row: ApprovalRow | undefined, plan: PlanRow | undefined): row is ApprovalRow {
  return row?.state === 'review' || (row?.state === 'asked' && plan?.state === 'approval')
}

/**
 * `own`: the actor sent it, or owned its developer then or does now, and somebody else has to approve. `confirm`: the same, and nobody else
 * lives who could. The address book is in memory.
 */
export async function standingOf(
  ctx: DecideNeeds,
  corpId: string,
  actor: string,
  { askedBy, senders }: Pick<ApprovalRow, 'askedBy' | 'senders'>,
): Promise<'other' | 'own' | 'confirm'> {
  const mirror = ctx.mirrors.of(corpId)
  const { members } = mirror
  const all = new Set([...senders, ...sendersNow(ctx, mirror, askedBy)])
  const own = members.byKey(userKey(actor))
  if (actor !== askedBy && !(own && all.has(own.id))) return 'other'
  for (const { memberId, level } of await rolesOfCorp(ctx.db, corpId)) {
    const one = level === roleLevel.superAdministrator ? members.byId(memberId) : undefined
    if (one && isListed(one) && mayAct(one) && !all.has(one.id)) return 'own'
  }
  return 'confirm'
}

/**
 * Lets a send leave that waited for approval, or notes that one which left at once was looked at. Who sent it cannot, unless nobody else
 * lives who could: then they confirm it. Throws 1000 where nothing waits for it, and 1009.
 */
export async function approveSend(
  ctx: DecideNeeds,
  actor: string,
  corpId: string,
  msgId: string,
): Promise<void> {
  await decide(ctx, { actor, corpId, msgId }, async (tx, { message, row, at }) => {
    const standing = await standingOf(ctx, corpId, actor, row)
    if (standing === 'own') throw notByItsSender()
    const passed = standing === 'confirm' ? 'confirmed' : 'approved'
    const state = row.state === 'review' ? 'reviewed' : passed
    await putDecision(tx, message, { state, by: actor, at, words: null })
    const detail = { receivers: message.receivers, state }
    await record(tx, ctx, { corpId, actor, act: 'message.approve', target: msgId, detail })
    await checkAlerts(ctx, tx, corpId)
    if (state === 'reviewed') return
    const dueAt = new Date(Math.max(at.getTime(), message.dueAt?.getTime() ?? 0))
    await letLeave(tx, { corpId, messageId: msgId }, dueAt)
    await enqueue(tx, [{ corpId, stream: 'message-plans' }], dueAt)
  })
  ctx.queue.kick(corpId)
}

/** Ends a send that waited for approval; its sender is told who refused it, and why. Throws 1000. */
export async function refuseSend(
  ctx: DecideNeeds,
  actor: string,
  corpId: string,
  msgId: string,
  words: string,
): Promise<void> {
  await decide(ctx, { actor, corpId, msgId }, async (tx, { message, row, at }) => {
    if (row.state === 'review')
      throw new ApiError('badParameter', {
        zh: told`紧急消息 ${msgId} 已经发出，只能复核；需要收回的请撤回`,
        en: told`the urgent message ${msgId} has been sent already and can only be reviewed: recall it to take it back`,
      })
    await putDecision(tx, message, { state: 'refused', by: actor, at, words })
    const detail = { receivers: message.receivers, reason: words }
    await record(tx, ctx, { corpId, actor, act: 'message.refuse', target: msgId, detail })
    await checkAlerts(ctx, tx, corpId)
    const reason = { code: 'refusedBy', who: whoOf(ctx, corpId, actor), why: words } as const
    await stopWaiting(tx, message, reason, { receivers: message.receivers }, at)
  })
}

type SendDecision = { message: MessageRow; row: ApprovalRow; at: Date }

/** Two who decide at once take turns at the plan, so that the second finds it decided. */
async function decide(
  ctx: DecideNeeds,
  { corpId, msgId }: { actor: string; corpId: string; msgId: string },
  write: (tx: DecideNeeds['db'], deciding: SendDecision) => Promise<void>,
): Promise<void> {
  const message = await findOfCorp(ctx, corpId, msgId)
  await ctx.db.transaction().execute(async tx => {
    const plan = message.children ? await lockPlan(tx, message) : undefined
    const row = await approvalOf(tx, message)
    if (!isUndecided(row, plan)) throw notWaiting(msgId)
    await write(tx, { message, row, at: new Date(ctx.now()) })
  })
}

function notWaiting(msgId: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`消息 ${msgId} 不在等待批准，可能已经处理；请刷新`,
    en: told`the message ${msgId} does not wait for approval, perhaps it was decided already: reload`,
  })
}

function notByItsSender(): ApiError {
  return new ApiError('forbidden', {
    zh: '须由发送人（以及发送的开发者的负责人）以外的超级管理员批准',
    en: 'it has to be approved by a super administrator who is neither its sender nor an owner of the developer that sent it',
  })
}
