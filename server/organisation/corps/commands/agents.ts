import { actor } from '../../../platform/command/actor.ts'
import { command } from '../../../platform/command/command.ts'
import { comma, commandLanguage, said } from '../../../platform/command/language.ts'
import { list, requiredInteger, requiredSecret, text } from '../../../platform/command/parts.ts'
import { table } from '../../../platform/command/text.ts'
import type { Core } from '../../../platform/core.ts'
import type { WecomOptions } from '../clients/clients.ts'
import { agentUses, type Corps, checkAgent, putAgent, removeAgent } from '../corps.ts'
import { tryAgentSecret } from '../doctor/doctor.ts'
import { agentIds, corpOf, corpPart } from './corp-parts.ts'
import { checkLines, checkPart, refusedSecret } from './secret-check.ts'

type Needs = Core & { corps: Corps; wecomOptions: WecomOptions }

const agentId = requiredInteger(
  '<agentId>',
  { zh: '企业微信自建应用的 AgentId', en: 'AgentId of the WeCom app' },
  agentIds,
)

const add = command({
  path: 'agent add',
  point: 'agent:edit',
  summary: { zh: '登记企业微信自建应用；已登记的则更新', en: 'Register a WeCom app, or update it' },
  details: {
    zh: '企业微信拒绝密钥时不保存，退出码为 1；--no-check 不验证。',
    en: 'If WeCom refuses the secret, nothing is saved and the exit code is 1; --no-check does not ask.',
  },
  parts: {
    agentId,
    corp: corpPart,
    secret: requiredSecret('--secret <secret>', { zh: '应用的 Secret', en: 'secret of the WeCom app' }),
    name: text('--name <text>', { zh: '名称', en: 'name' }),
    check: checkPart,
    uses: list('--uses <list>', {
      zh: `用途，逗号分隔: ${agentUses.join('、')}；默认全部`,
      en: `uses, separated by commas: ${agentUses.join(', ')}; all by default`,
    }),
  },
  async run(ctx: Needs, { agentId, corp, secret, name, uses, check }) {
    const corpId = corpOf(ctx, corp)
    const agent = { agentId, name: name ?? String(agentId), uses: uses ?? [...agentUses] }
    checkAgent({ ...agent, secret })
    const tried = check
      ? await tryAgentSecret(ctx, corpId, agent, secret, commandLanguage())
      : { refused: false, checks: [] }
    if (tried.refused) return refusedSecret(tried.checks)
    await putAgent(ctx, actor, corpId, { ...agent, secret })
    const saved = said({
      zh: `已登记应用 ${agentId}（${agent.uses.join('、') || '无用途'}）`,
      en: `registered the WeCom app ${agentId} (${agent.uses.join(', ') || 'no uses'})`,
    })
    return { data: { corpId, ...agent }, text: [checkLines(tried.checks), saved].filter(Boolean).join('\n') }
  },
})

const listAll = command({
  path: 'agent list',
  point: 'agent:read',
  summary: { zh: '列出企业微信自建应用', en: 'List WeCom apps' },
  parts: { corp: corpPart },
  async run(ctx: Needs, { corp }) {
    const { agents } = ctx.corps.get(corpOf(ctx, corp))
    const data = agents.map(({ agentId, name, uses }) => ({ agentId, name, uses }))
    const rows = data.map(agent => [agent.agentId, agent.name, agent.uses.join(said(comma))])
    return { data, text: table(['AgentId', { zh: '名称', en: 'Name' }, { zh: '用途', en: 'Uses' }], rows) }
  },
})

const remove = command({
  path: 'agent remove',
  point: 'agent:edit',
  summary: { zh: '移除企业微信自建应用', en: 'Remove a WeCom app' },
  parts: { agentId, corp: corpPart },
  async run(ctx: Needs, { agentId, corp }) {
    await removeAgent(ctx, actor, corpOf(ctx, corp), agentId)
    return {
      data: { agentId },
      text: said({ zh: `已移除应用 ${agentId}`, en: `removed the WeCom app ${agentId}` }),
    }
  },
})

export const agentCommands = [add, listAll, remove]
