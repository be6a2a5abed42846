import { Type } from 'typebox'
import type { Core } from '../../../platform/core.ts'
import { adminCall } from '../../../platform/http/admin/admin-call.ts'
import {
  integer,
  optionalChoice,
  optionalStructured,
  optionalText,
  text,
} from '../../../platform/http/input.ts'
import { flowAbout } from '../approval-view.ts'
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
