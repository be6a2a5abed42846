import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import {
  choice,
  integer,
  list,
  requiredInteger,
  requiredText,
  text,
} from '../../../platform/command/parts.ts'
import { table, when } from '../../../platform/command/text.ts'
import { approvalStatuses } from '../../../upstream/wecom/approvals/detail.ts'
import { viewOfApproval } from '../approval-view.ts'
import { statusWords } from '../approval-words.ts'
import { listApprovals } from '../store.ts'
import { grantsOf } from './settings-section.ts'
import { putTemplate, removeTemplate, type SetupNeeds, setApprovals } from './setup.ts'
import { findTemplate, templatesOf } from './setup-store.ts'
import { viewOfTemplate } from './setup-view.ts'

const id = requiredText('<templateId>', '模板 id')
const listedAtMost = 200

const listCommand = command({
  path: 'approval list',
  point: 'todo:read',
  summary: '列出审批；--stuck 列出等待已久的',
  parts: {
    status: choice('--status <status>', '状态', approvalStatuses),
    stuck: integer('--stuck <days>', '只列出同一环节等待超过这些天的，最久的在前', { min: 0, max: 3650 }),
    corp: corpPart,
  },
  async run(ctx: SetupNeeds, { corp, status, stuck }) {
    const stuckSince = stuck === undefined ? undefined : new Date(ctx.now() - stuck * 86_400_000)
    const filter = { corpId: corpOf(ctx, corp), status, stuckSince }
    const { list } = await listApprovals(ctx.db, filter, { limit: listedAtMost, offset: 0 })
    const data = list.map(one => viewOfApproval(one, userId => userId))
    const rows = data.map(one => [
      one.spNo || one.thirdNo,
      one.name,
      one.userId,
      statusWords[one.status].zh,
      one.waitsFor.join('、'),
      when(new Date(one.since)),
    ])
    return { data, text: table(['单号', '模板', '申请人', '状态', '待处理人', '从何时起'], rows, '没有审批') }
  },
})

const set = command({
  path: 'approval set',
  point: 'todo:settings',
  summary: '设置审批使用的企业微信应用，和待办归属的应用',
  parts: {
    agentId: requiredInteger('--agent <agentId>', '企业微信应用的 AgentId', { min: 1, max: 2_147_483_647 }),
    appId: text('--app <appId>', '待办归属的应用；不填不产生待办'),
    corp: corpPart,
  },
  async run(ctx: SetupNeeds, { corp, agentId, appId = null }) {
    await setApprovals(ctx, actor, corpOf(ctx, corp), { agentId, appId })
    return { data: { agentId, appId }, text: '已保存' }
  },
})

const templates = command({
  path: 'approval template list',
  point: 'todo:read',
  summary: '列出审批模板和授权',
  parts: { corp: corpPart },
  async run(ctx: SetupNeeds, { corp }) {
    const data = (await templatesOf(ctx.db, corpOf(ctx, corp))).map(viewOfTemplate)
    const nameOf = (devId: string) => ctx.developers.get(devId)?.name ?? devId
    const rows = data.map(one => [
      one.templateId,
      one.name,
      one.flow === 'own' ? '自建流程' : '企业微信',
      one.grants.flatMap(grant => (grant.applies ? [nameOf(grant.devId)] : [])).join('、'),
      one.grants.flatMap(grant => (grant.reads ? [nameOf(grant.devId)] : [])).join('、'),
    ])
    return {
      data,
      text: table(['模板 id', '名称', '流程', '可以提交', '可以查看全部'], rows, '没有审批模板'),
    }
  },
})

const put = command({
  path: 'approval template put',
  point: 'todo:settings',
  summary: '添加审批模板，或修改授权',
  parts: {
    id,
    flow: choice('--flow <flow>', 'wecom（默认）或 own 自建流程', ['wecom', 'own']),
    name: text('--name <name>', '自建流程的名称'),
    applies: list('--apply <list>', '可以提交的开发者，逗号分隔；"" 清空'),
    reads: list('--read <list>', '可以查看全部审批的开发者，逗号分隔；"" 清空'),
    corp: corpPart,
  },
  async run(ctx: SetupNeeds, { corp, id: templateId, flow, name, applies, reads }) {
    const corpId = corpOf(ctx, corp)
    const known = (await findTemplate(ctx.db, corpId, templateId))?.grants ?? []
    const grants = grantsOf(
      applies ?? known.filter(one => one.applies).map(one => one.devId),
      reads ?? known.filter(one => one.reads).map(one => one.devId),
    )
    const made = await putTemplate(ctx, actor, corpId, { templateId, flow, name, grants })
    return { data: viewOfTemplate(made), text: `已保存：${made.name}` }
  },
})

const remove = command({
  path: 'approval template remove',
  point: 'todo:settings',
  summary: '移除审批模板；企业微信中的模板和审批不受影响',
  parts: { id, corp: corpPart },
  async run(ctx: SetupNeeds, { corp, id: templateId }) {
    await removeTemplate(ctx, actor, corpOf(ctx, corp), templateId)
    return { data: { templateId }, text: '已移除' }
  },
})

export const approvalCommands = [listCommand, set, templates, put, remove]
