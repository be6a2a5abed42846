import { Type } from 'typebox'
import { ApiError } from '../../../platform/http/errors.ts'
import {
  flag,
  integer,
  optionalChoice,
  optionalInteger,
  optionalText,
  text,
  texts,
} from '../../../platform/http/input.ts'
import { onPage, pageOf, paging } from '../../../platform/http/list-input.ts'
import { administrator, pageCall } from '../../../platform/http/page-call.ts'
import { told } from '../../../platform/http/told.ts'
import { approvalStatuses } from '../../../upstream/wecom/approvals/detail.ts'
import { approvalSchema, detailOfApproval, detailSchema, viewOfApproval } from '../approval-view.ts'
import type { ApprovalNeeds } from '../needs.ts'
import { findById, listApprovals } from '../store.ts'
import { grantsOf } from './settings-section.ts'
import { putTemplate, removeTemplate, type SetupNeeds, setApprovals } from './setup.ts'
import { settingOf, templatesOf } from './setup-store.ts'
import { settingSchema, templateSchema, viewOfTemplate } from './setup-view.ts'

const access = administrator('super')
const dayMs = 86_400_000
const row = { id: Type.Number(), userName: Type.String(), waitNames: Type.Array(Type.String()) }

/** Names beside userids, for pages. */
function namesOf(ctx: ApprovalNeeds, corpId: string): (userId: string) => string {
  const { members } = ctx.mirrors.of(corpId)
  return userId => members.byKey(userId.toLowerCase())?.name ?? userId
}

export const listApprovalsPage = pageCall({
  method: 'GET',
  path: '/web/approvals',
  access,
  point: 'todo:read',
  directory: true,
  input: {
    ...paging,
    status: optionalChoice('状态', approvalStatuses),
    templateId: optionalText('模板', { max: 128 }),
    userId: optionalText('申请人', { max: 64 }),
    stuckDays: optionalInteger('同一环节等待超过这些天', { min: 0, max: 3650 }),
  },
  output: Type.Object({
    list: Type.Array(Type.Object({ ...approvalSchema.properties, ...row })),
    total: Type.Number(),
  }),
  async handle(ctx: ApprovalNeeds, { input, corpId }) {
    const { status, templateId, userId: applicant, stuckDays } = input
    const stuckSince = stuckDays === undefined ? undefined : new Date(ctx.now() - stuckDays * dayMs)
    const filter = { corpId, status, templateId, applicant, stuckSince }
    const { list, total } = await listApprovals(ctx.db, filter, pageOf(input))
    const nameOf = namesOf(ctx, corpId)
    return {
      list: list.map(one => {
        const shown = viewOfApproval(one, userId => userId)
        return {
          ...shown,
          id: one.id,
          userName: nameOf(one.applicant),
          waitNames: shown.waitsFor.map(nameOf),
        }
      }),
      total,
    }
  },
})

export const showApproval = pageCall({
  method: 'GET',
  path: '/web/approvals/one',
  access,
  point: 'todo:read',
  directory: true,
  input: { id: integer('编号', { min: 1, max: Number.MAX_SAFE_INTEGER }) },
  output: Type.Object({ ...detailSchema.properties, ...row }),
  async handle(ctx: ApprovalNeeds, { input: { id }, corpId }) {
    const found = await findById(ctx.db, { corpId, id })
    if (!found) throw new ApiError('badParameter', told`id ${id}`)
    const nameOf = namesOf(ctx, corpId)
    const { steps, ...detail } = detailOfApproval(ctx, found, userId => userId)
    const named = steps.map(step => ({
      ...step,
      people: step.people.map(one => ({ ...one, userId: nameOf(one.userId) })),
    }))
    return {
      ...detail,
      steps: named,
      id,
      userName: nameOf(found.applicant),
      waitNames: detail.waitsFor.map(nameOf),
    }
  },
})

export const showApprovalSettings = pageCall({
  method: 'GET',
  path: '/web/approvals/settings',
  access,
  point: 'todo:read',
  input: {},
  output: Type.Object({
    ...settingSchema.properties,
    agents: Type.Array(Type.Object({ agentId: Type.Number(), name: Type.String() })),
    apps: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
    developers: Type.Array(Type.Object({ devId: Type.String(), name: Type.String() })),
  }),
  async handle(ctx: SetupNeeds, { corpId }) {
    const developers = ctx.developers.all().filter(one => one.corpId === corpId)
    return {
      ...((await settingOf(ctx.db, corpId)) ?? { agentId: null, appId: null }),
      agents: ctx.corps.get(corpId).agents.map(({ agentId, name }) => ({ agentId, name })),
      apps: ctx.apps.ofCorp(corpId).map(({ id, name }) => ({ id, name })),
      developers: developers.map(({ devId, name }) => ({ devId, name })),
    }
  },
})

export const listApprovalTemplates = pageCall({
  method: 'GET',
  path: '/web/approvals/templates',
  access,
  point: 'todo:read',
  input: { ...paging },
  output: Type.Object({ list: Type.Array(templateSchema), total: Type.Number() }),
  async handle(ctx: SetupNeeds, { input, corpId }) {
    const all = (await templatesOf(ctx.db, corpId)).map(viewOfTemplate)
    return { list: onPage(all, input), total: all.length }
  },
})

export const saveApprovalSettings = pageCall({
  method: 'POST',
  path: '/web/approvals/settings/save',
  access,
  point: 'todo:settings',
  input: {
    agentId: integer('企业微信应用', { min: 1, max: 2_147_483_647 }),
    appId: optionalText('待办归属的应用', { max: 64 }),
  },
  output: Type.Object({}),
  async handle(ctx: SetupNeeds, { input: { agentId, appId = null }, visitor, corpId }) {
    await setApprovals(ctx, visitor.actor, corpId, { agentId, appId })
    return {}
  },
})

export const saveApprovalTemplate = pageCall({
  method: 'POST',
  path: '/web/approvals/templates/save',
  access,
  point: 'todo:settings',
  input: {
    templateId: text('模板 id', { max: 128 }),
    isOwn: flag('自建应用的流程'),
    name: optionalText('自建流程的名称', { max: 64 }),
    applies: texts('可以提交的开发者', { max: 200, length: 64 }),
    reads: texts('可以查看全部审批的开发者', { max: 200, length: 64 }),
  },
  output: Type.Object({ name: Type.String() }),
  outgoing: true,
  async handle(ctx: SetupNeeds, { input: { templateId, isOwn, name, applies, reads }, visitor, corpId }) {
    const grants = grantsOf(applies, reads)
    const flow = isOwn ? 'own' : 'wecom'
    const made = await putTemplate(ctx, visitor.actor, corpId, { templateId, flow, name, grants })
    return { name: made.name }
  },
})

export const removeApprovalTemplate = pageCall({
  method: 'POST',
  path: '/web/approvals/templates/remove',
  access,
  point: 'todo:settings',
  input: { templateId: text('模板 id', { max: 128 }) },
  output: Type.Object({}),
  async handle(ctx: SetupNeeds, { input, visitor, corpId }) {
    await removeTemplate(ctx, visitor.actor, corpId, input.templateId)
    return {}
  },
})
