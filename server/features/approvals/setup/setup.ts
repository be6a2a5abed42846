import type { Developers } from '../../../callers/developers/developers.ts'
import { type Agent, type Corps, unknownAgent } from '../../../organisation/corps/corps.ts'
import { perform } from '../../../platform/acts/perform.ts'
import { changesOf } from '../../../platform/audit/changes.ts'
import { boundGrants } from '../../../platform/audit/grants.ts'
import type { Core } from '../../../platform/core.ts'
import { ApiError } from '../../../platform/http/errors.ts'
import { readName } from '../../../platform/http/rules.ts'
import { own, told } from '../../../platform/http/told.ts'
import type { ApprovalFlow } from '../../../upstream/wecom/approvals/detail.ts'
import type { Apps } from '../../apps/catalog.ts'
import { answered } from '../ask.ts'
import { pendingOf } from '../store.ts'
import { enqueueRead } from '../tasks.ts'
import { approvalGrants } from './granted-store.ts'
import * as store from './setup-store.ts'

export type SetupNeeds = Core & { apps: Apps; corps: Corps; developers: Developers }

export const approvalsFeature = 'approvals'
/** Older nodes would tell an event of it to nobody. */
export const approvalsSince = '0195-approvals.sql'

const templatesAtMost = 200
const developersAtMost = 200

/** The agent by which the corp's approvals are asked for. Throws 1008 where none is set, or it is gone. */
export async function agentOfCorp(
  ctx: Core & { corps: Corps },
  corpId: string,
): Promise<{ agent: Agent; setting: store.ApprovalSetting }> {
  const setting = await store.settingOf(ctx.db, corpId)
  const agent = ctx.corps.get(corpId).agents.find(one => one.agentId === setting?.agentId)
  if (setting && agent) return { agent, setting }
  throw new ApiError('messageCentre', {
    zh: '没有设置审批使用的企业微信应用：管理员可在“待办 → 审批模板与授权”中设置',
    en: 'no WeCom app is set for approvals: administrators can set one under To-dos → Approval templates',
  })
}

/** Throws 1000. */
export async function setApprovals(
  ctx: SetupNeeds,
  actor: string,
  corpId: string,
  given: { agentId: number; appId: string | null },
): Promise<void> {
  const { agentId, appId } = given
  if (!ctx.corps.get(corpId).agents.some(one => one.agentId === agentId)) throw unknownAgent(agentId)
  if (appId !== null && ctx.apps.find(appId)?.corpId !== corpId)
    throw new ApiError('badParameter', {
      zh: told`没有应用 ${appId}`,
      en: told`there is no app ${appId}`,
    })
  await perform(ctx, { act: 'approval.set', actor, corpId }, async tx => {
    const was = await store.settingOf(tx, corpId)
    await store.putSetting(tx, corpId, given, new Date(ctx.now()))
    return { target: String(agentId), detail: { changes: changesOf(was ?? {}, given) }, answer: undefined }
  })
}

export type TemplateChange = {
  templateId: string
  /** Of a template that is not there yet; `wecom` by default. */
  flow?: ApprovalFlow | undefined
  /** Of the own flow, whose templates WeCom does not tell. */
  name?: string | undefined
  grants?: readonly store.TemplateGrant[] | undefined
}

