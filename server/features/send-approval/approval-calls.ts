import { Type } from 'typebox'
import { fieldsOf } from '../../platform/acts/settings.ts'
import type { Core } from '../../platform/core.ts'
import { adminCall } from '../../platform/http/admin/admin-call.ts'
import { versionOf } from '../../platform/http/form-version.ts'
import { structured, text } from '../../platform/http/input.ts'
import { administrator, pageCall } from '../../platform/http/page-call.ts'
import { type SpendingNeeds, spendingOf, spendingSchema } from './budget/spending.ts'
import type { SendApproval } from './catalog.ts'
import { setSendApproval } from './set-approval.ts'
import { approvalSettings, approvalShape, standard } from './settings.ts'

type Needs = Core & { sendApproval: SendApproval }

export const readSendApproval = pageCall({
  method: 'GET',
  path: '/web/messages/approval-settings',
  access: administrator('super'),
  point: 'message:read',
  input: {},
  output: Type.Object({ version: Type.String(), settings: approvalShape, spending: spendingSchema }),
  async handle(ctx: SpendingNeeds, { corpId }) {
    const settings = ctx.sendApproval.of(corpId)
    return { version: versionOf(settings), settings, spending: await spendingOf(ctx, corpId, '') }
  },
})

export const saveSendApproval = pageCall({
  method: 'POST',
  path: '/web/messages/approval-settings/save',
  access: administrator('super'),
  point: 'message:settings',
  input: { version: text('打开表单时的 version', { max: 64 }), ...fieldsOf(approvalSettings) },
  output: Type.Object({}),
  async handle(
    ctx: Needs,
    { input: { version, receivers, words, smsPrice, smsBudget, smsUrgent, ...switches }, visitor, corpId },
  ) {
    const given = {
      ...switches,
      ...(receivers === undefined ? {} : { receivers }),
      ...(words === undefined ? {} : { words: [...words] }),
      ...(smsPrice === undefined ? {} : { smsPrice }),
      ...(smsBudget === undefined ? {} : { smsBudget }),
      ...(smsUrgent === undefined ? {} : { smsUrgent }),
    }
    await setSendApproval(ctx, visitor.actor, corpId, given, version)
    return {}
  },
})

const answer = Type.Object({ sendApproval: approvalShape })

export const adminReadSendApproval = adminCall({
  method: 'GET',
  path: '/api/admin/message/approvalSettings',
  summary: { zh: '查看哪些发送须批准', en: 'Get which sends need approval' },
  scope: 'admin:read',
  point: 'message:read',
  reach: 'corp',
  input: {},
  output: answer,
  errors: [],
  sample: { sendApproval: standard },
  handle: async (ctx: Needs, { corpId }) => ({ sendApproval: ctx.sendApproval.of(corpId) }),
})

export const adminSetSendApproval = adminCall({
  method: 'POST',
  path: '/api/admin/message/approvalSettings/set',
  summary: { zh: '设置哪些发送须批准', en: 'Set which sends need approval' },
  description: {
    zh: '只写要修改的项。之前接受的消息不受影响。',
    en: 'Give what changes. What was accepted before stays as it is.',
  },
  scope: 'admin:apps',
  point: 'message:settings',
  reach: 'corp',
  input: {
    sendApproval: structured(
      { zh: '要修改的项', en: 'What changes' },
      Type.Partial(approvalShape, { additionalProperties: false }),
    ),
  },
  output: answer,
  errors: [],
  sample: { sendApproval: standard },
  sampleInput: { sendApproval: { receivers: 1000, words: ['中奖'] } },
  async handle(ctx: Needs, { corpId, input, caller }) {
    await setSendApproval(ctx, caller.actor, corpId, input.sendApproval)
    return { sendApproval: ctx.sendApproval.of(corpId) }
  },
})
