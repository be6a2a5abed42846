import { type Static, Type } from 'typebox'
import type { Corps } from '../../../organisation/corps/corps.ts'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import { text } from '../../../platform/http/input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import type { Queue } from '../../../platform/queue/queue.ts'
import { languageOf, wordsIn } from '../../../platform/words.ts'
import { wordsOf } from '../../channels/telling.ts'
import { smsPriceOf } from '../../send-approval/budget/price.ts'
import { leftOf, type SpendingNeeds } from '../../send-approval/budget/spending.ts'
import { whoOf } from '../console/message-list.ts'
import { findOfCorp } from '../fate/status.ts'
import { approvalOf } from '../plans/approval-store.ts'
import { planOf } from '../plans/plan-store.ts'
import { approveSend, type DecideNeeds, isUndecided, refuseSend, standingOf } from './decide-send.ts'
import { endMessage } from './end-message.ts'
import { pauseMessage, resumeMessage } from './pause.ts'

const msgId = text({ zh: '消息 id', en: 'Id of the message' }, { max: 64 })
const reason = text(
  { zh: '拒绝的原因，发送人会看到', en: 'Why it is refused; its sender reads it' },
  { max: 200 },
)
const none = Type.Object({})

/** What an approver sees beside the content: why, of whom, to how many, at what cost. */
const approvalSchema = Type.Object({
  /** `other`: the reader may decide; `own`: somebody else has to; `confirm`: the reader sent it, and nobody else could; '' once it is decided. */
  standing: Type.Enum(['', 'other', 'own', 'confirm']),
  isReview: Type.Boolean(),
  cause: Type.String(),
  askedBy: Type.String(),
  askedAt: Type.String(),
  receivers: Type.Number(),
  sms: Type.Number(),
  /** In fen; 0 where no price is set. */
  cost: Type.Number(),
  /** What is left of this month's budget when it has left, in fen, below 0 where it does not suffice; of the corp, or of its developer where that is less. Null without a budget. */
  budgetLeft: Type.Union([Type.Number(), Type.Null()]),
  decidedBy: Type.String(),
  decidedAt: Type.String(),
  words: Type.String(),
})
export type ApprovalView = Static<typeof approvalSchema>

export const readApproval = pageCall({
  method: 'GET',
  path: '/web/messages/approval',
  access: administrator('super'),
  point: 'message:read',
  directory: true,
  input: { msgId },
  output: Type.Object({ approval: Type.Union([approvalSchema, Type.Null()]) }),
  async handle(ctx: DecideNeeds & SpendingNeeds, { input, visitor, corpId, request }) {
    const message = await findOfCorp(ctx, corpId, input.msgId)
    const row = await approvalOf(ctx.db, message)
    if (!row) return { approval: null }
    const isOpen = isUndecided(row, await planOf(ctx.db, message))
    const { decidedBy, decidedAt, askedBy, sms } = row
    const cost = Math.ceil(sms * smsPriceOf(ctx, corpId))
    // What was only reviewed has been paid.
    const left = cost > 0 && row.state === 'asked' ? await leftOf(ctx, corpId, message.devId) : undefined
    return {
      approval: {
        standing: isOpen ? await standingOf(ctx, corpId, visitor.actor, row) : ('' as const),
        isReview: row.state === 'review' || row.state === 'reviewed',
        cause: wordsIn(languageOf(request.headers['accept-language']), wordsOf(row.cause)),
        askedBy: whoOf(ctx, corpId, askedBy),
        askedAt: row.askedAt.toISOString(),
        receivers: message.receivers,
        sms,
        cost,
        budgetLeft: left === undefined ? null : left - cost,
        decidedBy: decidedBy === null ? '' : whoOf(ctx, corpId, decidedBy),
        decidedAt: decidedAt?.toISOString() ?? '',
        words: row.words ?? '',
      },
    }
  },
})

export const approveSendCall = pageCall({
  method: 'POST',
  path: '/web/messages/approve',
  access: administrator('super'),
  point: 'message:approve',
  directory: true,
  input: { msgId },
  output: none,
  async handle(ctx: DecideNeeds, { input, visitor, corpId }) {
    await approveSend(ctx, visitor.actor, corpId, input.msgId)
    return {}
  },
})

export const refuseSendCall = pageCall({
  method: 'POST',
  path: '/web/messages/refuse',
  access: administrator('super'),
  point: 'message:approve',
  directory: true,
  input: { msgId, reason },
  output: none,
  async handle(ctx: DecideNeeds, { input, visitor, corpId }) {
    await refuseSend(ctx, visitor.actor, corpId, input.msgId, input.reason)
    return {}
  },
})

export const pauseMessageCall = pageCall({
  method: 'POST',
  path: '/web/messages/pause',
  access: administrator('super'),
  point: 'message:send',
  input: { msgId },
  output: none,
  async handle(ctx: Core & { queue: Queue }, { input, visitor, corpId }) {
    await pauseMessage(ctx, visitor.actor, corpId, input.msgId)
    return {}
  },
})