/** Adds a template, or changes who may use it; its name and fields are read from WeCom each time. Throws 1000, 1001, 1008, 1010, 1011. */
export async function putTemplate(
  ctx: SetupNeeds,
  actor: string,
  corpId: string,
  given: TemplateChange,
): Promise<store.Template> {
  const { templateId: id } = given
  if (!/^[A-Za-z0-9_-]{1,128}$/.test(id)) throw new ApiError('badParameter', told`templateId ${id}`)
  checkGrants(ctx, corpId, given.grants ?? [])
  const known = await store.findTemplate(ctx.db, corpId, id)
  const flow = known?.flow ?? given.flow ?? 'wecom'
  if (given.flow !== undefined && given.flow !== flow)
    throw new ApiError('badParameter', {
      zh: told`flow：模板 ${id} 的流程不能修改，请移除后重新添加`,
      en: told`flow: that of the template ${id} cannot be changed; remove it and add it again`,
    })
  if (!known && (await store.templatesOf(ctx.db, corpId)).length >= templatesAtMost)
    throw new ApiError('badParameter', {
      zh: told`每个企业最多 ${own(templatesAtMost)} 个审批模板`,
      en: told`a corp has at most ${own(templatesAtMost)} approval templates`,
    })
  const read =
    flow === 'wecom'
      ? await readFromWecom(ctx, corpId, id)
      : { name: readName(given.name ?? known?.name ?? ''), fields: [] }
  return perform(ctx, { act: 'approval.template', actor, corpId }, async tx => {
    const was = await store.lockTemplate(tx, corpId, id)
    await store.putTemplate(tx, { corpId, id, flow, ...read, readAt: new Date(ctx.now()) })
    if (given.grants) await store.putGrants(tx, corpId, id, given.grants)
    const now = (await store.findTemplate(tx, corpId, id))!
    const changes = changesOf(was ? shownOf(was) : {}, shownOf(now))
    const keys = [...(was?.grants ?? []), ...now.grants].map(one => `${id}/${one.devId}`)
    const grants = await boundGrants(tx, approvalGrants, corpId, keys)
    return { target: id, targetName: now.name, detail: { changes, grants }, answer: now }
  })
}

const shownOf = ({ name, grants }: store.Template) => ({
  name,
  applyDevIds: grants.filter(one => one.applies).map(one => one.devId),
  readDevIds: grants.filter(one => one.reads).map(one => one.devId),
})

/** Throws 1000. */
function checkGrants(ctx: SetupNeeds, corpId: string, grants: readonly store.TemplateGrant[]): void {
  const devIds = grants.map(one => one.devId)
  if (devIds.length > developersAtMost || new Set(devIds).size < devIds.length)
    throw new ApiError('badParameter', told`grants`)
  for (const devId of devIds)
    if (ctx.developers.get(devId)?.corpId !== corpId)
      throw new ApiError('badParameter', {
        zh: told`没有开发者 ${devId}`,
        en: told`there is no developer ${devId}`,
      })
}

async function readFromWecom(ctx: SetupNeeds, corpId: string, id: string) {
  const { agent } = await agentOfCorp(ctx, corpId)
  return answered(() => agent.messenger.approvals.template(id))
}

/** Reads name and fields again, where they are others. Throws what WeCom answers. */
export async function refreshTemplate(
  ctx: Core & { corps: Corps },
  template: store.Template,
): Promise<store.Template> {
  if (template.flow === 'own') return template
  const { corpId, id } = template
  const { agent } = await agentOfCorp(ctx, corpId)
  const read = await answered(() => agent.messenger.approvals.template(id))
  const now = { ...template, ...read, readAt: new Date(ctx.now()) }
  await store.refreshTemplate(ctx.db, now)
  return now
}

/** What was stored of its approvals stays until its age; their open to-dos are withdrawn. Throws 1000. */
export async function removeTemplate(
  ctx: SetupNeeds,
  actor: string,
  corpId: string,
  id: string,
): Promise<void> {
  const known = await store.findTemplate(ctx.db, corpId, id)
  if (!known) throw noTemplate(id)
  await perform(ctx, { act: 'approval.template.remove', actor, corpId }, async tx => {
    await store.deleteTemplate(tx, corpId, id)
    for (const one of await pendingOf(tx, corpId, id))
      if (one.no !== null) await enqueueRead(tx, corpId, one.flow, one.no, new Date(ctx.now()))
    return { target: id, targetName: known.name, detail: { name: known.name }, answer: undefined }
  })
}

export function noTemplate(id: string): ApiError {
  return new ApiError('badParameter', {
    zh: told`没有审批模板 ${id}`,
    en: told`there is no approval template ${id}`,
  })
}
