import { corpOf, corpPart } from '../../../organisation/corps/commands/corp-parts.ts'
import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { comma, said } from '../../../platform/command/language.ts'
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

const id = requiredText('<templateId>', { zh: '模板 id', en: 'template id' })
const listedAtMost = 200

const listCommand = command({
  path: 'approval list',
  point: 'todo:read',
  summary: {
    zh: '列出审批；--stuck 列出等待已久的',
    en: 'List approvals; --stuck lists those that have waited for long',
  },
  parts: {
    status: choice('--status <status>', { zh: '状态', en: 'state' }, approvalStatuses),
    stuck: integer(
      '--stuck <days>',
      {
        zh: '只列出同一环节等待超过这些天的，最久的在前',
        en: 'list only those that have waited in one step for more than these days, longest first',
      },
      { min: 0, max: 3650 },
    ),
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
      said(statusWords[one.status]),
      one.waitsFor.join(said(comma)),
      when(new Date(one.since)),
    ])
    return {
      data,
      text: table(
        [
          { zh: '单号', en: 'Number' },
          { zh: '模板', en: 'Template' },
          { zh: '申请人', en: 'Applicant' },
          { zh: '状态', en: 'State' },
          { zh: '待处理人', en: 'Waits for' },
          { zh: '从何时起', en: 'Since' },
        ],
        rows,
        { zh: '没有审批', en: 'no approvals' },
      ),
    }
  },
})

const set = command({
  path: 'approval set',
  point: 'todo:settings',
  summary: {
    zh: '设置审批使用的企业微信应用，和待办归属的应用',
    en: 'Set the WeCom app that approvals use, and the app that their to-dos belong to',
  },
  parts: {
    agentId: requiredInteger(
      '--agent <agentId>',
      { zh: '企业微信应用的 AgentId', en: 'AgentId of the WeCom app' },
      { min: 1, max: 2_147_483_647 },
    ),
    appId: text('--app <appId>', {
      zh: '待办归属的应用；不填不产生待办',
      en: 'app that the to-dos belong to; without it there are no to-dos',
    }),
    corp: corpPart,
  },
  async run(ctx: SetupNeeds, { corp, agentId, appId = null }) {
    await setApprovals(ctx, actor, corpOf(ctx, corp), { agentId, appId })
    return { data: { agentId, appId }, text: said({ zh: '已保存', en: 'saved' }) }
  },
})

const templates = command({
  path: 'approval template list',
  point: 'todo:read',
  summary: { zh: '列出审批模板和授权', en: 'List approval templates and who may use them' },
  parts: { corp: corpPart },
  async run(ctx: SetupNeeds, { corp }) {
    const data = (await templatesOf(ctx.db, corpOf(ctx, corp))).map(viewOfTemplate)
    const nameOf = (devId: string) => ctx.developers.get(devId)?.name ?? devId
    const rows = data.map(one => [
      one.templateId,
      one.name,
      one.flow === 'own' ? said({ zh: '自建流程', en: 'own flow' }) : said({ zh: '企业微信', en: 'WeCom' }),
      one.grants.flatMap(grant => (grant.applies ? [nameOf(grant.devId)] : [])).join(said(comma)),
      one.grants.flatMap(grant => (grant.reads ? [nameOf(grant.devId)] : [])).join(said(comma)),
    ])
    return {
      data,
      text: table(
        [
          { zh: '模板 id', en: 'template id' },
          { zh: '名称', en: 'Name' },
          { zh: '流程', en: 'Flow' },
          { zh: '可以提交', en: 'May submit' },
          { zh: '可以查看全部', en: 'May see all' },
        ],
        rows,
        { zh: '没有审批模板', en: 'no approval templates' },
      ),
    }
  },
})

const put = command({
  path: 'approval template put',
  point: 'todo:settings',
  summary: { zh: '添加审批模板，或修改授权', en: 'Add an approval template, or change who may use it' },
  parts: {
    id,
    flow: choice(
      '--flow <flow>',
      { zh: 'wecom（默认）或 own 自建流程', en: "wecom (by default), or own for a flow of the corp's own" },
      ['wecom', 'own'],
    ),
    name: text('--name <name>', { zh: '自建流程的名称', en: 'name of the own flow' }),
    applies: list('--apply <list>', {
      zh: '可以提交的开发者，逗号分隔；"" 清空',
      en: 'developers that may submit, separated by commas; "" clears it',
    }),
    reads: list('--read <list>', {
      zh: '可以查看全部审批的开发者，逗号分隔；"" 清空',
      en: 'developers that may see all approvals, separated by commas; "" clears it',
    }),
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
    return {
      data: viewOfTemplate(made),
      text: said({ zh: `已保存：${made.name}`, en: `saved: ${made.name}` }),
    }
  },
})

const remove = command({
  path: 'approval template remove',
  point: 'todo:settings',
  summary: {
    zh: '移除审批模板；企业微信中的模板和审批不受影响',
    en: 'Remove an approval template; the template and its approvals stay in WeCom',
  },
  parts: { id, corp: corpPart },
  async run(ctx: SetupNeeds, { corp, id: templateId }) {
    await removeTemplate(ctx, actor, corpOf(ctx, corp), templateId)
    return { data: { templateId }, text: said({ zh: '已移除', en: 'removed' }) }
  },
})

export const approvalCommands = [listCommand, set, templates, put, remove]