export const resumeMessageCall = pageCall({
  method: 'POST',
  path: '/web/messages/resume',
  access: administrator('super'),
  point: 'message:send',
  input: { msgId },
  output: none,
  async handle(ctx: Core & { queue: Queue }, { input, visitor, corpId }) {
    await resumeMessage(ctx, visitor.actor, corpId, input.msgId)
    return {}
  },
})

const sampleInput = { msgId: 'mZ3k9w…' }

export const adminApproveSend = adminCall({
  method: 'POST',
  path: '/api/admin/message/approve',
  summary: { zh: '批准等待批准的发送', en: 'Approve a send that waits' },
  description: {
    zh: '到它的时间（没有则立即）发出；已发出的紧急消息记为已复核。以令牌创建人的身份，发送人自己的令牌不能批准。',
    en: 'It leaves at its time, or at once; an urgent one that has left counts as reviewed. The maker of the token approves, and cannot be its sender.',
  },
  scope: 'admin:apps',
  point: 'message:approve',
  reach: 'corp',
  directory: true,
  input: { msgId },
  output: none,
  errors: [],
  sample: {},
  sampleInput,
  async handle(ctx: DecideNeeds, { corpId, input, caller }) {
    await approveSend(ctx, caller.actor, corpId, input.msgId)
    return {}
  },
})

export const adminRefuseSend = adminCall({
  method: 'POST',
  path: '/api/admin/message/refuse',
  summary: { zh: '拒绝等待批准的发送', en: 'Refuse a send that waits' },
  description: {
    zh: '不再发出；发送的开发者在 message/status 中看到是谁拒绝的和原因。',
    en: 'It does not leave any more; the developer who sent it sees in message/status who refused it and why.',
  },
  scope: 'admin:apps',
  point: 'message:approve',
  reach: 'corp',
  directory: true,
  input: { msgId, reason },
  output: none,
  errors: [],
  sample: {},
  sampleInput: { ...sampleInput, reason: '请改在工作时间发' },
  async handle(ctx: DecideNeeds, { corpId, input, caller }) {
    await refuseSend(ctx, caller.actor, corpId, input.msgId, input.reason)
    return {}
  },
})

export const adminPauseMessage = adminCall({
  method: 'POST',
  path: '/api/admin/message/pause',
  summary: { zh: '暂停等待发出的消息', en: 'Pause a message that waits' },
  description: {
    zh: '定时的消息，或逐人决定、还有人在等的消息；已交给渠道的照常发出。',
    en: 'One with a time, or one decided person by person for whom some wait; what was handed to its channel goes on.',
  },
  scope: 'admin:apps',
  point: 'message:send',
  reach: 'corp',
  input: { msgId },
  output: none,
  errors: [],
  sample: {},
  sampleInput,
  async handle(ctx: Core & { queue: Queue }, { corpId, input, caller }) {
    await pauseMessage(ctx, caller.actor, corpId, input.msgId)
    return {}
  },
})

export const adminResumeMessage = adminCall({
  method: 'POST',
  path: '/api/admin/message/resume',
  summary: { zh: '继续发送暂停的消息', en: 'Resume a paused message' },
  scope: 'admin:apps',
  point: 'message:send',
  reach: 'corp',
  input: { msgId },
  output: none,
  errors: [],
  sample: {},
  sampleInput,
  async handle(ctx: Core & { queue: Queue }, { corpId, input, caller }) {
    await resumeMessage(ctx, caller.actor, corpId, input.msgId)
    return {}
  },
})

export const adminEndMessage = adminCall({
  method: 'POST',
  path: '/api/admin/message/end',
  summary: { zh: '结束一条消息的发送', en: 'End a message' },
  description: {
    zh: '尚未发出的不再发；已发出的不受影响。',
    en: 'What has not left does not leave any more; what has left stays.',
  },
  scope: 'admin:apps',
  point: 'message:send',
  reach: 'corp',
  directory: true,
  input: { msgId },
  output: Type.Object({
    cancelled: Type.Integer({
      about: {
        zh: '结束了多少：等待中的按人数，已排队的按条数',
        en: 'How much was ended: persons who waited, parts that were queued',
      },
    }),
    left: Type.Integer({ about: { zh: '已发出的条数', en: 'How many parts have left' } }),
  }),
  errors: [],
  sample: { cancelled: 12, left: 0 },
  sampleInput,
  async handle(ctx: DecideNeeds & { corps: Corps }, { corpId, input, caller }) {
    const { actor } = caller
    const { cancelled, left } = await endMessage(
      ctx,
      { actor, who: whoOf(ctx, corpId, actor) },
      corpId,
      input.msgId,
    )
    return { cancelled, left }
  },
})
