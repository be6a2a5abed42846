import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import {
  integer,
  optionalChoice,
  optionalInteger,
  optionalStructured,
  optionalText,
  text,
} from '../../../platform/http/input.ts'
import { pageOf } from '../../../platform/http/list-input.ts'
import { approvalStatuses } from '../../../upstream/wecom/approvals/detail.ts'
import { approvalSchema, flowAbout, sampleApproval, statusAbout, viewOfApproval } from '../approval-view.ts'
import { listApprovals } from '../store.ts'
import { putTemplate, removeTemplate, type SetupNeeds, setApprovals } from './setup.ts'
import { settingOf, templatesOf } from './setup-store.ts'
import {
  agentAbout,
  appAbout,
  grantShape,
  grantsAbout,
  sampleTemplate,
  settingSchema,
  templateSchema,
  viewOfTemplate,
} from './setup-view.ts'

const templateId = text({ zh: '模板 id', en: 'Id of the template' }, { max: 128 })

export const adminListApprovals = adminCall({
  method: 'GET',
  path: '/api/admin/approvals',
  summary: { zh: '列出审批', en: 'List approvals' },
  description: {
    zh: 'stuckDays 只列出同一环节等待超过这些天的，最久的在前。',
    en: 'stuckDays lists those alone that wait in one step for more than these days, the longest first.',
  },
  scope: 'admin:read',
  point: 'todo:read',
  reach: 'corp',
  input: {
    status: optionalChoice(statusAbout, approvalStatuses),
    stuckDays: optionalInteger({ zh: '等待天数', en: 'Days of waiting' }, { min: 0, max: 3650 }),
    pageNo: optionalInteger({ zh: '页码，从 1 起', en: 'Page, from 1' }, { min: 1, max: 1_000_000 }),
    pageSize: optionalInteger(
      { zh: '每页条数，默认 20', en: 'How many: 20 by default' },
      { min: 1, max: 200 },
    ),
  },
  output: Type.Object({
    list: Type.Array(approvalSchema),
    total: Type.Integer({ about: { zh: '总数', en: 'How many there are' } }),
  }),
  errors: [],
  sample: { list: [sampleApproval], total: 1 },
  async handle(ctx: Core, { corpId, input }) {
    const { status, stuckDays } = input
    const stuckSince = stuckDays === undefined ? undefined : new Date(ctx.now() - stuckDays * 86_400_000)
    const { list, total } = await listApprovals(ctx.db, { corpId, status, stuckSince }, pageOf(input))
    return { list: list.map(row => viewOfApproval(row, userId => userId)), total }
  },
})

export const adminApprovals = adminCall({
  method: 'GET',
  path: '/api/admin/approvalSettings',
  summary: { zh: '查询审批的设置与模板', en: 'Settings and templates of approvals' },
  scope: 'admin:read',
  point: 'todo:read',
  reach: 'corp',
  input: {},
  output: Type.Object({ ...settingSchema.properties, templates: Type.Array(templateSchema) }),
  errors: [],
  sample: { agentId: 1000002, appId: null, templates: [sampleTemplate] },
  handle: async (ctx: Core, { corpId }) => ({
    ...((await settingOf(ctx.db, corpId)) ?? { agentId: null, appId: null }),
    templates: (await templatesOf(ctx.db, corpId)).map(viewOfTemplate),
  }),
})

export const adminSetApprovals = adminCall({
  method: 'POST',
  path: '/api/admin/approvalSettings/set',
  summary: { zh: '设置审批使用的应用', en: 'Set the apps of approvals' },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: {
    agentId: integer(agentAbout, { min: 1, max: 2_147_483_647 }),
    appId: optionalText(appAbout, { max: 64 }),
  },
  output: settingSchema,
  errors: [],
  sample: { agentId: 1000002, appId: null },
  sampleInput: { agentId: 1000002 },
  async handle(ctx: SetupNeeds, { corpId, input: { agentId, appId = null }, caller }) {
    await setApprovals(ctx, caller.actor, corpId, { agentId, appId })
    return { agentId, appId }
  },
})

export const adminPutApprovalTemplate = adminCall({
  method: 'POST',
  path: '/api/admin/approvalTemplate/put',
  summary: { zh: '添加审批模板，或修改授权', en: 'Add an approval template, or change who may use it' },
  description: {
    zh: '名称和字段每次从企业微信读取。grants 替换全部授权，不填则不变。',
    en: 'Name and fields are read from WeCom each time. grants replaces all; left out, they stay.',
  },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  outgoing: true,
  input: {
    templateId,
    flow: optionalChoice(flowAbout, ['wecom', 'own']),
    name: optionalText({ zh: '自建流程的名称', en: 'Name of an own flow' }, { max: 64 }),
    grants: optionalStructured(grantsAbout, Type.Array(grantShape, { maxItems: 200 })),
  },
  output: templateSchema,
  errors: ['messageCentre', 'upstream'],
  sample: sampleTemplate,
  sampleInput: { templateId: sampleTemplate.templateId },
  handle: async (ctx: SetupNeeds, { corpId, input, caller }) =>
    viewOfTemplate(await putTemplate(ctx, caller.actor, corpId, input)),
})

export const adminRemoveApprovalTemplate = adminCall({
  method: 'POST',
  path: '/api/admin/approvalTemplate/remove',
  summary: { zh: '移除审批模板', en: 'Remove an approval template' },
  scope: 'admin:apps',
  point: 'todo:settings',
  reach: 'corp',
  input: { templateId },
  output: Type.Object({ templateId: templateSchema.properties.templateId }),
  errors: [],
  sample: { templateId: sampleTemplate.templateId },
  sampleInput: { templateId: sampleTemplate.templateId },
  async handle(ctx: SetupNeeds, { corpId, input, caller }) {
    await removeTemplate(ctx, caller.actor, corpId, input.templateId)
    return input
  },
})
